"""`crossmatch train`: the same data give the same file, the file is used where it is named, and too little data are refused."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from embeddings.cache import CachedEncoder, VectorStore
from matcher.closeness import best_fits
from matcher.evaluation.benchmark import read_benchmark
from matcher.evaluation.consortium import SPLIT, observe_cut, training_examples
from matcher.index import ProviderIndex
from matcher.learning import fit_closeness, fit_relevance
from matcher.log import LoggedList
from matcher.ordinary import OrdinaryNeeds
from matcher.relevance import SIGNALS, RelevanceModel
from matcher.shipped import off_topic_needs_file, ordinary_needs_file, shipped_model_file
from service.cli.train import _SPLIT
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import NEED, Command, Result, check_refused, run_all
from tests.e2e.five_subjects import NEEDS_BEFORE, write_benchmark
from tests.unit.matcher.simulated import simulated, with_signals
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, entry


@dataclass(frozen=True)
class Trained:
    """A home in which a model was fitted, and what the command said."""

    command: Command
    folder: Path
    result: Result

    @property
    def file(self) -> Path:
        return self.command.home / "relevance.json"

    @property
    def model(self) -> RelevanceModel:
        return RelevanceModel.load(self.file)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, real_encoder: CachedEncoder) -> Trained:
    """It is only read, and its vectors are used again."""
    folder = write_benchmark(tmp_path_factory.mktemp("data") / "tiny")
    command = Command(tmp_path_factory.mktemp("home"))
    # The command has to encode the needs; passages and the bank of ordinary needs are known from earlier runs.
    store = VectorStore(command.home / "benchmark-vectors.sqlite3")
    ProviderIndex.build(read_benchmark(folder).directory, CachedEncoder(real_encoder, queries=store, passages=store))
    store.close()
    result = command("train", "--benchmark", folder)
    assert (result.code, result.err) == (0, "")
    return Trained(command, folder, result)


def test_the_weights_are_shown_in_words(trained: Trained) -> None:
    shown, model = trained.result.out, trained.model
    for name, meaning in SIGNALS.items():
        line = next(line for line in shown.splitlines() if line.lstrip().startswith(name))
        assert meaning[:40] in line
        assert f"{model.weights[name]:.2f}" in line
    assert f"twice as much: odds × {2 ** model.weights['text']:,.1f}" in shown
    assert "tells nothing" in shown
    assert f"Fitted on 108 known matches of 12 needs before {SPLIT}, 360 pairs in all (tiny)." in shown
    assert f"Model {model.fingerprint} in {trained.file}." in shown


def test_what_speaks_about_the_need_is_learned(trained: Trained) -> None:
    model = trained.model
    assert model.weights["text"] > 0.5
    # Nobody of the tiny world knows anybody, and no need names anything.
    assert [model.weights[name] for name in ("acquainted", "named_town", "named_organisation")] == [0.0] * 3


def test_the_file_says_what_it_was_fitted_on(trained: Trained, real_encoder: CachedEncoder) -> None:
    fitted = trained.model.fitted_on
    assert len(fitted.pop("fingerprint")) == 16
    assert fitted == {
        "data": "tiny",
        "before": "2024-07-01",
        "needs": NEEDS_BEFORE,
        "pairs": NEEDS_BEFORE * 30,
        "known_matches": 108,
        "encoder": real_encoder.fingerprint,
        "closeness": "kept from the shipped model: no index was built",
    }
    assert trained.model.closeness == RelevanceModel.load(shipped_model_file()).closeness


def test_which_needs_the_indexed_directory_is_for_is_learned_from_the_banks(
    command: Command, trained: Trained, real_encoder: CachedEncoder
) -> None:
    store = VectorStore(command.home / "benchmark-vectors.sqlite3")
    encoder = CachedEncoder(real_encoder, queries=store, passages=store)
    ProviderIndex.build(read_benchmark(trained.folder).directory, encoder)
    index = ProviderIndex.open(command.home / "index", encoder)
    banks = (OrdinaryNeeds.read(file) for file in (ordinary_needs_file(), off_topic_needs_file()))
    near, far = (best_fits(index, encoder, bank) for bank in banks)
    store.close()
    result = command("train", "--benchmark", trained.folder)
    assert (result.code, result.err) == (0, "")
    model = RelevanceModel.load(command.home / "relevance.json")
    expected = fit_closeness(near, far)
    assert expected.slope > 0
    assert (model.closeness.intercept, model.closeness.slope) == pytest.approx((expected.intercept, expected.slope), rel=1e-3)
    assert model.weights == trained.model.weights
    assert index.directory.fingerprint in model.fitted_on["closeness"]


def test_it_is_the_model_that_the_evaluation_would_fit(trained: Trained, real_encoder: CachedEncoder) -> None:
    cut = observe_cut(read_benchmark(trained.folder), "all countries", real_encoder, fit=True)
    assert cut.before is not None
    expected = fit_relevance(training_examples(cut.before))
    assert trained.model.weights == pytest.approx(expected.weights, abs=1e-3)
    assert trained.model.baseline == pytest.approx(expected.baseline, abs=1e-3)
    assert _SPLIT.date() == SPLIT


def test_fitting_again_gives_the_same_bytes_and_other_data_another_file(trained: Trained, tmp_path: Path) -> None:
    changed = tmp_path / "tiny"
    shutil.copytree(trained.folder, changed)
    lines = (changed / "known_matches.qrels").read_text().splitlines(keepends=True)
    (changed / "known_matches.qrels").write_text("".join(lines[1:]))
    again, later, other = (tmp_path / f"{name}.json" for name in ("again", "later", "other"))
    results = run_all(
        {
            "again": partial(trained.command, "train", "--benchmark", trained.folder, "--out", again),
            "later": partial(trained.command, "train", "--benchmark", trained.folder, "--before", "2026-01-01", "--out", later),
            "other": partial(trained.command, "train", "--benchmark", changed, "--out", other),
        }
    )
    assert {name: (result.code, result.err) for name, result in results.items()} == dict.fromkeys(results, (0, ""))
    assert again.read_bytes() == trained.file.read_bytes()
    assert str(again) in results["again"].out
    # The two needs of 2025 are in it too.
    assert RelevanceModel.load(later).fitted_on["known_matches"] == 108 + 2 * 9
    assert RelevanceModel.load(other).fitted_on["known_matches"] == 107
    fingerprints = [RelevanceModel.load(file).fitted_on["fingerprint"] for file in (again, later, other)]
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


def test_the_model_is_used_where_the_setting_names_it(command: Command, trained: Trained) -> None:
    own = command.with_settings(model=str(trained.file))
    question = ("match", "--need", NEED, "--country", "DK", "--json")
    by_own, by_shipped, by_empty = run_all(
        {
            "own": partial(own, *question),
            "shipped": partial(command, *question),
            "empty": partial(command.with_settings(model=""), *question),
        }
    ).values()
    assert [result.code for result in (by_own, by_shipped, by_empty)] == [0, 0, 0]
    lists = [LoggedList.model_validate_json(result.out).answer for result in (by_own, by_shipped, by_empty)]
    assert lists[0].engine != lists[1].engine == lists[2].engine
    best = lists[0].matches[0]
    text = sum(part.value for part in best.parts if part.name in ("semantic", "lexical"))
    assert text == pytest.approx(trained.model.weights["text"] * best.signals[list(SIGNALS).index("text")], abs=1e-5)


def log_of_outcomes(home: Path, matched: int, others: int) -> None:
    """A log whose lists have signals, and as many outcomes of both kinds."""
    world = simulated(6, 50, alone=True)
    log = SqlMatchLog(f"sqlite:///{home / 'match-log.sqlite3'}")
    for number, signals in enumerate(world.signals.tolist()):
        given = entry(f"list-{number}", *((f"p-{place}", "DE") for place in range(50)))
        log.record(with_signals(given, *map(tuple, signals), directory=300), COMPONENTS)
    # Accepted are those of whom the texts speak most.
    by_text = np.argsort(-world.signals[..., 0].ravel(), kind="stable") + 1
    answers = [(match_id, new_step("accepted")) for match_id in by_text[:matched].tolist()]
    wrong_field = new_step("declined", reason="wrong field")
    answers += [(match_id, wrong_field) for match_id in by_text[len(by_text) - others :].tolist()]
    for match_id, answer in [*answers, (int(by_text[matched]), new_step("declined", reason="terms"))]:
        for step in (new_step("introduced"), answer):
            log.record_step(step.model_copy(update={"match_id": match_id}), "a test")
    log.close()


def test_the_outcomes_in_the_log_are_learned_from_too(trained: Trained, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(trained.command.home, home)
    log_of_outcomes(home, 120, 100)
    result = Command(home)("train", "--benchmark", trained.folder, "--from-log")
    assert (result.code, result.err) == (0, "")
    assert "And on the log: 120 accepted, 100 declined as wrong field." in result.out
    model = RelevanceModel.load(home / "relevance.json")
    assert model.fitted_on["log"] == {
        "outcomes": {"accepted": 120, "declined: terms": 1, "declined: wrong field": 100},
        "matched": 120,
        "not_matched": 100,
        "outcomes_count": 10.0,
    }
    assert model.fitted_on["known_matches"] == 108
    assert model.weights["text"] > trained.model.weights["text"] + 0.1


@pytest.fixture(scope="module")
def refused(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Each leaves no model behind."""
    folder, home = tmp_path_factory.mktemp("refused"), tmp_path_factory.mktemp("home")
    shutil.copy(trained.command.home / "benchmark-vectors.sqlite3", home)
    command = Command(home)
    few = write_benchmark(folder / "few", needs_before=5)
    small = write_benchmark(folder / "small", laboratories=20)
    (folder / "empty").mkdir()
    log_of_outcomes(home, 20, 100)
    broken, other_set = folder / "broken.json", folder / "other.json"
    written = trained.file.read_text(encoding="utf-8")
    broken.write_text(written[:200], encoding="utf-8")
    content = json.loads(written)
    del content["signals"]["named_town"]
    other_set.write_text(json.dumps(content), encoding="utf-8")
    train, match = partial(command, "train", "--benchmark"), ("match", "--need", NEED, "--country", "NL")
    results = run_all(
        {
            "few": partial(train, few),
            "small": partial(train, small),
            "empty": partial(train, folder / "empty"),
            "too early": partial(train, trained.folder, "--before", "2020-01-01"),
            "no folder": partial(train, trained.folder, "--out", folder / "nowhere" / "model.json"),
            "a folder": partial(train, trained.folder, "--out", folder),
            "log": partial(train, trained.folder, "--from-log"),
            "broken": partial(command.with_settings(model=str(broken)), *match),
            "other set": partial(command.with_settings(model=str(other_set)), *match),
            "missing": partial(command.with_settings(model=str(folder / "missing.json")), *match),
        }
    )
    assert not (home / "relevance.json").exists()
    assert not (folder / "nowhere").exists()
    return results


REFUSALS: dict[str, tuple[str, ...]] = {
    "few": ("hold at least 100 matches, and others. Got 45 matches among 150 pairs", "Collect more first."),
    "small": ("put when 25 providers had evidence. Got none among 12 needs before 2024-07-01",),
    "empty": ("providers.csv",),
    "too early": ("before 2020-01-01 of the benchmark tiny", "hold at least one need"),
    "no folder": ("option --out", "be in a folder that exists", "Make it first."),
    "a folder": ("option --out", "be a file. Got a folder"),
    "log": ("Got 20 and 100. Record 80 more accepted: crossmatch log step",),
    "broken": ("broken.json must be a readable model", "Fit it anew: crossmatch train"),
    "other set": ("other.json must have the signals text, experience", "Fit it anew: crossmatch train"),
    "missing": ("missing.json must be a readable model", "No such file", "Fit it anew: crossmatch train"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_fitted_or_used_is_refused_in_one_line(refused: dict[str, Result], name: str) -> None:
    check_refused(refused[name], *REFUSALS[name])


def test_a_day_in_words_is_a_usage_error(bare: Command) -> None:
    result = bare("train", "--before", "last summer")
    assert result.code == 2
    assert "--before" in result.err
    assert dt.date(2024, 7, 1).isoformat() in bare("train", "--help").out
