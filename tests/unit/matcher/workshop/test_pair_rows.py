from __future__ import annotations

from pathlib import Path

import pytest

from matcher.workshop.event import FixedMeeting, Wish
from tests.unit.matcher.workshop.event_folder import only_problem, read, with_lines, with_rows

LATE = with_rows("late;company;Late ApS;DK;;;").replace("provider_id\n", "provider_id;there_from\n", 1)
LATE = "\n".join(line if number == 0 else f"{line};" for number, line in enumerate(LATE.splitlines())).replace(
    "DK;;;;", "DK;;;;10:00"
)
COMPANIES = "id;side;name;country\na;company;Alpha;NL\nb;company;Beta;FR\nc;company;Gamma;DE\n"

WRONG: dict[str, tuple[str, str, str, str]] = {
    "a wish of nobody": ("wishes", "of,about,level\nzoe,bruno,meet\n", "of", "be the id of a participant"),
    "a wish about nothing": ("wishes", "of,about,level\nlungs,,meet\n", "about", "name a participant"),
    "a wish about oneself": ("wishes", "of,about,level\nlungs,lungs,meet\n", "about", "be another participant"),
    "a wish among companies": ("wishes", "of,about,level\nlungs,vials,meet\n", "about", "be of the other side"),
    "a wish without strength": ("wishes", "of,about,level\nlungs,bruno,\n", "level", "be one of must, meet, no"),
    "a wish without a column": ("wishes", "of,about\nlungs,bruno\n", "level", "be a column of the table"),
    "known the other way round": ("known", "company,provider\nbruno,carla\n", "company", "be a company"),
    "forbidden two companies": ("forbidden", "company,provider\nlungs,vials\n", "provider", "be a provider"),
    "fixed in no slot": ("fixed", "company,provider,slot\nlungs,bruno,s09\n", "slot", "be a slot of the event"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_pair_is_named_by_line_and_column(tmp_path: Path, name: str) -> None:
    kind, content, column, required = WRONG[name]
    found = only_problem(tmp_path, **{kind: content})
    line = 1 if "column of the table" in required else 2
    assert (found.file, found.line, found.column) == (f"{kind}.csv", line, column)
    assert required in found.required


def test_a_wish_told_twice_is_one_and_a_contradiction_is_named(tmp_path: Path) -> None:
    same = "of,about,level\nlungs,bruno,meet\nlungs,bruno,MEET\n"
    assert read(tmp_path, wishes=same).event.wishes == (Wish(of="lungs", about="bruno", level="meet"),)
    found = only_problem(tmp_path, wishes=f"{same}lungs,bruno,no\n")
    assert (found.line, found.found) == (4, "no here and meet in line 2")


def test_two_fixed_meetings_at_a_time_are_named(tmp_path: Path) -> None:
    found = only_problem(tmp_path, fixed="company,provider,slot\nlungs,bruno,s01\nvials,bruno,s01\n")
    assert (found.line, found.column, found.required) == (3, "slot", "be free for both")
    assert "bruno is fixed in line 2" in found.found


def test_a_fixed_meeting_with_somebody_away_is_named(tmp_path: Path) -> None:
    found = only_problem(tmp_path, participants=LATE, fixed="company,provider,slot\nlate,bruno,s01\n")
    assert (found.line, found.required) == (2, "be one in which both are there")


def test_a_pair_fixed_and_forbidden_is_named_with_both_places(tmp_path: Path) -> None:
    pair = "company,provider\nlungs,bruno\n"
    found = only_problem(tmp_path, fixed=pair, forbidden=pair)
    assert (found.file, found.line) == ("fixed.csv", 2)
    assert "forbidden.csv, line 2" in found.found


def test_companies_among_themselves_are_pairs_in_any_order(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        event_toml=with_lines('kind = "company to company"'),
        participants=COMPANIES,
        wishes="of,about,level\na,b,meet\n",
        known="company,other\na,b\nb,a\na,c\n",
        fixed="company,other,slot\nb,c,s01\n",
    ).event
    assert found.known == (("a", "b"), ("a", "c"))
    assert found.fixed == (FixedMeeting(company_id="b", provider_id="c", slot_id="s01"),)


def test_a_provider_has_no_place_among_companies(tmp_path: Path) -> None:
    rows = f"{COMPANIES}d;provider;Delta;BE\n"
    found = only_problem(tmp_path, event_toml=with_lines('kind = "company to company"'), participants=rows)
    assert (found.line, found.column) == (5, "side")
