"""What is given as options: sums of money as people write them, points for criteria, who records."""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.errors import Refusal, shown
from matcher.errors import RequestRefused
from matcher.programme.money import LARGEST_SUM, cents_of, in_euros
from matcher.programme.rules import Programme
from matcher.records import Record, Signature
from matcher.validation import checked


class _Signed(Record):
    by: Signature


def signature(by: str) -> str:
    """Who records something.

    Raises:
        RequestRefused: it is too long, or no text that can be kept.
    """
    return checked(_Signed, {"by": by}, "record").by


def check_region(programme: Programme, region: str | None) -> None:
    """Return if there is no region or it is one of the programme's.

    Raises:
        RequestRefused: with those that there are.
    """
    if region is not None and programme.region(region) is None:
        known = ", ".join(one.region_id for one in programme.regions)
        raise RequestRefused("option --region", "be a region of the programme", shown(region), f"Known are: {known}.")


def cents(written: str, option: str = "--amount") -> int:
    """Cents of a sum in euros: `7000` or `499.50`.

    Raises:
        RequestRefused: it is no such sum.
    """
    try:
        found = cents_of(written)
    except Refusal as refusal:
        raise RequestRefused(f"option {option}", refusal.required, refusal.found, refusal.remedy) from None
    if found > LARGEST_SUM:
        wanted = f"be at most {in_euros(LARGEST_SUM)}"
        raise RequestRefused(f"option {option}", wanted, shown(written), "Write a smaller sum.")
    return found


def points(written: Sequence[str]) -> dict[str, int]:
    """Points by criterion, each written as `fit=4`.

    Raises:
        RequestRefused: one is not, or a criterion comes twice.
    """
    found: dict[str, int] = {}
    for one in written:
        name, _, number = (part.strip() for part in one.partition("="))
        if not name or not (number.isascii() and number.isdecimal() and len(number) < 4):
            raise RequestRefused("option --score", "be a criterion and its points", shown(one), "Write it as fit=4.")
        if name in found:
            raise RequestRefused("option --score", "name each criterion once", f"{name} twice", "Leave one out.")
        found[name] = int(number)
    return found
