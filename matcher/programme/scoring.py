"""What assessors' points come to, and the ranked list of a call that a regional partner decides from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from embeddings.errors import shown
from matcher.errors import NotFound, RequestRefused
from matcher.programme.application import ApplicationHistory, ApplicationState
from matcher.programme.rules import Programme
from matcher.records import Record

_STILL_IN = ("submitted", "granted", "signed", "reported", "paid")
_DECIDED = ("granted", "signed", "reported", "paid")


class AssessorScore(Record):
    """What one assessor gave."""

    assessor: str
    percent: float
    """Of all points, weighted."""


class Score(Record):
    """What all assessors of an application gave."""

    assessors: int = 0
    """How many count."""
    percent: float = 0.0
    """Of all points, weighted: the mean of what they gave; 0 where nobody scored."""
    spread: float = 0.0
    """Between the highest and the lowest, in percent."""
    by_assessor: tuple[AssessorScore, ...] = ()
    """In order of when each scored last."""
    outdated: tuple[str, ...] = ()
    """Assessors who scored by other criteria than those of these rules; they do not count."""
    is_complete: bool = False
    """As many assessors scored as the rules ask for."""
    passes: bool | None = None
    """It reaches the pass mark; `None` until it is complete."""


class Ranked(Record):
    """An application on the ranked list of its call."""

    rank: int | None
    """`None` where it is out, or not scored in full yet."""
    application_id: int
    company: str
    region_id: str
    incentive_id: str
    state: ApplicationState
    score: Score
    pass_mark: int
    asks: int
    """Cents it takes of the region's budget: granted or paid, or, where nothing is decided, requested."""
    needed: int
    """Cents that the region needs to serve it and all before it, with what it granted already."""
    budget: int
    """Cents of the region in the call."""
    suffices: bool | None
    """The budget suffices down to here; `None` where it takes nothing: it is out, below the pass mark, or not scored."""


def check_scores(programme: Programme, scores: Mapping[str, int]) -> None:
    """Return if every criterion has points, none has too many, and there is no other.

    Raises:
        RequestRefused: with the criteria, or the most that can be given.
    """
    criteria = {one.criterion_id: one for one in programme.scoring.criteria}
    known = ", ".join(criteria) or "none"
    for name in scores:
        if name not in criteria:
            wanted = f"be for criteria of the programme: {known}"
            raise RequestRefused("scores", wanted, shown(name), "Leave it out or correct its name.")
    missing = [name for name in criteria if name not in scores]
    if missing:
        raise RequestRefused("scores", f"be for every criterion: {known}", f"none for {', '.join(missing)}", "Add them.")
    for name, points in scores.items():
        most = criteria[name].most
        if isinstance(points, bool) or not 0 <= points <= most:
            raise RequestRefused(f"score of {name}", f"lie between 0 and {most}", str(points), "Give points in that range.")


def score_of(programme: Programme, history: ApplicationHistory) -> Score:
    """What the assessors gave, by the criteria of these rules. Of an assessor who scored twice the later counts."""
    latest: dict[str, tuple[str, Mapping[str, int]]] = {}
    for step in sorted(history.steps, key=lambda step: step.step_id):
        if step.kind == "assessed" and step.assessor and step.scores is not None:
            same = " ".join(step.assessor.casefold().split())
            latest.pop(same, None)
            latest[same] = (step.assessor, step.scores)
    outdated = tuple(name for name, scores in latest.values() if not _fits(programme, scores))
    exact = [(name, _percent(programme, scores)) for name, scores in latest.values() if _fits(programme, scores)]
    percents = [percent for _, percent in exact]
    is_complete = len(exact) >= programme.scoring.assessors
    return Score(
        assessors=len(exact),
        percent=float(_mean(percents)) if percents else 0.0,
        spread=float(max(percents) - min(percents)) if percents else 0.0,
        by_assessor=tuple(AssessorScore(assessor=name, percent=float(percent)) for name, percent in exact),
        outdated=outdated,
        is_complete=is_complete,
        passes=_passes(programme, percents) if is_complete else None,
    )


def ranked(programme: Programme, call_id: str, histories: Iterable[ApplicationHistory]) -> list[Ranked]:
    """The applications of a call: the best first, of equals the earlier; then those not scored in full; then those out.

    What a region granted already is taken off its budget first, wherever it stands on the list. Where nobody scores, time
    alone decides.

    Raises:
        NotFound: the programme has no such call; those that it has are named.
    """
    call = programme.call(call_id)
    if call is None:
        known = ", ".join(one.call_id for one in programme.calls)
        raise NotFound("call", f"be one of the programme: {known}", shown(call_id), "Choose one of them.")
    of_call = [one for one in histories if one.application.call_id == call_id]
    rows = sorted(of_call, key=lambda one: _order(programme, one))
    taken: dict[str, int] = {}
    for one in rows:
        if one.state in _DECIDED:
            region = one.application.region_id
            taken[region] = taken.get(region, 0) + one.reserved + one.paid
    return list(_down_the_list(programme, rows, taken, call.budgets))


def _down_the_list(
    programme: Programme, rows: Iterable[ApplicationHistory], taken: dict[str, int], budgets: Mapping[str, int]
) -> Iterator[Ranked]:
    rank = 0
    for history in rows:
        application, score = history.application, score_of(programme, history)
        region, state = application.region_id, history.state
        is_ranked = state in _STILL_IN and score.is_complete
        rank += is_ranked
        asks = history.reserved + history.paid
        takes = state in _DECIDED
        if state == "submitted":
            asks, takes = application.requested, score.passes is True
            taken[region] = taken.get(region, 0) + (asks if takes else 0)
        budget, needed = budgets.get(region, 0), taken.get(region, 0)
        yield Ranked(
            rank=rank if is_ranked else None,
            application_id=application.application_id,
            company=application.company,
            region_id=region,
            incentive_id=application.incentive_id,
            state=state,
            score=score,
            pass_mark=programme.scoring.pass_mark,
            asks=asks,
            needed=needed,
            budget=budget,
            suffices=needed <= budget if takes else None,
        )


def _order(programme: Programme, history: ApplicationHistory) -> tuple[object, ...]:
    score = score_of(programme, history)
    group = 2 if history.state not in _STILL_IN else 0 if score.is_complete else 1
    application = history.application
    return group, -score.percent, application.submitted_at, application.application_id


def _fits(programme: Programme, scores: Mapping[str, int]) -> bool:
    try:
        check_scores(programme, scores)
    except RequestRefused:
        return False
    return True


def _percent(programme: Programme, scores: Mapping[str, int]) -> Fraction:
    """100 Σ weight · points / most, over Σ weight."""
    criteria = programme.scoring.criteria
    weights = sum(one.weight for one in criteria)
    if not weights:
        return Fraction(0)
    return 100 * sum((Fraction(one.weight * scores[one.criterion_id], one.most) for one in criteria), Fraction(0)) / weights


def _mean(percents: list[Fraction]) -> Fraction:
    return sum(percents, Fraction(0)) / len(percents)


def _passes(programme: Programme, percents: list[Fraction]) -> bool:
    """By the exact mean: 60 percent are 60 percent. Where the rules ask for no assessors there is no mark to reach."""
    return not programme.scoring.assessors or _mean(percents) >= programme.scoring.pass_mark
