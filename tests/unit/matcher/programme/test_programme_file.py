from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from matcher.errors import Problem, ProgrammeRefused
from matcher.programme.programme_file import programme_from, read_programme
from tests.unit.matcher.programme.programme_text import TEXT, only_problem, problems, with_line


def test_what_the_file_says_is_what_the_programme_has(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(TEXT, encoding="utf-8")
    programme = read_programme(tmp_path / "rules.toml")
    assert (programme.programme_id, programme.time_zone, programme.simulated) == ("small", "Europe/Amsterdam", False)
    assert [(one.region_id, one.country, one.budget) for one in programme.regions] == [
        ("east", "NL", 2_000_000),
        ("south", "DE", 2_000_050),
    ]
    spring, autumn = programme.calls
    assert spring.opens.astimezone(UTC) == datetime(2013, 3, 1, 8, tzinfo=UTC)
    assert spring.closes.astimezone(UTC) == datetime(2013, 5, 31, 15, tzinfo=UTC)
    assert (spring.directory_until, autumn.directory_until) == (date(2013, 4, 30), None)
    assert spring.budgets == {"east": 1_000_000, "south": 1_000_000}
    assert autumn.budgets == {"east": 1_000_000, "south": 1_000_050}
    assert (programme.scoring.assessors, [one.most for one in programme.scoring.criteria]) == (1, [10])
    rules = programme.eligibility
    assert (rules.sme, rules.other_country, rules.one_grant, rules.de_minimis) == (False, True, ("call",), 30_000_000)
    assert (programme.deadlines.sign, programme.deadlines.report, programme.deadlines.remind) == (20, 365, (7,))


@pytest.mark.parametrize("key", ["one_grant", "de_minimis"])
def test_a_rule_that_is_false_is_not_asked(key: str) -> None:
    old = {"one_grant": 'one_grant = ["call"]', "de_minimis": "de_minimis = 300_000"}[key]
    programme = programme_from("x.toml", with_line(old, f"{key} = false").encode())
    assert getattr(programme.eligibility, key) is None


def test_criteria_are_not_needed_where_nobody_assesses() -> None:
    text = TEXT.replace("assessors = 1", "assessors = 0").replace('[[criterion]]\nid = "fit"\nname = "Fit"\nmost = 10\n', "")
    assert programme_from("x.toml", text.encode()).scoring.criteria == ()


WRONG: dict[str, tuple[str, int, str, str]] = {
    "three decimals": (with_line("amount = 4_000", "amount = 4000.005"), 24, "incentive[1].amount", "at most two decimals"),
    "a sum with a comma": (with_line("budget = 20_000", 'budget = "20,000"'), 11, "region[1].budget", "at most two decimals"),
    "a sum below 0": (with_line("budget_each = 10_000", "budget_each = -1"), 32, "call[1].budget_each", "two decimals"),
    "a sum of one region": (with_line("east = 10_000", "east = true"), 40, "call[2].budgets.east", "two decimals"),
    "catchments that overlap": (
        with_line('catchment = ["DE1"]', 'catchment = ["DE1", "NL21"]'),
        17,
        "region[2].catchment",
        "not overlap with region east (NL2)",
    ),
    "a catchment that is none": (with_line('catchment = ["DE1"]', 'catchment = ["de1"]'), 17, "region[2].catchment", "NUTS"),
    "a country that is none": (with_line('country = "DE"', 'country = "XX"'), 16, "region[2].country", "country"),
    "a criterion twice": (
        with_line("most = 10", "[[criterion]]", 'id = "fit"', 'name = "Fit again"'),
        51,
        "criterion[2].id",
        "be there once",
    ),
    "no id": (with_line('id = "autumn"'), 34, "call[2].id", "be given"),
    "an id with a space": (with_line('id = "autumn"', 'id = "in autumn"'), 35, "call[2].id", "be an id of letters"),
    "a call backwards": (
        with_line('opens = "2013-09-01 09:00"', 'opens = "2013-12-01 09:00"'),
        37,
        "call[2].closes",
        "close after it opens (2013-12-01 09:00)",
    ),
    "an hour that there is not": (
        with_line('opens = "2013-03-01 09:00"', 'opens = "2013-03-31 02:30"'),
        28,
        "call[1].opens",
        "exist on the clock of Europe/Amsterdam",
    ),
    "a time without a day": (
        with_line('opens = "2013-03-01 09:00"', 'opens = "09:00"'),
        28,
        "call[1].opens",
        "be a day and a time of day",
    ),
    "a day without a time": (
        with_line('closes = "2013-11-29 17:00"', "closes = 2013-11-29"),
        37,
        "call[2].closes",
        "be a day and a time of day",
    ),
    "a day that is none": (
        with_line("directory_until = 2013-04-30", 'directory_until = "April"'),
        30,
        "call[1].directory_until",
        "be a day as in",
    ),
    "an unknown incentive": (
        with_line('incentives = ["insight"]', 'incentives = ["insight", "visits"]'),
        31,
        "call[1].incentives",
        "name incentives of the programme",
    ),
    "an unknown region": (with_line("east = 10_000", "west = 1"), 40, "call[2].budgets.west", "regions of the programme"),
    "budgets beyond the region's": (
        with_line("east = 10_000", "east = 10_000.01"),
        11,
        "region[1].budget",
        "at most its own budget, 20,000.00 EUR",
    ),
    "two kinds of budget": (
        with_line('id = "autumn"', 'id = "autumn"', "budget_each = 1"),
        36,
        "call[2].budget_each",
        "budget_each for all, or the table",
    ),
    "no kind of budget": (with_line("budget_each = 10_000"), 26, "call[1].budgets", "budget_each for all, or the table"),
    "budgets that are no table": (
        with_line("budget_each = 10_000", "budgets = 10_000"),
        32,
        "call[1].budgets",
        "be a table",
    ),
    "an unknown form": (with_line('form = "lump sum"', 'form = "loan"'), 23, "incentive[1].form", "be one of 'lump sum'"),
    "an unknown key": (with_line("sign = 20", "signing = 20"), 58, "deadlines.signing", "be a known field"),
    "an unknown table": (TEXT + "\n[[regions]]\nid = 'x'\n", 61, "regions", "be a known field"),
    "a number that is true": (with_line("assessors = 1", "assessors = true"), 44, "scoring.assessors", "else than true"),
    "a switch in quotes": (with_line("sme = false", 'sme = "no"'), 53, "eligibility.sme", "be true or false"),
    "a rule that is true": (with_line("de_minimis = 300_000", "de_minimis = true"), 55, "eligibility.de_minimis", "be a sum"),
    "too many assessors": (with_line("assessors = 1", "assessors = 9"), 44, "scoring.assessors", "be at most 5"),
    "no criteria": (
        TEXT.replace("[[criterion]]", "").replace('id = "fit"\nname = "Fit"\nmost = 10\n', ""),
        44,
        "scoring.assessors",
        "have criteria for its 1 assessors",
    ),
    "an unknown zone": (
        with_line('time_zone = "Europe/Amsterdam"', 'time_zone = "Europe/Liege"'),
        4,
        "programme.time_zone",
        "IANA",
    ),
    "a reminder that is none": (with_line("remind = [7]", "remind = [7, -1]"), 59, "deadlines.remind", "be at least 0"),
    "a table instead of several": (TEXT.replace("[[incentive]]", "[incentive]"), 20, "incentive", "be a list of tables"),
    "a list instead of a table": (TEXT.replace("[scoring]", "[[scoring]]"), 43, "scoring", "be one table"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_by_line_and_key(name: str) -> None:
    text, line, column, required = WRONG[name]
    found = only_problem(text)
    assert (found.file, found.line, found.column) == ("programme.toml", line, column)
    assert required in found.required
    assert found.found
    assert found.remedy


def test_everything_is_named_at_once_and_in_order_of_lines() -> None:
    text = with_line("amount = 4_000", "amount = 0.001").replace('name = "East"', "name = 5").replace("sign = 20", "sign = -1")
    text = text.replace('closes = "2013-11-29 17:00"', 'closes = "29 November"')
    assert [one.column for one in problems(text)] == [
        "region[1].name",
        "incentive[1].amount",
        "call[2].closes",
        "deadlines.sign",
    ]


def test_a_part_that_is_wrong_is_not_unknown_to_those_that_name_it() -> None:
    text = with_line("amount = 4_000", "amount = 0.001").replace('country = "DE"', 'country = "XX"')
    text = text.replace("most = 10", "most = 0")
    assert [one.column for one in problems(text)] == ["region[2].country", "incentive[1].amount", "criterion[1].most"]


def test_an_empty_file_is_told_what_it_must_have() -> None:
    found = [(one.column, one.remedy) for one in problems(b"")]
    assert [column for column, _ in found] == [
        "programme",
        "programme.id",
        "programme.name",
        "region",
        "incentive",
        "call",
        "scoring.assessors",
    ]
    assert found[0][1] == "Add the table [programme]."
    assert found[3][1] == "Write one [[region]] for each, in double brackets."


@pytest.mark.parametrize(
    ("data", "line", "required"),
    [
        (b'[programme]\nname = "Li\xe8ge"\n', 2, "be UTF-8"),
        (b"[programme]\nname = Small\n", 2, "be well-formed TOML"),
        (b"[programme]\nopens = 09:00\n", 2, "be well-formed TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_its_line(data: bytes, line: int, required: str) -> None:
    found = only_problem(data)
    assert (found.line, found.required) == (line, required)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeRefused, match=r"The rules\.toml must be readable\. Got No such file"):
        read_programme(tmp_path / "rules.toml")


def test_the_first_problem_is_the_message_with_the_number_of_others() -> None:
    with pytest.raises(ProgrammeRefused, match=r"The programme\.toml, line 24, column incentive\[1\]\.amount must be in euros"):
        programme_from("programme.toml", with_line("amount = 4_000", "amount = 4000.005").encode())


ODD = ("0", "-1", "1.5", "true", "nan", "inf", '""', '"x"', "[]", "[[]]", "[1]", "{}", "{ a = 1 }", "2013-01-01", "12:00:00")


def refused_problems(text: str) -> tuple[Problem, ...]:
    """None where the file is accepted."""
    try:
        programme_from("x.toml", text.encode())
    except ProgrammeRefused as refused:
        return refused.problems
    return ()


@pytest.mark.parametrize("value", ODD)
def test_no_value_anywhere_does_more_than_be_refused_in_plain_words(value: str) -> None:
    lines = TEXT.splitlines()
    for number, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        if equals:
            found = refused_problems("\n".join([*lines[:number], f"{key} = {value}", *lines[number + 1 :]]))
            assert all(one.line and one.column and one.found for one in found)
            assert not [one.required for one in found if "be valid (" in one.required]
