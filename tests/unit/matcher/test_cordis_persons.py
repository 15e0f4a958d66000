from __future__ import annotations

import pytest

from matcher.cordis_persons import names_a_person


@pytest.mark.parametrize(
    "name", ["MUSTERMANN ERIKA", "MUSTERMANN MATHIAS CHARLES", "Müller, José", "JANSEN ALEXANDRU-VALENTIN", "Anna van der Berg"]
)
@pytest.mark.parametrize("activity", ["PRC", "OTH", "REC", ""])
def test_a_private_person_is_recognised(name: str, activity: str) -> None:
    assert names_a_person(name, activity, "")


@pytest.mark.parametrize(
    "name",
    [
        "ROBERT BOSCH AG",
        "Jean Goldschmidt International",
        "JOHN COCKERILL RENEWABLES",
        "INSTITUT JOZEF STEFAN",
        "COOPERATIVA PAULO LAMEIRO CRL",
        "VOEDSEL ANDERS",
        "CESSDA ERIC",
        "HERON SPORTS",
        "FARIA E MOROUCO",
        "Thomas",
        "The Friends of Maria and Josef of Nazareth",
        "Maria 01",
        "",
    ],
)
def test_an_organisation_is_none(name: str) -> None:
    assert not names_a_person(name, "PRC", "")


@pytest.mark.parametrize(("activity", "url"), [("HES", ""), ("PUB", ""), ("PRC", "http://www.mustermann.example")])
def test_who_has_a_website_or_is_a_university_is_none(activity: str, url: str) -> None:
    assert not names_a_person("MUSTERMANN ERIKA", activity, url)
