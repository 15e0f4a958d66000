from __future__ import annotations

from io import StringIO

from rich.console import Console

from matcher.log import LoggedList
from service.cli.render import print_match_list
from tests.unit.service.entries import entry

WORDS = "met before (2026-05-03): cooperation possible"


def printed(given: LoggedList) -> str:
    console = Console(file=StringIO(), width=120)
    print_match_list(console, given)
    return console.file.getvalue()  # type: ignore[attr-defined]


def known(given: LoggedList) -> LoggedList:
    """The entry with its first provider known to the company."""
    first, *others = given.answer.matches
    matches = (first.model_copy(update={"contact": WORDS}), *others)
    return given.model_copy(update={"answer": given.answer.model_copy(update={"matches": matches})})


def test_how_the_company_knows_a_provider_stands_beside_its_name() -> None:
    plain = entry("l-1", ("bruno", "DE"), ("carla", "BE"))
    lines = printed(known(plain)).splitlines()
    first, second = (next(i for i, line in enumerate(lines) if name in line) for name in ("Bruno", "Carla"))
    width = next(line.index("Why") for line in lines if "Provider" in line)
    # The column is narrow, so the words may go on in the next line, wherever they are cut.
    assert WORDS.replace(" ", "") in "".join(line[:width] for line in lines[first:second]).replace(" ", "")
    assert "met before" not in "".join(lines[second:])


def test_nothing_is_said_of_those_it_does_not_know() -> None:
    assert "met before" not in printed(entry("l-1", ("bruno", "DE")))
