"""The relevance model as a file that is checked, and as numbers that add up."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matcher.grid import GRID
from matcher.relevance import PARTS, SIGNALS, Closeness, ModelRefused, RelevanceModel, signal_matrix
from matcher.retrieval import Candidates
from matcher.surroundings import Surroundings
from tests.unit.matcher.candidates import NOTHING

MODEL = RelevanceModel(
    baseline=-1.234567,
    weights={
        "text": 2.345678,
        "experience": 0.333333,
        "acquainted": 1.111111,
        "named_country": 0.777777,
        "named_town": 1.5,
        "named_organisation": 4.25,
    },
    ordinary_experience=1.25,
    closeness=Closeness(intercept=-9.5, slope=12.5),
    fitted_on={"data": "données", "needs": 3},
)
PROVIDERS = 311


def some_candidates(count: int = 40, seed: int = 0) -> tuple[Candidates, Surroundings]:
    random = np.random.default_rng(seed)
    semantic, lexical = (np.maximum(0.0, random.normal(0.5, 2.0, count)) for _ in range(2))
    pieces = random.poisson(3.0, count).astype(np.float64)
    flags = [(random.random(count) < 0.3).astype(np.float64) for _ in range(3)]
    rows, fit = np.arange(count, dtype=np.int64), random.uniform(0.6, 0.9, count)
    candidates = Candidates(rows, semantic, lexical, fit, pieces, float(fit.max()), NOTHING)
    return candidates, Surroundings(random.poisson(0.3, count).astype(np.float64), *flags)


def content() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(MODEL.as_json)
    return found


class TestFile:
    def test_what_was_saved_is_loaded_and_saved_again_to_the_byte(self, tmp_path: Path) -> None:
        first, second = tmp_path / "first.json", tmp_path / "second.json"
        MODEL.save(first)
        loaded = RelevanceModel.load(first)
        assert loaded == MODEL
        loaded.save(second)
        assert second.read_bytes() == first.read_bytes()
        assert sorted(file.name for file in tmp_path.iterdir()) == ["first.json", "second.json"]

    def test_the_file_can_be_read_by_people(self) -> None:
        assert content()["signals"]["experience"] == {"weight": 0.333333, "signal": SIGNALS["experience"]}
        assert "données" in MODEL.as_json

    def test_an_older_file_is_replaced(self, tmp_path: Path) -> None:
        file = tmp_path / "model.json"
        file.write_text("older")
        MODEL.save(file)
        assert RelevanceModel.load(file) == MODEL

    def test_the_fingerprint_is_of_what_decides_a_list(self) -> None:
        elsewhere = replace(MODEL, weights=dict(reversed(MODEL.weights.items())), fitted_on={"data": "elsewhere"})
        assert elsewhere.fingerprint == MODEL.fingerprint
        others = (
            replace(MODEL, weights=MODEL.weights | {"text": 2.345679}),
            replace(MODEL, baseline=0.0),
            replace(MODEL, ordinary_experience=0.0),
            replace(MODEL, closeness=Closeness(intercept=-9.5, slope=0.0)),
        )
        assert len({MODEL.fingerprint, *(other.fingerprint for other in others)}) == 5


def without(name: str) -> dict[str, Any]:
    return {signal: entry for signal, entry in content()["signals"].items() if signal != name}


def with_weight(weight: object, name: str = "text") -> dict[str, Any]:
    return content()["signals"] | {name: {"weight": weight}}


REFUSED: dict[str, tuple[dict[str, Any] | str, str]] = {
    "a signal too few": ({"signals": without("named_town")}, "have the signals text, experience"),
    "a signal too many": ({"signals": content()["signals"] | {"weather": {"weight": 1.0}}}, "named_organisation, weather"),
    "another order": ({"signals": dict(reversed(content()["signals"].items()))}, "Got named_organisation, named_town"),
    "no signals": ({"signals": {}}, "Got none"),
    "a negative weight": ({"signals": with_weight(-0.1)}, "no negative weight. Got text otherwise"),
    "a weight that is no number": ({"signals": with_weight(float("nan"))}, "finite numbers and no negative weight. Got text"),
    "an endless weight": ({"signals": with_weight(float("inf"), "named_town")}, "Got named_town otherwise"),
    "a baseline that is no number": ({"baseline": float("nan")}, "Got the baseline otherwise"),
    "an endless experience": ({"ordinary_experience": float("inf")}, "have finite numbers"),
    "a closeness that falls": ({"closeness": {"intercept": 0.0, "slope": -1.0}}, "have a closeness that rises with the fit"),
    "a closeness that is no number": ({"closeness": {"intercept": float("nan"), "slope": 1.0}}, "have a closeness that rises"),
    "no closeness": ({"closeness": None}, "be a readable model"),
    "a weight in words": ({"signals": with_weight("much")}, "be a readable model"),
    "no weight": ({"signals": content()["signals"] | {"text": {}}}, "be a readable model"),
    "another format": ({"format": 2}, "have format 1. Got 2"),
    "JSON cut short": (MODEL.as_json[: len(MODEL.as_json) // 2], "be a readable model"),
    "no JSON": ("weights: none\n", "be a readable model"),
    "a list": ("[1, 2]", "be a readable model"),
    "an empty file": ("", "be a readable model"),
}


class TestRefusedFile:
    @pytest.mark.parametrize("name", REFUSED)
    def test_it_is_named_with_what_is_wrong_and_what_to_do(self, tmp_path: Path, name: str) -> None:
        given, words = REFUSED[name]
        file = tmp_path / "model.json"
        file.write_text(given if isinstance(given, str) else json.dumps(content() | given), encoding="utf-8")
        with pytest.raises(ModelRefused) as caught:
            RelevanceModel.load(file)
        message = str(caught.value)
        assert message.startswith(f"The relevance model {file} must ")
        assert words in message
        assert message.endswith("Fit it anew: crossmatch train")

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ModelRefused, match=r"nowhere\.json must be a readable model\. Got .*No such file"):
            RelevanceModel.load(tmp_path / "nowhere.json")

    def test_bytes_that_are_no_text_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "model.json").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(ModelRefused, match="be a readable model"):
            RelevanceModel.load(tmp_path / "model.json")


class TestNumbers:
    def test_the_parts_add_up_to_the_log_odds_exactly_in_any_order(self) -> None:
        relevance = MODEL.relevance(*some_candidates(), PROVIDERS)
        assert tuple(relevance.parts) == PARTS
        backwards = np.zeros(40)
        for name in reversed(PARTS):
            backwards = backwards + relevance.parts[name]
        assert backwards.tolist() == relevance.log_odds.tolist()

    def test_every_part_lies_on_the_grid(self) -> None:
        for values in MODEL.relevance(*some_candidates(), PROVIDERS).parts.values():
            assert (values / GRID == np.round(values / GRID)).all()

    def test_what_the_text_is_worth_is_shared_as_the_signals_are(self) -> None:
        candidates, around = some_candidates()
        parts = MODEL.relevance(candidates, around, PROVIDERS).parts
        strength = candidates.semantic + candidates.lexical
        both = parts["semantic"] + parts["lexical"]
        assert both == pytest.approx(MODEL.weights["text"] * np.log1p(strength), abs=GRID)
        said = strength > 0
        assert parts["semantic"][said] == pytest.approx((both * candidates.semantic)[said] / strength[said], abs=GRID)
        assert not both[~said].any()
        assert not parts["lexical"][candidates.lexical == 0].any()

    @pytest.mark.parametrize("counts", [1.0, 0.5, 0.0])
    def test_many_needs_at_once_get_what_one_gets(self, counts: float) -> None:
        worlds = [some_candidates(seed=seed) for seed in range(3)]
        best_fit = np.array([candidates.best_fit for candidates, _ in worlds])
        providers = np.array([PROVIDERS, 5_441, 1])
        many = MODEL.log_odds(
            np.stack([signal_matrix(*world) for world in worlds]), providers, best_fit, experience_counts=counts
        )
        for number, world in enumerate(worlds):
            one = MODEL.relevance(*world, int(providers[number]), experience_counts=counts).log_odds
            assert many[number] == pytest.approx(one, abs=len(PARTS) * GRID)

    def test_the_signals_are_what_their_descriptions_say(self) -> None:
        candidates, around = some_candidates()
        signals = dict(zip(SIGNALS, signal_matrix(candidates, around).T, strict=True))
        assert signals["text"] == pytest.approx(np.log(1 + candidates.semantic + candidates.lexical))
        assert signals["experience"] == pytest.approx(np.log(1 + candidates.pieces))
        assert signals["acquainted"] == pytest.approx(np.log(1 + around.acquainted))
        for name in ("named_country", "named_town", "named_organisation"):
            assert signals[name].tolist() == getattr(around, name).tolist()

    def test_the_probability_is_that_of_the_log_odds(self) -> None:
        relevance = MODEL.relevance(*some_candidates(), PROVIDERS)
        odds = relevance.probability / (1 - relevance.probability)
        assert np.log(odds) == pytest.approx(relevance.log_odds)

    def test_a_provider_for_which_nothing_speaks_starts_at_the_baseline_of_its_directory(self) -> None:
        candidates, _ = some_candidates(1)
        silent = replace(candidates, semantic=np.zeros(1), lexical=np.zeros(1), pieces=np.zeros(1), best_fit=0.8)
        relevance = MODEL.relevance(silent, Surroundings.none(1), PROVIDERS)
        assert relevance.parts["baseline"][0] == pytest.approx(MODEL.baseline - np.log(PROVIDERS), abs=GRID)
        # At a cosine of 0.8 the chance that the need is one for this directory has odds of e^0.5.
        close = -np.log(1 + np.exp(-0.5))
        assert relevance.log_odds[0] == pytest.approx(MODEL.baseline - np.log(PROVIDERS) + close, abs=2 * GRID)
        assert not relevance.speaks[0]

    def test_a_need_of_another_world_makes_everybody_less_probable_and_changes_no_order(self) -> None:
        candidates, around = some_candidates()
        near, far = (MODEL.relevance(replace(candidates, best_fit=fit), around, PROVIDERS) for fit in (0.95, 0.4))
        assert -0.1 < near.parts["closeness"][0] < 0
        difference = near.log_odds - far.log_odds
        assert difference.min() == difference.max() > 4

    @pytest.mark.parametrize("counts", [0.0, 0.5, 2.0])
    def test_experience_counts_as_much_as_it_is_told_to(self, counts: float) -> None:
        candidates, around = some_candidates()
        usual = MODEL.relevance(candidates, around, PROVIDERS).parts
        changed = MODEL.relevance(candidates, around, PROVIDERS, experience_counts=counts).parts
        assert changed["experience"] == pytest.approx(counts * usual["experience"], abs=2 * GRID)
        assert (changed["experience"] == 0.0).all() == (counts == 0.0)
        for name in set(PARTS) - {"experience", "baseline"}:
            assert changed[name].tolist() == usual[name].tolist()

    def test_a_provider_of_ordinary_experience_stays_as_probable_when_experience_does_not_count(self) -> None:
        candidates, around = some_candidates(1)
        pieces = np.expm1(np.full(1, MODEL.ordinary_experience))
        ordinary = replace(candidates, pieces=pieces)
        usual, changed = (MODEL.relevance(ordinary, around, PROVIDERS, experience_counts=counts) for counts in (1.0, 0.0))
        assert changed.parts["experience"].tolist() == [0.0]
        assert changed.log_odds == pytest.approx(usual.log_odds, abs=2 * GRID)

    def test_what_a_provider_would_be_worth_with_other_numbers_is_rounded_alike(self) -> None:
        candidates, around = some_candidates()
        parts = MODEL.relevance(candidates, around, PROVIDERS, experience_counts=0.5).parts
        together = parts["semantic"] + parts["lexical"] + parts["experience"] + parts["acquainted"]
        for place, strength in enumerate(candidates.semantic + candidates.lexical):
            told = MODEL.log_odds_without(strength, candidates.pieces[place], around.acquainted[place], 0.5)
            assert told == together[place]
