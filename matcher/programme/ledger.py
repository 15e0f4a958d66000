"""What each region may give in each call, what of it is reserved, paid and left."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.errors import RuleBroken
from matcher.programme.money import in_euros
from matcher.programme.rules import Programme
from matcher.records import Record

Place = tuple[str, str]
"""Region and call."""


class Account(Record):
    """The budget of one region in one call, in cents."""

    region_id: str
    call_id: str
    budget: int
    reserved: int = 0
    paid: int = 0

    @property
    def left(self) -> int:
        """What can still be granted."""
        return self.budget - self.reserved - self.paid


def ledger(programme: Programme, sums: Mapping[Place, tuple[int, int]]) -> list[Account]:
    """An account for each region and call, in the order of the rules.

    Args:
        programme: the rules in force.
        sums: cents reserved and paid by region and call; of places that the rules no longer know too.
    """
    known = [(call.call_id, region.region_id) for call in programme.calls for region in programme.regions]
    gone = sorted((call, region) for region, call in sums if (call, region) not in known)
    accounts = []
    for call_id, region_id in [*known, *gone]:
        call = programme.call(call_id)
        budget = 0 if call is None else call.budgets.get(region_id, 0)
        reserved, paid = sums.get((region_id, call_id), (0, 0))
        accounts.append(Account(region_id=region_id, call_id=call_id, budget=budget, reserved=reserved, paid=paid))
    return accounts


def check_left(account: Account, amount: int) -> None:
    """Return if so much can still be granted.

    Raises:
        RuleBroken: `budget left`.
    """
    if amount > account.left:
        place = f"budget of region {account.region_id} in call {account.call_id}"
        wanted = f"have {in_euros(amount)} left"
        remedy = "Grant less, release what is not used, or adopt rules with another budget."
        raise RuleBroken("budget left", place, wanted, in_euros(account.left), remedy)
