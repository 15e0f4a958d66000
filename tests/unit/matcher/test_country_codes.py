from __future__ import annotations

import pytest

from matcher.countries import checked_country, country_names


@pytest.mark.parametrize(("code", "expected"), [("NL", "NL"), ("nl", "NL"), (" Dk ", "DK"), ("GB", "GB"), ("XK", "XK")])
def test_a_country_is_put_in_capitals(code: str, expected: str) -> None:
    assert checked_country(code) == expected


@pytest.mark.parametrize("code", ["", "N", "NLD", "EU", "ZZ", "UN", "XA", "12", "N L", "ＮＬ"])
def test_anything_else_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="be a country by its two ISO 3166 letters"):
        checked_country(code)


@pytest.mark.parametrize(
    ("meant", "hint"), [("UK", "GB"), ("el", "GR"), ("netherlands", "NL"), ("Denmark", "DK"), ("FRANCE", "FR")]
)
def test_the_refusal_hints_at_what_was_meant(meant: str, hint: str) -> None:
    with pytest.raises(ValueError, match=rf"Write {hint}\."):
        checked_country(meant)


def test_the_five_countries_of_the_programme_have_names() -> None:
    names = country_names()
    assert [names[code] for code in ("BE", "DE", "DK", "FR", "NL")] == [
        "Belgium",
        "Germany",
        "Denmark",
        "France",
        "Netherlands",
    ]
