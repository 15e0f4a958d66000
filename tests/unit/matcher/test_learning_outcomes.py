"""What became of the matches, as examples: which steps teach, what is read back, and what they may change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.learning import LEAST_MATCHES, Examples, TooLittle, fit_relevance
from matcher.learning_outcomes import (
    LEAST_NOT_MATCHED,
    OUTCOMES_COUNT,
    LoggedExamples,
    examples_of_log,
    outcomes_enough,
    with_outcomes,
)
from matcher.lifecycle import REASONS
from matcher.relevance import SIGNALS
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.fakes import request
from tests.unit.matcher.simulated import TRUE, Simulated, log_odds_of, simulated, with_signals
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, entry

ONE, TWO = (0.5, 1.0, 0.0, 1.0, 0.0, 0.0), (1 / 3, 0.1 + 0.2, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def filled(log: SqlMatchLog) -> SqlMatchLog:
    """Matches 1 and 2 in a directory of 5, 3 and 4 in one of 300."""
    log.record(with_signals(entry("l-1", ("aqua", "NL"), ("bruno", "DE")), ONE, TWO), COMPONENTS)
    log.record(with_signals(entry("l-2", ("carla", "BE"), ("dion", "FR")), TWO, ONE, directory=300), COMPONENTS)
    return log


def put(log: SqlMatchLog, match_id: int, *kinds: str, reason: str = "wrong field") -> int:
    """Record good steps one after the other; the id of the last."""
    step_id = 0
    for kind in kinds:
        more = {"reason": reason} if kind == "declined" else {}
        step_id = log.record_step(new_step(kind, match_id=match_id, **more), "a test").step_id
    return step_id


def correct(log: SqlMatchLog, match_id: int, step_id: int, kind: str, **more: str) -> int:
    return log.record_step(new_step(kind, match_id=match_id, corrects=step_id, **more), "a test").step_id


def test_a_match_teaches_with_the_signals_and_the_directory_of_its_day(filled: SqlMatchLog) -> None:
    put(filled, 4, "introduced", "declined")
    put(filled, 2, "introduced", "accepted")
    put(filled, 3, "introduced", "accepted", "met")
    found = examples_of_log(filled)
    assert found.examples.signals.tolist() == [list(TWO), list(TWO), list(ONE)]
    assert found.examples.matched.tolist() == [True, True, False]
    assert found.examples.offset.tolist() == [-np.log(5.0), -np.log(300.0), -np.log(300.0)]
    assert found.examples.weight.tolist() == [1.0] * 3
    assert found.counts == {"accepted": 1, "declined: wrong field": 1, "met": 1}
    assert found.without_signals == 0


@pytest.mark.parametrize("reason", sorted(set(REASONS) - {"wrong field"}))
def test_a_reason_that_says_nothing_about_relevance_teaches_nothing(filled: SqlMatchLog, reason: str) -> None:
    put(filled, 1, "introduced", "declined", reason=reason)
    found = examples_of_log(filled)
    assert len(found.examples) == 0
    assert found.counts == {f"declined: {reason}": 1}


@pytest.mark.parametrize(
    ("kinds", "words", "taught"),
    [
        (("introduced",), "introduced", []),
        (("introduced", "accepted"), "accepted", [True]),
        (("introduced", "accepted", "met"), "met", [True]),
        (("introduced", "accepted", "incentive granted"), "incentive granted", [True]),
        (("introduced", "accepted", "met", "outcome"), "outcome", [True]),
        (("introduced", "declined"), "declined: wrong field", [False]),
        (("introduced", "accepted", "met", "declined"), "declined: wrong field", [False]),
        (("introduced", "declined", "introduced"), "introduced", []),
        (("introduced", "declined", "introduced", "accepted"), "accepted", [True]),
    ],
)
def test_the_last_step_is_how_things_stand(filled: SqlMatchLog, kinds: tuple[str, ...], words: str, taught: list[bool]) -> None:
    put(filled, 1, *kinds)
    found = examples_of_log(filled)
    assert found.examples.matched.tolist() == taught
    assert found.counts == {words: 1}
    assert found.without_signals == 0


def test_how_a_meeting_went_and_what_came_of_it_teaches_nothing_more(filled: SqlMatchLog) -> None:
    met = put(filled, 1, "introduced", "accepted", "met")
    correct(filled, 1, met, "met", rating="insufficient interest")
    outcome = put(filled, 2, "introduced", "accepted", "incentive granted", "outcome")
    correct(filled, 2, outcome, "outcome", result="no contact")
    found = examples_of_log(filled)
    assert found.examples.matched.tolist() == [True, True]
    assert found.counts == {"met": 1, "outcome": 1}


def test_only_what_is_in_force_teaches(filled: SqlMatchLog) -> None:
    declined = put(filled, 1, "introduced", "declined")
    accepted = correct(filled, 1, declined, "accepted")
    assert examples_of_log(filled).examples.matched.tolist() == [True]
    correct(filled, 1, accepted, "declined", reason="terms")
    assert examples_of_log(filled).counts == {"declined: terms": 1}
    met = put(filled, 2, "introduced", "accepted", "met")
    correct(filled, 2, met, "withdrawn")
    assert examples_of_log(filled).counts == {"accepted": 1, "declined: terms": 1}


def test_a_match_whose_introduction_was_withdrawn_teaches_nothing(filled: SqlMatchLog) -> None:
    correct(filled, 1, put(filled, 1, "introduced"), "withdrawn")
    found = examples_of_log(filled)
    assert (len(found.examples), found.counts, found.without_signals) == (0, {"withdrawn": 1}, 0)


def test_a_list_from_before_signals_were_kept_teaches_nothing_and_is_counted(log: SqlMatchLog) -> None:
    log.record(entry("old", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)
    log.record(with_signals(entry("other", ("carla", "BE")), (0.5, 1.0)), COMPONENTS)
    for match_id in (1, 3):
        put(log, match_id, "introduced", "accepted")
    found = examples_of_log(log)
    assert len(found.examples) == 0
    assert found.examples.signals.shape == (0, len(SIGNALS))
    assert found.without_signals == 2


def test_an_empty_log_teaches_nothing(log: SqlMatchLog) -> None:
    found = examples_of_log(log)
    assert (len(found.examples), found.counts, found.without_signals) == (0, {}, 0)


def test_the_signals_of_a_real_list_are_those_its_parts_were_made_of(small_desk: Desk, log: SqlMatchLog) -> None:
    given = small_desk.answer(request(), asked_by="a test").answer
    put(log, 2, "introduced", "accepted")
    found = examples_of_log(log)
    [signals] = found.examples.signals.tolist()
    assert tuple(signals) == given.matches[1].signals
    model, counts = small_desk.matcher._model, small_desk.matcher._ranking.config.experience_counts
    weights = np.array([model.weights[name] * (counts if name == "experience" else 1.0) for name in SIGNALS])
    parts = {part.name: part.value for part in given.matches[1].parts}
    learned = sum(value for name, value in parts.items() if name not in ("border", "baseline", "closeness"))
    assert np.array(signals) @ weights == pytest.approx(learned, abs=1e-5)
    assert found.examples.offset[0] == pytest.approx(parts.get("closeness", 0.0) - np.log(given.considered.directory))


def logged(matched: int, others: int, without_signals: int = 0) -> LoggedExamples:
    count = matched + others
    examples = Examples(np.zeros((count, len(SIGNALS))), np.arange(count) < matched, np.zeros(count), np.ones(count))
    return LoggedExamples(examples, {}, without_signals)


class TestEnough:
    def test_as_many_of_both_as_are_needed_are_enough(self) -> None:
        outcomes_enough(logged(LEAST_MATCHES, LEAST_NOT_MATCHED))

    @pytest.mark.parametrize(
        ("there", "words"),
        [
            ((0, 0), "Got 0 and 0. Record 100 more accepted and 100 more declined as wrong field: "),
            ((60, 250), "Got 60 and 250. Record 40 more accepted: "),
            ((100, 99), "Got 100 and 99. Record 1 more declined as wrong field: "),
            ((3, 200, 7), "Got 3 and 200 (and 7 without the model's signals). Record 97 more accepted: "),
        ],
    )
    def test_too_few_are_refused_with_their_number_and_what_is_missing(self, there: tuple[int, ...], words: str) -> None:
        with pytest.raises(TooLittle) as caught:
            outcomes_enough(logged(*there))
        message = str(caught.value)
        assert message.startswith("The match log to learn from must hold 100 matches that were accepted and 100 ")
        assert words in message
        assert "crossmatch log step" in message


BENCHMARK = simulated(300, 200).all_pairs
FITTED = fit_relevance(BENCHMARK)


def shortlisted(world: Simulated, length: int = 5) -> Examples:
    """Only the pairs that a list of the fitted model would hold."""
    order = np.argsort(-log_odds_of(FITTED, world.signals, world.providers), axis=1)[:, :length]
    return Simulated(
        np.take_along_axis(world.signals, order[..., None], axis=1),
        np.take_along_axis(world.matched, order, axis=1),
        world.providers,
    ).all_pairs


class TestTogether:
    def test_the_halves_stand_one_after_the_other_with_the_outcomes_counting_more(self) -> None:
        outcomes = shortlisted(simulated(60, 100, seed=1, lift=2.0))
        both = with_outcomes(BENCHMARK, outcomes, FITTED, outcomes_count=3.0)
        assert len(both) == len(BENCHMARK) + len(outcomes)
        assert both.weight[len(BENCHMARK) :].tolist() == [3.0] * len(outcomes)
        assert both.offset[: len(BENCHMARK)].tolist() == BENCHMARK.offset.tolist()
        default = with_outcomes(BENCHMARK, outcomes, FITTED)
        assert set(default.weight[len(BENCHMARK) :]) == {OUTCOMES_COUNT}

    @pytest.mark.parametrize("lift", [-2.0, 0.0, 4.0])
    def test_the_model_expects_as_many_matches_among_the_outcomes_as_there_are(self, lift: float) -> None:
        outcomes = shortlisted(simulated(100, 100, seed=2, lift=lift))
        moved = with_outcomes(BENCHMARK, outcomes, FITTED).offset[len(BENCHMARK) :]
        assert np.ptp(moved - outcomes.offset) == pytest.approx(0.0, abs=1e-9)
        weights = np.array([FITTED.weights[name] for name in SIGNALS])
        log_odds = outcomes.signals @ weights + FITTED.baseline + moved
        assert (1 / (1 + np.exp(-log_odds))).sum() == pytest.approx(outcomes.matched.sum(), abs=1e-4)

    @pytest.mark.parametrize("lift", [0.0, 2.0])
    def test_outcomes_that_agree_with_the_model_leave_it_as_it_is(self, lift: float) -> None:
        """However many of the introduced matched: that they were introduced at all says nothing about the others."""
        outcomes = shortlisted(simulated(400, 100, seed=3, lift=lift))
        updated = fit_relevance(with_outcomes(BENCHMARK, outcomes, FITTED))
        assert updated.baseline == pytest.approx(FITTED.baseline, abs=0.25)
        assert updated.weights["text"] == pytest.approx(TRUE.weights["text"], abs=0.25)
        assert updated.weights["experience"] == pytest.approx(TRUE.weights["experience"], abs=0.15)

    def test_outcomes_that_disagree_change_what_they_disagree_about(self) -> None:
        world = simulated(400, 100, seed=4, model=replace(TRUE, weights=TRUE.weights | {"experience": 0.0}), lift=2.0)
        updated = fit_relevance(with_outcomes(BENCHMARK, shortlisted(world), FITTED))
        assert updated.weights["experience"] < FITTED.weights["experience"] - 0.1
        hardly = fit_relevance(with_outcomes(BENCHMARK, shortlisted(world), FITTED, outcomes_count=0.01))
        assert hardly.weights["experience"] == pytest.approx(FITTED.weights["experience"], abs=0.02)
