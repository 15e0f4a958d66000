from __future__ import annotations

import numpy as np
import pytest

from embeddings.language import LANGUAGES, UNKNOWN
from matcher.mentions import Mentions, Named
from matcher.records import Provider
from matcher.shipped import shipped_directory, shipped_needs
from tests.fakes import provider

DIRECTORY: tuple[Provider, ...] = tuple(
    provider(identifier, country, "", name=name, city=city)
    for identifier, country, city, name in (
        ("tno", "NL", "Den Haag", "Nederlandse Organisatie voor toegepast-natuurwetenschappelijk onderzoek (TNO)"),
        ("leiden", "NL", "Leiden", "Universiteit Leiden"),
        ("hilversum", "NL", "'s-Hertogenbosch", "Signify N.V."),
        ("kul", "BE", "Leuven", "Katholieke Universiteit Leuven (KU Leuven)"),
        ("vub", "BE", "Brussel / Bruxelles", "Vrije Universiteit Brussel (VUB)"),
        ("essen", "DE", "Essen", "Universitätsklinikum Essen"),
        ("munich", "DE", "München", "Fraunhofer-Gesellschaft"),
        ("kit", "DE", "Karlsruhe", "Karlsruher Institut für Technologie (KIT)"),
        ("cea", "FR", "Paris Cedex 15", "Commissariat à l'énergie atomique et aux énergies alternatives (CEA)"),
        ("pasteur", "FR", "Paris", "Institut Pasteur"),
        ("lille", "FR", "Lille", "Institut Pasteur de Lille"),
        ("inserm", "FR", "Nice", "Institut national de la santé et de la recherche médicale (Inserm)"),
        ("hcd", "FR", "Évry", "Human Cell Design"),
        ("ku", "DK", "København", "Københavns Universitet"),
        ("trifork", "DK", "Aarhus", "Trifork A/S"),
        ("oxford", "GB", "Oxford", "University of Oxford"),
        ("belfast", "GB", "Belfast", "Catalyze (UK)"),
        ("cork", "IE", "Cork", "ICH Ltd"),
        ("madrid", "ES", "Madrid", "Hospital La Paz"),
        ("athens", "GR", "Athina", "Demokritos"),
        ("warsaw", "PL", "Warszawa", "Uniwersytet Warszawski"),
        ("vienna", "AT", "Wien", "Medizinische Universität Wien"),
        ("zurich", "CH", "Zürich", "ETH Zürich"),
        ("boston", "US", "Boston", "Broad Institute"),
    )
)
IDS = [one.provider_id for one in DIRECTORY]
MENTIONS = Mentions(DIRECTORY)


def find(text: str, language: str = "en", home: str = "SE") -> Named:
    return MENTIONS.find(text, language, home)


def countries(text: str, language: str, home: str = "SE") -> set[str]:
    return {DIRECTORY[row].country for row in np.flatnonzero(find(text, language, home).country)}


def towns(text: str, language: str = "en", home: str = "SE") -> set[str]:
    return {IDS[row] for row in np.flatnonzero(find(text, language, home).town)}


def organisations(text: str, language: str = "en", home: str = "SE") -> set[str]:
    return {IDS[row] for row in np.flatnonzero(find(text, language, home).organisation)}


class TestCountries:
    @pytest.mark.parametrize(
        ("language", "text", "named"),
        [
            ("da", "Vi vil til Tyskland og Frankrig", {"DE", "FR"}),
            ("da", "en partner i Østrig eller Holland", {"AT", "NL"}),
            ("da", "et spansk hospital og græske patienter", {"ES", "GR"}),
            ("de", "in den Niederlanden und außerhalb Frankreichs", {"NL", "FR"}),
            ("de", "im Vereinigten Königreich oder in Großbritannien", {"GB"}),
            ("de", "mit dänischen und österreichischer Beteiligung", {"DK", "AT"}),
            ("en", "a partner in the Netherlands, Belgium or the UK", {"NL", "BE", "GB"}),
            ("en", "a Belgian, Irish or Swiss hospital", {"BE", "IE", "CH"}),
            ("fr", "en Allemagne, aux Pays-Bas ou aux États-Unis", {"DE", "NL", "US"}),
            ("fr", "des équipes françaises et grecques, une clinique belge", {"FR", "GR", "BE"}),
            ("fr", "l'Espagne et le Royaume-Uni", {"ES", "GB"}),
            ("nl", "naar Duitsland, België en het Verenigd Koninkrijk", {"DE", "BE", "GB"}),
            ("nl", "een Duitse partner en een Spaans ziekenhuis", {"DE", "ES"}),
        ],
    )
    def test_names_and_adjectives_are_found_in_every_language(self, language: str, text: str, named: set[str]) -> None:
        assert countries(text, language) == named

    def test_accents_may_be_missing(self) -> None:
        assert countries("une equipe francaise aux Etats-Unis", "fr") == {"FR", "US"}

    def test_the_companys_own_country_does_not_count(self) -> None:
        assert countries("a Dutch study outside the Netherlands, then Germany", "en", home="NL") == {"DE"}

    @pytest.mark.parametrize(
        "text",
        [
            "All documents are in English",
            "Could you tell US and us more?",
            "polish the surface",
            "UK Biobank data",
            "It is a uk matter",
            "Equatorial Guinea",
            "Swiss-Prot entries",
        ],
    )
    def test_what_only_looks_like_one_does_not_count(self, text: str) -> None:
        assert countries(text, "en") == set()

    def test_an_adjective_of_another_language_does_not_count(self) -> None:
        assert countries("a franc is no français", "en") == set()
        assert countries("dix francs et une franche réponse", "fr") == set()
        assert countries("Let op", "nl") == set()

    def test_a_country_is_not_taken_from_the_name_of_another(self) -> None:
        assert countries("sites in Northern Ireland", "en") == {"GB"}

    @pytest.mark.parametrize("text", ["i Tyskland", "in Deutschland", "in Germany", "en Allemagne", "in Duitsland"])
    def test_all_languages_are_tried_where_the_language_is_unknown(self, text: str) -> None:
        assert countries(text, UNKNOWN) == {"DE"}
        assert countries(text, "es") == {"DE"}

    def test_every_provider_of_the_country_is_marked(self) -> None:
        assert find("in Belgium").country.tolist() == [one.country == "BE" for one in DIRECTORY]


class TestTowns:
    @pytest.mark.parametrize(
        ("text", "language", "named"),
        [
            ("from Leuven", "en", {"kul"}),
            ("aus Löwen", "de", {"kul"}),
            ("à Louvain", "fr", {"kul"}),
            ("near Copenhagen", "en", {"ku"}),
            ("i Københavns centrum", "da", {"ku"}),
            ("in Munich or Muenchen", "en", {"munich"}),
            ("in Parijs", "nl", {"cea", "pasteur"}),
            ("près d'Evry", "fr", {"hcd"}),
            ("in Brüssel", "de", {"vub"}),
            ("te Brussel", "nl", {"vub"}),
            ("in Den Bosch", "nl", {"hilversum"}),
            ("in The Hague", "en", {"tno"}),
            ("à La Haye", "fr", {"tno"}),
            ("in Vienna, Warsaw and Zurich", "en", {"vienna", "warsaw", "zurich"}),
            ("a Paris-based firm", "en", {"cea", "pasteur"}),
        ],
    )
    def test_they_are_found_by_their_own_name_and_by_that_of_the_needs_language(
        self, text: str, language: str, named: set[str]
    ) -> None:
        assert towns(text, language) == named

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("Das Essen ist fertig", "de"),
            ("Essen ist fertig", "de"),
            ("nach dem Essen", "de"),
            ("chronische Leiden der Haut", "de"),
            ("zwei Löwen", "de"),
            ("Leiden is niet altijd nodig", "nl"),
            ("a nice result", "en"),
            ("Nice results came in. Nice.", "en"),
            ("NICE recommends it", "en"),
            ("a cork stopper", "en"),
            ("Lille virksomhed søger partner", "da"),
            ("factor V Leiden carriers", "en"),
            ("the Declaration of Helsinki", "en"),
            ("made of plaster of Paris", "en"),
            ("Louvain-la-Neuve", "fr"),
            ("from Parisian labs", "en"),
        ],
    )
    def test_words_that_are_no_town_there_do_not_count(self, text: str, language: str) -> None:
        assert towns(text, language) == set()

    @pytest.mark.parametrize(
        ("text", "language", "named"),
        [
            ("Wir arbeiten in Essen", "de", "essen"),
            ("das Universitätsklinikum Essen", "de", "essen"),
            ("We are based in Nice", "en", "inserm"),
            ("aus Leiden", "de", "leiden"),
        ],
    )
    def test_a_town_that_is_also_a_word_counts_after_a_word_of_place(self, text: str, language: str, named: str) -> None:
        assert towns(text, language) == {named}

    def test_towns_at_home_do_not_count(self) -> None:
        assert towns("from Leuven to Lille", home="BE") == {"lille"}

    def test_a_town_that_lies_at_home_too_is_meant_at_home(self) -> None:
        halle = Mentions([provider("one", "BE", "", city="Bergen"), provider("two", "NO", "", city="Bergen")])
        assert halle.find("from Bergen", "en", "BE").findings == ()
        assert halle.find("from Bergen", "en", "FR").town.tolist() == [True, True]

    def test_a_town_of_fewer_than_four_letters_does_not_count(self) -> None:
        short = Mentions([provider("one", "NL", "", city="Oss"), provider("two", "DE", "", city="Jena")])
        assert short.find("from Oss and Jena", "en", "SE").town.tolist() == [False, True]


class TestOrganisations:
    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("together with TNO", {"tno"}),
            ("TNO's laboratory", {"tno"}),
            ("with KU Leuven", {"kul"}),
            ("with the Katholieke Universiteit Leuven", {"kul"}),
            ("the Institut Pasteur de Lille", {"lille"}),
            ("the Institut Pasteur", {"pasteur"}),
            ("at Inserm", {"inserm"}),
            ("like Trifork or Signify NV", {"trifork", "hilversum"}),
            ("from the Fraunhofer Gesellschaft", {"munich"}),
            ("at Human Cell Design", {"hcd"}),
            ("with Kobenhavns Universitet", {"ku"}),
        ],
    )
    def test_they_are_found_by_name_and_by_acronym(self, text: str, named: set[str]) -> None:
        assert organisations(text) == named

    @pytest.mark.parametrize("language", ["da", "fr", "nl"])
    def test_one_capital_is_enough_where_names_are_written_so(self, language: str) -> None:
        assert organisations("l'institut Pasteur", language) == {"pasteur"}

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("tno or Tno", "en"),
            ("human cell design", "en"),
            ("Human cell design matters", "en"),
            ("to catalyze change", "en"),
            ("the ku leuven", "en"),
            ("ICH WILL ES", "de"),
            ("a good TNOX", "en"),
            ("A TNO PARTNER IS SOUGHT", "en"),
            ("HORIZON-TNO", "en"),
            ("total nitrogen oxide (TNO)", "en"),
            ("the UK", "en"),
            ("Signify ist hier ein Wort", "de"),
            ("a broad institute", "en"),
        ],
    )
    def test_ordinary_words_and_other_acronyms_do_not_count(self, text: str, language: str) -> None:
        assert organisations(text, language) == set()

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("CEA levels in serum", set()),
            ("KIT mutations", set()),
            ("the CEA in Paris", {"cea"}),
            ("KIT, the German institute", {"kit"}),
        ],
    )
    def test_an_acronym_that_is_also_a_term_needs_its_town_or_country(self, text: str, named: set[str]) -> None:
        assert organisations(text) == named

    def test_those_at_home_do_not_count(self) -> None:
        assert organisations("with TNO", home="NL") == set()
        assert organisations("with TNO", home="BE") == {"tno"}

    def test_a_genitive_is_found(self) -> None:
        assert organisations("VUBs laboratorium", "da") == {"vub"}


class TestWords:
    def test_what_is_named_is_said_as_the_need_writes_it_the_most_telling_first(self) -> None:
        named = find("In Deutschland, am besten in München bei der Fraunhofer-Gesellschaft. Deutsche Kliniken", "de")
        assert named.words(IDS.index("munich")) == ("Fraunhofer-Gesellschaft", "München", "Deutschland")
        assert named.words(IDS.index("kit")) == ("Deutschland",)
        assert named.words(IDS.index("ku")) == ()

    def test_masks_and_findings_say_the_same(self) -> None:
        named = find("The Institut Pasteur in Paris, the University of Oxford, and Danish hospitals")
        for kind in ("organisation", "town", "country"):
            rows = sorted({row for finding in named.findings if finding.kind == kind for row in finding.rows.tolist()})
            assert np.flatnonzero(getattr(named, kind)).tolist() == rows
        assert [finding.word for finding in named.findings] == [
            "Institut Pasteur",
            "University of Oxford",
            "Paris",
            "Oxford",
            "Danish",
        ]

    @pytest.mark.parametrize("text", ["", "...", "(TNO", "ß ſ İ", "A/S GmbH"])
    def test_odd_texts_are_read(self, text: str) -> None:
        for language in (*LANGUAGES, UNKNOWN):
            assert len(find(text, language).country) == len(DIRECTORY)

    def test_nobody_is_named_where_there_are_no_providers(self) -> None:
        named = Mentions([]).find("in Germany", "en", "NL")
        assert (len(named.country), named.findings) == (0, ())


def test_the_sample_needs_name_the_countries_that_they_want_and_nothing_else() -> None:
    mentions = Mentions(shipped_directory().providers)
    named = {}
    for need in shipped_needs():
        found = mentions.find(need.whole_text, str(need.language), need.country)
        if found.findings:
            named[need.need_id] = [(finding.kind, finding.word) for finding in found.findings]
    assert named == {
        "need-04": [("country", "Duitsland"), ("country", "Frankrijk")],
        "need-23": [("country", "Tyskland"), ("country", "Holland")],
    }
