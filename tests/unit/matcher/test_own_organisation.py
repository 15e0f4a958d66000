from __future__ import annotations

import pytest

from matcher.directory import Directory, plain_name, web_host
from tests.fakes import need, provider


def directory() -> Directory:
    return Directory(
        providers=(
            provider(
                "m1",
                "NL",
                "Organs on a chip.",
                name="Mimetas B.V.",
                url="https://www.mimetas.com/en/",
                source_ids="ror:111;cordis:222",
            ),
            provider("m2", "DE", "Unter demselben Dach.", name="Organchip Müller GmbH", url="https://mimetas.com"),
            provider(
                "u1", "DK", "University.", name="Københavns Universitet (KU)", url="https://ku.dk", source_ids="cordis:333"
            ),
            provider("n1", "BE", "No address and a bare name.", name="SA"),
        ),
        evidence=(),
    )


@pytest.mark.parametrize(
    "company", ["Mimetas B.V.", "MIMETAS BV", "mimetas", " Mimetas, b.v. ", "Mimetas GmbH", "Mímetas (NL) N.V."]
)
def test_the_company_is_found_by_its_name_in_another_spelling_or_legal_form(company: str) -> None:
    assert directory().own_organisation(need(company=company)) == {"m1"}


@pytest.mark.parametrize("company", ["Organchip Muller", "organchip MÜLLER ggmbh"])
def test_accents_do_not_hide_the_company(company: str) -> None:
    assert directory().own_organisation(need(company=company)) == {"m2"}


@pytest.mark.parametrize(
    "url", ["https://mimetas.com", "http://WWW.Mimetas.com/contact?x=1", "mimetas.com", "www.mimetas.com/", "mimetas.com:443"]
)
def test_the_company_is_found_by_its_web_host(url: str) -> None:
    assert directory().own_organisation(need(company_url=url)) == {"m1", "m2"}


@pytest.mark.parametrize("identifier", ["u1", "cordis:333"])
def test_the_company_is_found_by_an_identifier(identifier: str) -> None:
    assert directory().own_organisation(need(company_ids=("other:1", identifier))) == {"u1"}


def test_each_of_several_identifiers_of_a_provider_finds_it() -> None:
    assert directory().own_organisation(need(company_ids=("cordis:222",))) == {"m1"}


def test_blanks_after_the_semicolons_do_not_hide_an_identifier() -> None:
    found = Directory((provider("m1", "NL", "x", source_ids="ror:111; cordis:222"),), ())
    assert found.own_organisation(need(company_ids=("cordis:222",))) == {"m1"}


def test_the_signs_add_up() -> None:
    assert directory().own_organisation(need(company="Mimetas", company_ids=("cordis:333",))) == {"m1", "u1"}


@pytest.mark.parametrize("company", ["", "Mimetas Diagnostics", "B.V.", "()", "---"])
def test_another_name_or_none_finds_nobody(company: str) -> None:
    assert directory().own_organisation(need(company=company)) == frozenset()


@pytest.mark.parametrize("url", ["", "https://", "?", "/contact", "mimetas.org", "notmimetas.com"])
def test_another_address_or_none_finds_nobody(url: str) -> None:
    assert directory().own_organisation(need(company_url=url)) == frozenset()


def test_a_need_that_names_no_company_finds_nobody() -> None:
    assert directory().own_organisation(need()) == frozenset()


@pytest.mark.parametrize("url", ["http://[mimetas", "https://mimetas.com℀"])
def test_an_address_that_is_none_has_no_host(url: str) -> None:
    assert web_host(url) == ""


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Novo A/S", "novo"),
        ("Bioneer ApS", "bioneer"),
        ("Universität Ulm e.V.", "universitat ulm"),
        ("Stichting Radboud", "radboud"),
        ("Straße GmbH", "strasse"),
        ("Sanofi SAS", "sanofi"),
        ("Asbl", ""),
        ("Sebastian AG", "sebastian"),
    ],
)
def test_a_plain_name_has_no_legal_form_and_no_accents(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize("form", ["S.A.", "S.A.S.", "S.A.R.L.", "S.R.L."])
def test_a_french_legal_form_may_have_dots(form: str) -> None:
    assert plain_name(f"Exemple {form}") == "exemple"


def test_a_plain_name_has_no_capitals() -> None:
    assert plain_name("Acme™ B.V.") == plain_name("acmetm")
