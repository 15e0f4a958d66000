"""`crossmatch programme`: from a programme file to the payment of an incentive, and what is refused on the way."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from service.record.sql_log import SqlMatchLog
from tests.e2e.command import Command, Result, check_refused, run_all
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, entry

MATCH = "2"
ASKS = (MATCH, "--call", "call-1", "--incentive", "insight", "--amount", "4000", "--applicant", "company.toml")
POINTS = ("need=4", "fit=5", "across-the-border=4", "plan=3", "effect=4")
SIMULATED = "Simulated: no real decision is taken under the rules of IN2LifeSciences."


def with_a_match(home: Path) -> Command:
    """A record in which both sides have accepted match 2, and the files of a programme whose first call is open."""
    log = SqlMatchLog(f"sqlite:///{home / 'match-log.sqlite3'}")
    log.record(entry("one", ("aqua", "NL"), ("bruno", "DE"), company="Nasovax BV", region="nl-oost"), COMPONENTS)
    for kind in ("introduced", "accepted"):
        log.record_step(new_step(kind, match_id=2), "advisor")
    log.close()
    command = Command(home)
    told(command("programme", "example", "rules.toml", "--open-now"))
    told(command("programme", "example-applicant", "company.toml"))
    return command


def told(result: Result) -> str:
    assert (result.code, result.err) == (0, ""), result
    return result.out


def scores() -> list[str]:
    return [part for one in POINTS for part in ("--score", one)]


def balance(command: Command) -> dict[str, Any]:
    accounts = json.loads(told(command("programme", "ledger", "--region", "nl-oost", "--json")))["accounts"]
    found: dict[str, Any] = next(one for one in accounts if one["call_id"] == "call-1")
    return {name: found[name] for name in ("budget", "reserved", "paid", "left")}


def test_an_incentive_goes_from_the_rules_to_the_payment(tmp_path: Path) -> None:
    command = with_a_match(tmp_path)
    run = partial(command, "programme")
    assert "rules.toml is in order" in told(run("check", "rules.toml"))
    adopted = told(run("adopt", "rules.toml", "--by", "Programme office"))
    assert "by Programme office." in adopted
    assert SIMULATED in adopted
    assert told(run("adopt", "rules.toml")) == adopted

    assert "Eligible: all 11 rules pass." in told(run("eligible", *ASKS))
    handed_in = told(run("apply", *ASKS, "--by", "Advice desk"))
    number = handed_in.split()[1]
    assert handed_in.startswith(
        f"Application {number} on record: Nasovax BV with Bruno Institute (NL→DE) asks for 4,000.00 EUR"
    )
    for assessor in ("assessor 1", "assessor 2"):
        told(run("assess", number, "--assessor", assessor, *scores()))
    ranking = told(run("ranking", "call-1"))
    assert "84.0 %" in ranking
    assert "Region nl-oost: its 28,000.00 EUR suffice for all; 4,000.00 EUR are needed." in ranking
    granted = told(run("grant", number, "--amount", "4000", "--by", "Programme office"))
    assert "Left to region nl-oost in call call-1: 24,000.00 EUR of 28,000.00 EUR." in granted
    assert balance(command) == {"budget": 2_800_000, "reserved": 400_000, "paid": 0, "left": 2_400_000}
    assert "sign" in told(run("deadlines"))

    told(run("sign", number))
    told(run("reported", number, "--reason", "Report of four pages."))
    told(run("pay", number, "--amount", "3999.99"))
    assert balance(command) == {"budget": 2_800_000, "reserved": 0, "paid": 399_999, "left": 2_400_001}
    shown = told(run("application", number))
    for words in ("granted: 4,000.00 EUR", "reported: Report of four pages.", "paid 3,999.99 EUR", "(Europe/Brussels)"):
        assert words in shown
    assert "May come next: nothing" in shown
    assert "0 due" in told(run("deadlines"))
    assert "incentive granted" in told(command("log", "history", MATCH))
    told(command("log", "verify"))

    in_json = json.loads(told(run("application", number, "--json")))
    assert (in_json["state"], in_json["paid"], in_json["reserved"]) == ("paid", 399_999, 0)
    [line] = run("applications", "--state", "paid", "--json").records
    assert line["application_id"] == int(number)
    assert told(run("applications", "--state", "granted", "--json")) == ""
    again = told(run("eligible", *ASKS))
    assert "Not eligible yet: fails one grant. It may be handed in, because that can still change." in again
    assert json.loads(told(run("eligible", *ASKS, "--json")))["eligible"] is False


def test_what_is_not_granted_or_not_used_ends_and_gives_its_money_back(tmp_path: Path) -> None:
    command = with_a_match(tmp_path)
    run = partial(command, "programme")
    told(run("adopt", "rules.toml"))
    first, second = (told(run("apply", *ASKS)).split()[1] for _ in range(2))
    told(run("reject", first, "--reason", "Handed in twice."))
    for assessor in ("assessor 1", "assessor 2"):
        told(run("assess", second, "--assessor", assessor, *scores()))
    told(run("grant", second, "--amount", "4000"))
    assert balance(command)["reserved"] == 400_000
    told(run("lapse", second, "--reason", "The company did not sign."))
    assert balance(command) == {"budget": 2_800_000, "reserved": 0, "paid": 0, "left": 2_800_000}
    third = told(run("apply", *ASKS)).split()[1]
    told(run("withdraw", third))
    states = [one["state"] for one in run("applications", "--json").records]
    assert states == ["rejected", "lapsed", "withdrawn"]


def test_rules_are_told_in_words_and_as_json_and_none_is_lost(tmp_path: Path) -> None:
    command = Command(tmp_path / "home")
    run = partial(command, "programme")
    example = told(run("example", "-"))
    first = json.loads(told(run("adopt", "-", stdin=example.encode())) and told(run("show", "--json")))
    second = example.replace('name = "IN2LifeSciences"', 'name = "Second"').replace("simulated = true", "simulated = false")
    assert "Simulated" not in told(run("adopt", "-", stdin=second.encode()))
    shown = told(run("show"))
    assert "BioRegio STERN" in shown.replace("\n", " ") or "BioRegio" in shown
    assert "incentive meet-and-greet: Meet & Greet, costs up to 500.00 EUR" in shown
    assert first["version"] in told(run("show", "--version", first["version"]))
    versions = run("versions", "--json").records
    assert [(one["name"], one["in_force"]) for one in versions] == [("IN2LifeSciences", False), ("Second", True)]
    assert "in force" in told(run("versions"))
    check_refused(run("adopt", "-", stdin=example.encode()), "one version once")


def test_every_mistake_of_a_programme_file_is_named_and_nothing_is_adopted(tmp_path: Path) -> None:
    command = Command(tmp_path / "home")
    text = told(command("programme", "example", "-"))
    for old, new in (
        ('catchment = ["BE1", "BE2"]', 'catchment = ["BE1", "BE3"]'),
        ('closes = "2012-11-30 17:00"', 'closes = "2012-08-30 17:00"'),
        ("amount = 500\n", "amount = 499.505\n"),
        ("pass_mark = 60", "pass_mark = 160"),
    ):
        assert old in text
        text = text.replace(old, new)
    for name in ("check", "adopt"):
        result = command("programme", name, "-", stdin=text.encode())
        assert (result.code, result.out) == (1, "")
        lines = result.err.splitlines()
        assert len(lines) == 5
        for line, column in zip(lines, ("catchment", "amount", "closes", "pass_mark"), strict=False):
            assert column in line
        assert lines[-1].startswith("4 problems.")
    check_refused(command("programme", "show"), "be adopted")


REFUSALS: dict[str, tuple[tuple[str, ...], str]] = {
    "no such match": (("eligible", "99", *ASKS[1:]), "The match must be in the match log. Got 99."),
    "three decimals": (("apply", *ASKS, "--amount", "4000.505"), "at most two decimals. Got '4000.505'"),
    "over the ceiling": (("apply", *ASKS, "--amount", "4000.01"), "(rule: amount)"),
    "no such call": (("apply", *ASKS, "--call", "call-9"), "(rule: call open)"),
    "a call that is not open": (("apply", *ASKS, "--call", "call-2"), "(rule: call open)"),
    "no such incentive": (("apply", *ASKS, "--incentive", "gift"), "be one of the programme: collaboration"),
    "another region": (("apply", *ASKS, "--region", "nl-noord-brabant"), "(rule: region of the company)"),
    "a match at home": (("apply", "1", *ASKS[1:]), "(rule: provider in another country)"),
    "no such application": (("grant", "99", "--amount", "4000"), "The application must be on record. Got 99."),
    "no score": (("assess", "99", "--assessor", "one", "--score", "fit"), "Write it as fit=4."),
    "no such state": (("applications", "--state", "happy"), "be one of 'submitted'"),
    "no such region": (("ledger", "--region", "atlantis"), "Known are: be-liege"),
    "no ranked call": (("ranking", "call-9"), "be one of the programme: call-1"),
    "no such version": (("show", "--version", "0"), "crossmatch programme versions lists them."),
    "a file that is there": (("example", "rules.toml"), "be a new one"),
    "a comment in json": (("example-applicant", "company.json"), "end in .toml"),
    "too long a name": (("adopt", "rules.toml", "--by", "x" * 201), "at most 200 characters"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    command = with_a_match(tmp_path_factory.mktemp("home"))
    told(command("programme", "adopt", "rules.toml"))
    results = run_all({name: partial(command, "programme", *given) for name, (given, _) in REFUSALS.items()})
    assert told(command("programme", "applications", "--json")) == ""
    return results


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_is_refused_in_one_line(refused: dict[str, Result], name: str) -> None:
    check_refused(refused[name], REFUSALS[name][1])


def test_what_is_wrong_with_an_applicant_is_named_line_by_line(tmp_path: Path) -> None:
    command = with_a_match(tmp_path)
    told(command("programme", "adopt", "rules.toml"))
    file = tmp_path / "company.toml"
    text = file.read_text(encoding="utf-8").replace("year = 2025", "year = 1066").replace("= 1_350_000", "= 1_350_000.005")
    file.write_text(text, encoding="utf-8")
    result = command("programme", "eligible", *ASKS)
    assert (result.code, result.out) == (1, "")
    assert "company.toml, line 13, column accounts[1].turnover: must be in euros with at most two decimals" in result.err
    assert "column accounts[2].year" in result.err
    assert result.err.splitlines()[-1] == "3 problems. Nothing was recorded."


def test_another_region_is_a_verdict_and_no_failure(tmp_path: Path) -> None:
    command = with_a_match(tmp_path)
    told(command("programme", "adopt", "rules.toml"))
    verdict = told(command("programme", "eligible", *ASKS, "--region", "be-liege"))
    assert verdict.startswith("Not eligible, by the rule 'region of the company'")
