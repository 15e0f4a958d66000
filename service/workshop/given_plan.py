"""A planned event that comes from outside is checked before anything is built on it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from embeddings.errors import Refusal
from matcher.workshop.checker import check
from matcher.workshop.pairing import Pairing
from service.workshop.plan_file import PlannedEvent


class PlanBroken(Refusal):
    """A plan that is none of its event; `breaks` are the rules that it breaks and the figures that are wrong, in words."""

    def __init__(self, breaks: Sequence[str]) -> None:
        self.breaks = tuple(breaks)
        more = f" ({len(breaks) - 1} more)" if len(breaks) > 1 else ""
        remedy = "Send it as it was made, or plan the event anew."
        super().__init__("plan", "keep the rules of its event", f"{breaks[0]}{more}", remedy)


def check_given(planned: PlannedEvent) -> None:
    """Return if the plan keeps every rule of its event and its figures are those of its probabilities.

    Raises:
        PlanBroken: names all that is wrong.
        PlanImpossible, Refusal: the event itself contradicts itself, so that it has no plan.
    """
    broken = check(planned.event, planned.plan) or [*_figures(planned)]
    if broken:
        raise PlanBroken(broken)


def _figures(planned: PlannedEvent) -> Iterator[str]:
    """What each meeting says of itself, held against the probabilities; the checker knows rules and sums only."""
    pairing = Pairing.of(planned.event, planned.matrix)
    most = len(planned.event.participants)
    for one in planned.plan.meetings:
        place = pairing.place_of(one.company_id, one.provider_id)
        assert place is not None  # the checker looked at sides
        both = f"{one.company_id} and {one.provider_id}"
        for name, said, found in (
            ("probability", one.probability, pairing.probability[place]),
            ("value", one.value, pairing.value[place]),
        ):
            if not math.isclose(said, found, rel_tol=1e-9, abs_tol=1e-12):
                yield f"{both}: the plan says their {name} is {said:g}, but it is {found:g}"
        if one.table > most:
            yield f"{both}: at table {one.table}, but {most} people need no more than {most} tables"
