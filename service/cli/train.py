"""`crossmatch train`: fit the relevance model on a benchmark, and on what became of the matches in the log."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from embeddings.errors import Refusal
from service.cli.console import out, progress
from service.settings import Settings

if TYPE_CHECKING:
    from matcher.evaluation.benchmark import Benchmark
    from matcher.evaluation.panel import Panel
    from matcher.learning_outcomes import LoggedExamples
    from matcher.relevance import Closeness, RelevanceModel

_SPLIT = dt.datetime(2024, 7, 1)
"""The evaluation's day (`matcher.evaluation.consortium.SPLIT`), without the seconds that importing it takes."""


def train(
    benchmark: Annotated[Path | None, typer.Option(help="Folder of crossmatch import; the shipped one if left out.")] = None,
    before: Annotated[
        dt.datetime,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DAY",
            show_default=f"{_SPLIT:%Y-%m-%d}",
            help="Only needs put before that day; those from it on are for testing.",
        ),
    ] = _SPLIT,
    target: Annotated[Path | None, typer.Option("--out", help="File to write; relevance.json in the home if left out.")] = None,
    from_log: Annotated[bool, typer.Option("--from-log", help="Learn too from what became of the matches on record.")] = False,
) -> None:
    """Fit the relevance model: what each signal is worth, and no weight negative. The same data give the same file."""
    from matcher.evaluation.benchmark import read_benchmark
    from matcher.evaluation.consortium import training_examples
    from matcher.learning import fit_relevance
    from matcher.learning_outcomes import OUTCOMES_COUNT, with_outcomes
    from matcher.shipped import shipped_benchmark_folder

    settings, day = Settings(), before.date()
    file = target or settings.own_model
    _check_target(file, made_later=target is None)
    logged = _logged(settings) if from_log else None
    data = read_benchmark(benchmark or shipped_benchmark_folder(), None if benchmark else "consortium completion")
    panel, encoder = _observed(data, day, settings)
    needs = _taught(panel, day)
    examples = training_examples(panel)
    fitted_on: dict[str, Any] = {
        "data": data.name,
        "fingerprint": fingerprint_of(data),
        "before": day.isoformat(),
        "needs": needs,
        "pairs": len(examples),
        "known_matches": int(examples.matched.sum()),
        "encoder": encoder,
    }
    closeness, fitted_on["closeness"] = _closeness(settings)
    model = fit_relevance(examples, fitted_on=fitted_on)
    if logged is not None:
        fitted_on["log"] = {"outcomes": logged.counts, **_used(logged), "outcomes_count": OUTCOMES_COUNT}
        together = with_outcomes(examples, logged.examples, model)
        model = fit_relevance(together, fitted_on=fitted_on)
    model = replace(model, closeness=closeness)
    model.save(file)
    _print(model, file)


def fingerprint_of(benchmark: Benchmark) -> str:
    """SHA-256 over the directory's fingerprint, the needs and the known matches, shortened."""
    needs = [need.model_dump(mode="json", exclude_defaults=True) for need in benchmark.needs]
    content = [benchmark.directory.fingerprint, needs, benchmark.known]
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _check_target(file: Path, *, made_later: bool) -> None:
    """Before minutes are spent on what could not be written."""
    if file.is_dir():
        raise Refusal(f"option --out {file}", "be a file", "a folder", "Name a file in it.")
    if not made_later and not file.parent.is_dir():
        raise Refusal(f"option --out {file}", "be in a folder that exists", f"no folder {file.parent}", "Make it first.")


def _logged(settings: Settings) -> LoggedExamples:
    from matcher.learning_outcomes import examples_of_log, outcomes_enough
    from service.record.sql_log import SqlMatchLog

    log = SqlMatchLog(settings.match_log_url)
    try:
        logged = examples_of_log(log)
    finally:
        log.close()
    outcomes_enough(logged)
    return logged


def _closeness(settings: Settings) -> tuple[Closeness, str]:
    """Which needs the indexed directory is for, and where that comes from.

    Fitted where there is an index; without one the shipped model's is kept.
    """
    from embeddings.cache import CachedEncoder, VectorStore
    from embeddings.encoder import open_encoder
    from embeddings.errors import IndexMissing
    from matcher.closeness import best_fits
    from matcher.learning import fit_closeness
    from matcher.ordinary import OrdinaryNeeds
    from matcher.relevance import RelevanceModel
    from matcher.shipped import off_topic_needs_file, ordinary_needs_file, shipped_model_file
    from service.store.source import index_source

    store = VectorStore(settings.benchmark_vectors)
    try:
        encoder = CachedEncoder(open_encoder(settings.encoder), queries=store, passages=store)
        index = index_source(settings).open(encoder)
        near, far = (
            best_fits(index, encoder, OrdinaryNeeds.read(file)) for file in (ordinary_needs_file(), off_topic_needs_file())
        )
    except IndexMissing:
        return RelevanceModel.load(shipped_model_file()).closeness, "kept from the shipped model: no index was built"
    finally:
        store.close()
    return fit_closeness(near, far), f"directory {index.directory.fingerprint}, {len(near)} ordinary needs, {len(far)} others"


def _used(logged: LoggedExamples) -> dict[str, int]:
    matched = int(logged.examples.matched.sum())
    return {"matched": matched, "not_matched": len(logged.examples) - matched}


def _observed(benchmark: Benchmark, day: dt.date, settings: Settings) -> tuple[Panel, str]:
    """What the engine sees of the needs before that day, and the encoder's fingerprint.

    The same as the first half of `matcher.evaluation.consortium.observe_cut`, without looking at the other, which may be
    empty here.
    """
    from embeddings.cache import CachedEncoder, VectorStore
    from embeddings.encoder import open_encoder
    from matcher.evaluation.panel import observe
    from matcher.index import ProviderIndex

    earlier = benchmark.between(dt.date.min, day)
    store = VectorStore(settings.benchmark_vectors)
    try:
        encoder = CachedEncoder(open_encoder(settings.encoder), queries=store, passages=store)
        with progress("Encoding the directory") as report:
            index = ProviderIndex.build(benchmark.directory, encoder, on_progress=report)
        with progress("Looking at past needs") as report:
            return observe(earlier, index, encoder, on_progress=report), encoder.fingerprint
    finally:
        store.close()


def _taught(panel: Panel, day: dt.date) -> int:
    """How many needs `training_examples` takes.

    Raises:
        TooLittle: none.
    """
    from matcher.evaluation.consortium import LEAST_EARLIER
    from matcher.learning import TooLittle

    answered = ((panel.grades > 0) & panel.foreign).any(axis=1)
    count = int((answered & (panel.providers_then >= LEAST_EARLIER)).sum())
    if not count:
        wanted = f"hold needs with a known match in another country, put when {LEAST_EARLIER} providers had evidence"
        found = f"none among {len(panel.needs)} needs before {day}"
        raise TooLittle("benchmark", wanted, found, "Choose a later day, or a benchmark with more evidence.")
    return count


def _print(model: RelevanceModel, file: Path) -> None:
    from matcher.relevance import SIGNALS

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Signal", no_wrap=True)
    table.add_column("What it is")
    table.add_column("Weight", justify="right", no_wrap=True)
    table.add_column("In words", no_wrap=True)
    for name, meaning in SIGNALS.items():
        weight = model.weights[name]
        table.add_row(name, meaning, f"{weight:.2f}", _in_words(weight, by_ratio=meaning.startswith("ln")))
    table.add_section()
    table.add_row("baseline", "log-odds of a provider for which nothing speaks, were it alone", f"{model.baseline:.2f}", "")
    fitted, console = model.fitted_on, out()
    console.print(table)
    lines = [
        f"Fitted on {fitted['known_matches']:,} known matches of {fitted['needs']:,} needs before {fitted['before']}, "
        f"{fitted['pairs']:,} pairs in all ({fitted['data']}).",
        f"Model {model.fingerprint} in {file}. It is used where CROSSMATCH_MODEL names the file.",
    ]
    if "log" in fitted:
        log = fitted["log"]
        lines.insert(1, f"And on the log: {log['matched']:,} accepted, {log['not_matched']:,} declined as wrong field.")
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


def _in_words(weight: float, *, by_ratio: bool) -> str:
    """What the signal does to the odds: twice as much of it, or that it is there at all."""
    if not weight:
        return "tells nothing"
    return f"twice as much: odds × {2**weight:,.1f}" if by_ratio else f"if so: odds × {math.exp(weight):,.1f}"
