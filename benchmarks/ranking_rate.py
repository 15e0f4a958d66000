"""How many match lists a second the ranking layer makes over the shipped directory, many needs at once.

    python -m benchmarks.ranking_rate [--write]

Two stages are timed in one run: from the signals of every need and provider to lists of ten under the default policy
(`matcher.many`), and before it the inner products of one vector a need with every passage, which is what a list costs
at the least once vectors are there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from benchmarks.report import machine, table, write
from embeddings.encoder import open_encoder
from matcher.index import ProviderIndex
from matcher.many import top_lists
from matcher.ranking import RankingConfig
from matcher.records import BorderPolicy
from matcher.relevance import SIGNALS, RelevanceModel
from matcher.shipped import shipped_directory, shipped_model_file, shipped_needs

NEEDS, ROUNDS, K = 20_000, 7, 10


def rate(call: Callable[[], object]) -> float:
    """Needs a second, median of the rounds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return NEEDS / median(seconds)


def main() -> None:
    """Measure, print, and with `--write` keep."""
    encoder = open_encoder("bundled-e5")
    index = ProviderIndex.build(shipped_directory(), encoder)
    model = RelevanceModel.load(shipped_model_file())
    random = np.random.default_rng(0)
    # Signals of the size that real needs have; what they are does not change how long they take to rank.
    signals = random.random((NEEDS, len(index), len(SIGNALS)), dtype=np.float32)
    homes = np.array([need.country for need in shipped_needs()])[random.integers(0, 28, NEEDS)]
    foreign = index.countries[None, :] != homes[:, None]
    providers, fits, beta = np.full(NEEDS, len(index)), np.full(NEEDS, 0.1), BorderPolicy().beta
    vectors = encoder.encode_queries([need.whole_text for need in shipped_needs()])[random.integers(0, 28, NEEDS)]
    passages = index.vectors(np.arange(len(index.passages)))

    def lists() -> object:
        log_odds = model.log_odds(signals, providers, fits, experience_counts=RankingConfig.experience_counts)
        return top_lists(log_odds + beta * foreign, K)

    rows = [
        ["signals → lists of ten (weigh, border policy, order)", f"{rate(lists):,.0f}", "20,000"],
        ["one vector a need → products with every passage", f"{rate(lambda: vectors @ passages.T):,.0f}", ""],
    ]
    content = f"{machine()}, {len(index)} providers, {len(index.passages):,} passages, {NEEDS:,} needs at once\n\n"
    content += table(["stage", "needs a second", "at least"], rows)
    print(content)
    if "--write" in sys.argv[1:]:
        write("ranking-rate", content)


if __name__ == "__main__":
    main()
