"""When an application may be handed in, and when it may be granted or rejected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from matcher.errors import RuleBroken
from matcher.programme.application import ApplicationHistory, NewApplicationStep
from matcher.programme.decisions import MAY_STILL_CHANGE, check_decision, check_submission
from matcher.programme.eligibility import RULE_NAMES, Finding, RuleName
from tests.unit.matcher.programme.small_programme import history, scored, small_programme

GRANT = NewApplicationStep(kind="granted", amount=400_000)
REJECT = NewApplicationStep(kind="rejected", reason="no plan")
IN_TIME = datetime(2013, 6, 10, tzinfo=UTC)
SCORED = (scored(1, "one", 5, 8), scored(2, "two", 5, 8))


def finding(rule: RuleName, *, passed: bool = False) -> Finding:
    return Finding(rule=rule, passed=passed, why=f"About {rule}.")


def broken(so_far: ApplicationHistory, new: NewApplicationStep = GRANT, now: datetime = IN_TIME, **more: Any) -> str:
    """The rule that a decision breaks."""
    programme, findings = small_programme(**more.pop("rules", {})), more.pop("findings", ())
    with pytest.raises(RuleBroken) as error:
        check_decision(programme, so_far, new, now, findings)
    return error.value.rule


def test_what_can_still_change_is_a_part_of_the_rules() -> None:
    assert set(MAY_STILL_CHANGE) < set(RULE_NAMES) == set(get_args(RuleName))


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_an_application_that_fails_is_handed_in_only_where_that_can_still_change(rule: RuleName) -> None:
    findings = [finding("call open", passed=True), finding(rule)]
    if rule in MAY_STILL_CHANGE:
        check_submission("application", findings)
        return
    with pytest.raises(RuleBroken) as error:
        check_submission("application", findings)
    assert (error.value.rule, error.value.found) == (rule, f"About {rule}")


def test_all_that_fails_is_told() -> None:
    with pytest.raises(RuleBroken, match="It fails small or medium-sized company too"):
        check_submission("application", [finding("amount"), finding("small or medium-sized company")])


def test_a_scored_application_that_passes_every_rule_is_granted() -> None:
    check_decision(small_programme(), history(*SCORED), GRANT, IN_TIME, [finding("call open", passed=True)])


def test_a_rule_that_fails_now_stops_the_grant_and_not_the_rejection() -> None:
    assert broken(history(*SCORED), findings=[finding("budget left")]) == "budget left"
    check_decision(small_programme(), history(), REJECT, IN_TIME, [finding("budget left")])


# The call closes on 31 May 2013 in Brussels, and sixty days later are the 30th of July.
@pytest.mark.parametrize("new", [GRANT, REJECT])
def test_a_decision_is_in_time_to_the_end_of_its_last_day_by_the_programmes_clock(new: NewApplicationStep) -> None:
    last = datetime(2013, 7, 30, 21, 59, tzinfo=UTC)
    check_decision(small_programme(), history(*SCORED), new, last, ())
    assert broken(history(*SCORED), new, datetime(2013, 7, 30, 22, 0, tzinfo=UTC)) == "decision in time"


def test_of_a_call_that_the_rules_no_longer_have_no_time_runs_out() -> None:
    check_decision(small_programme(), history(*SCORED, call_id="winter"), REJECT, datetime(2020, 1, 1, tzinfo=UTC), ())


def test_it_is_granted_only_when_all_assessors_scored() -> None:
    assert broken(history(SCORED[0])) == "scored by all assessors"
    twice = history(scored(1, "one", 5, 8), scored(2, "One", 5, 8))
    assert broken(twice) == "scored by all assessors"


def test_the_pass_mark_is_reached_exactly_or_not() -> None:
    check_decision(small_programme(), history(scored(1, "a", 4, 0), scored(2, "b", 4, 0)), GRANT, IN_TIME, ())
    assert broken(history(scored(1, "a", 4, 0), scored(2, "b", 3, 5))) == "pass mark"


def test_without_assessors_nothing_has_to_be_scored() -> None:
    programme = small_programme(scoring={"assessors": 0, "pass_mark": 60})
    check_decision(programme, history(), GRANT, IN_TIME, ())


def test_no_more_is_granted_than_was_asked_for() -> None:
    asked = history(*SCORED, requested=399_999)
    assert broken(asked) == "amount"
    check_decision(small_programme(), asked, GRANT.model_copy(update={"amount": 1}), IN_TIME, ())
