"""An evaluation of the tiny benchmark, by the code that makes real ones."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matcher.evaluation.benchmark import read_benchmark
from matcher.relevance import RelevanceModel
from matcher.shipped import shipped_model_file
from service.evaluation import evaluate
from tests.fakes import FakeEncoder
from tests.unit.matcher.evaluation.tiny_benchmark import write_benchmark


@contextmanager
def _quiet(_: str) -> Any:
    yield lambda done, total: None


def tiny_evaluation(folder: Path) -> dict[str, Any]:
    """Both cuts, without sample needs.

    Args:
        folder: for the benchmark's files.
    """
    benchmark = read_benchmark(write_benchmark(folder, providers=40))
    model = RelevanceModel.load(shipped_model_file())
    cuts = ["all countries", "five countries"]
    return evaluate(benchmark, FakeEncoder(), model, cuts=cuts, samples=False, stage=_quiet)


def better(content: dict[str, Any]) -> dict[str, Any]:
    """One that is better by more in some needs than in others, made by another model."""
    found = copy.deepcopy(content)
    found["engine"]["model"] = "cafe0123cafe0123"
    for cut in found["cuts"]:
        for number, need in enumerate(sorted(cut["by_need"]["learned relevance"])):
            cut["by_need"]["learned relevance"][need] += 0.1 + number / 1_000
    return found
