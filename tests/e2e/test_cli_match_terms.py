"""Filters and border policy by option, on the real directory."""

from __future__ import annotations

from typing import Any

from tests.e2e.command import NEED, Command, check_refused


def answer(command: Command, *terms: str) -> dict[str, Any]:
    result = command("match", "--need", NEED, "--country", "DE", "--json", *terms)
    assert (result.code, result.err) == (0, "")
    found: dict[str, Any] = result.records[0]["answer"]
    return found


def test_only_providers_that_pass_every_filter_are_listed(command: Command) -> None:
    terms = ("--category", "technology", "--in-country", "DK", "--in-country", "be", "-k", "20")
    found = answer(command, *terms)
    matches = found["matches"]
    assert len(matches) >= 5
    assert {match["country"] for match in matches} == {"DK", "BE"}
    assert {match["category"] for match in matches} == {"technology"}
    without = answer(command, *terms, "--without", matches[0]["provider_id"], "--not-in-country", "BE")
    assert {match["country"] for match in without["matches"]} == {"DK"}
    assert matches[0]["provider_id"] not in {match["provider_id"] for match in without["matches"]}
    assert without["considered"]["filtered_out"] > found["considered"]["filtered_out"]


def test_the_border_policy_decides_about_the_own_country(command: Command) -> None:
    required = answer(command, "--policy", "require")
    assert all(match["cross_border"] for match in required["matches"])
    assert required["considered"]["domestic_left_out"] > 0
    neutral = answer(command, "--policy", "neutral", "--floor", "2/3")
    assert any(not match["cross_border"] for match in neutral["matches"])
    assert sum(match["cross_border"] for match in neutral["matches"][:3]) >= 2
    favoured = answer(command, "--beta", "0.5", "-k", "3")
    policy = favoured["request"]["policy"]
    assert (policy["mode"], policy["beta"], policy["floor"]) == ("favour", 0.5, None)
    assert len(favoured["matches"]) <= 3


def test_a_filter_that_nobody_passes_gives_an_empty_list_that_says_why(command: Command) -> None:
    result = command("match", "--need", NEED, "--country", "DE", "--in-country", "SE")
    assert result.code == 0
    assert "No good match." in result.out
    assert "Nobody is left" in result.out


def test_contacts_are_noted_unless_they_are_to_be_left_out(command: Command) -> None:
    assert answer(command, "-k", "1")["request"]["filters"]["known_contacts"] == "note"
    left_out = answer(command, "-k", "1", "--contacts", "leave out")
    assert left_out["request"]["filters"]["known_contacts"] == "leave out"
    assert left_out["considered"]["known_contacts"] == 0
    refused = command("match", "--need", NEED, "--country", "DE", "--contacts", "hide")
    check_refused(refused, "known_contacts of the filters must be one of 'note' or 'leave out'", "Got 'hide'")
