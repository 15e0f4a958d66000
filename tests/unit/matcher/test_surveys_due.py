"""Whom to ask, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from matcher.log import MatchHistory
from matcher.surveys import ASKED, Sent, SurveyAnswer, SurveyKind, questions_of
from matcher.surveys_due import due, unsent
from tests.unit.matcher.histories import history

DAY = date(2026, 3, 10)
SIX = timedelta(days=182)


def sent(match_id: int, survey: SurveyKind = "after the event") -> Sent:
    return Sent(match_id=match_id, survey=survey, region="", sent_at=datetime(2026, 3, 11, tzinfo=UTC))


def met(match_id: int = 1, day: str = "2026-03-10", rating: str = "cooperation possible") -> MatchHistory:
    return history(match_id, ("introduced", day), ("accepted", day), ("met", day, {"rating": rating}))


def granted(match_id: int = 1, day: str = "2026-03-10") -> MatchHistory:
    return history(match_id, "introduced", "accepted", ("incentive granted", day))


def test_a_meeting_is_asked_about_some_days_later() -> None:
    assert due([met()], [], DAY + timedelta(days=2)) == []
    [found] = due([met()], [], DAY + timedelta(days=3))
    assert (found.survey, found.match_id, found.happened_on) == ("after the event", 1, DAY)
    assert (found.company, found.provider, found.region) == ("Lungs BV", "Bruno Institute", "nl-oost")


def test_an_incentive_is_asked_about_half_a_year_later() -> None:
    assert due([granted()], [], DAY + SIX - timedelta(days=1)) == []
    [found] = due([granted()], [], DAY + SIX)
    assert found.survey == "after six months"


def test_what_was_sent_is_due_no_more() -> None:
    later = DAY + timedelta(days=400)
    both = history(1, "introduced", "accepted", ("met", "2026-03-10"), ("incentive granted", "2026-03-12"))
    assert [one.survey for one in due([both], [], later)] == ["after the event", "after six months"]
    assert [one.survey for one in due([both], [sent(1)], later)] == ["after six months"]
    assert due([both], [sent(1), sent(1, "after six months")], later) == []
    assert len(due([both], [sent(2)], later)) == 2


def test_a_meeting_that_did_not_take_place_is_not_asked_about() -> None:
    assert due([met(rating="did not take place")], [], DAY + SIX) == []


def test_who_waits_longest_comes_first() -> None:
    found = due([met(1, "2026-03-09"), met(2, "2026-03-02"), granted(3, "2025-01-01")], [], DAY + SIX)
    assert [one.match_id for one in found] == [3, 2, 1]


def test_how_long_to_wait_can_be_said() -> None:
    waits: dict[SurveyKind, timedelta] = {"after the event": timedelta(0), "after six months": SIX}
    assert len(due([met()], [], DAY, waits)) == 1


@pytest.mark.parametrize(
    ("told", "count"),
    [
        (("introduced",), 0),
        (("introduced", "accepted"), 1),
        (("introduced", "accepted", "met"), 1),
        (("introduced", "accepted", "incentive granted"), 1),
        (("introduced", "declined"), 0),
        (("introduced", "accepted", "met", "outcome"), 0),
    ],
)
def test_all_matches_that_can_be_asked_about_are_found(told: tuple[str, ...], count: int) -> None:
    assert len(list(unsent("after the event", [history(1, *told)], [], date(2026, 1, 1)))) == count


def test_only_those_of_which_something_happened_since_then() -> None:
    histories = [met(1, "2026-03-09"), met(2, "2026-03-10"), met(3, "2026-03-11")]
    found = unsent("after the event", histories, [sent(3)], DAY)
    assert [(one.match_id, one.happened_on) for one in found] == [(2, DAY)]


def test_a_survey_asks_what_its_answer_must_tell() -> None:
    for survey, names in ASKED.items():
        chosen = {one.name: one.choices[-1] for one in questions_of(survey)}
        assert tuple(chosen) == names
        assert SurveyAnswer.model_validate({"survey": survey, **chosen}).survey == survey
        for name in names:
            with pytest.raises(ValidationError):
                SurveyAnswer.model_validate({"survey": survey, **{key: value for key, value in chosen.items() if key != name}})


def test_an_answer_becomes_the_step_of_its_survey() -> None:
    after = SurveyAnswer(survey="after the event", rating="cooperation possible", wishes_to_continue="no")
    later = SurveyAnswer(survey="after six months", result="valuable", anyway="no", wishes_to_continue="yes")
    assert (after.step(7).kind, after.step(7).rating, after.step(7).match_id) == ("met", "cooperation possible", 7)
    assert (later.step(7).kind, later.step(7).result, later.step(7).anyway) == ("outcome", "valuable", "no")
    with pytest.raises(ValidationError, match="tell no result"):
        SurveyAnswer(survey="after the event", rating="cooperation possible", result="valuable", wishes_to_continue="no")
