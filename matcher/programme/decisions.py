"""When an application may be handed in, and when it may be decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from matcher.errors import RuleBroken
from matcher.programme.application import ApplicationHistory, NewApplicationStep
from matcher.programme.eligibility import Finding
from matcher.programme.money import in_euros
from matcher.programme.rules import Programme
from matcher.programme.scoring import score_of

MAY_STILL_CHANGE = ("match accepted", "one grant", "de minimis", "budget left")
"""Rules that an application may fail when it is handed in: they are looked at again when it is granted."""


def check_submission(place: str, findings: Iterable[Finding]) -> None:
    """Return if the application may be handed in.

    Raises:
        RuleBroken: it fails a rule that no time will change; the first such rule is named.
    """
    _refuse(place, [one for one in findings if one.rule not in MAY_STILL_CHANGE])


def check_decision(
    programme: Programme, history: ApplicationHistory, new: NewApplicationStep, now: datetime, findings: Sequence[Finding]
) -> None:
    """Return if an application may be granted or rejected now.

    Args:
        programme: the rules in force.
        history: the application and its steps so far.
        new: the decision.
        now: with its zone.
        findings: what the rules of eligibility say now.

    Raises:
        RuleBroken: names the rule.
    """
    application = history.application
    place = f"application {application.application_id}"
    call = programme.call(application.call_id)
    if call is not None:
        zone = ZoneInfo(programme.time_zone)
        today = now.astimezone(zone).date()
        last = call.closes.astimezone(zone).date() + timedelta(days=programme.deadlines.decide)
        if today > last:
            wanted = f"be decided by {last}, {programme.deadlines.decide} days after its call closed"
            remedy = "Adopt rules with a longer time to decide, or apply in another call."
            raise RuleBroken("decision in time", place, wanted, str(today), remedy)
    if new.kind != "granted":
        return
    score, scoring = score_of(programme, history), programme.scoring
    if not score.is_complete:
        wanted = f"be scored by {scoring.assessors} assessors before it is granted"
        raise RuleBroken("scored by all assessors", place, wanted, f"{score.assessors}", "Record their scores first.")
    if score.passes is False:
        wanted = f"reach the pass mark of {scoring.pass_mark} %"
        raise RuleBroken("pass mark", place, wanted, f"{score.percent:.2f} %", "Reject it, or have it scored again.")
    if new.amount is not None and new.amount > application.requested:
        wanted = f"be granted at most what it asked for, {in_euros(application.requested)}"
        raise RuleBroken("amount", place, wanted, in_euros(new.amount), "Grant that much, or less.")
    _refuse(place, findings)


def _refuse(place: str, findings: Iterable[Finding]) -> None:
    failed = [one for one in findings if not one.passed]
    if failed:
        others = ", ".join(one.rule for one in failed[1:])
        remedy = f"It fails {others} too." if others else "crossmatch programme eligible tells what each rule says."
        raise RuleBroken(failed[0].rule, place, f"pass the rule '{failed[0].rule}'", failed[0].why.rstrip("."), remedy)
