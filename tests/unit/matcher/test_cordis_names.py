from __future__ import annotations

import pytest

from matcher.cordis_names import organisation_name, place_name, plain_title, web_address


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("GESELLSCHAFT ZUR FORDERUNG DER FORSCHUNG EV", "Gesellschaft zur Forderung der Forschung EV"),
        ("ENBW ENERGIE BADEN-WURTTEMBERG AG", "Enbw Energie Baden-Wurttemberg AG"),
        ("ENEL GREEN POWER SPA", "Enel Green Power SpA"),
        ("SENEC GMBH", "Senec GmbH"),
        ("INFINEON TECHNOLOGIES DRESDEN GMBH& CO KG", "Infineon Technologies Dresden GmbH& Co KG"),
        ("NKT CABLES GROUP A/S", "NKT Cables Group A/S"),
        ("CAVERION SUOMI OY", "Caverion Suomi OY"),
        ("ISACA EUROPE LIMITED", "Isaca Europe Limited"),
        ("SALSA SOUND LTD", "Salsa Sound Ltd"),
        ("EUROPEAN COUNCIL ON FOREIGN RELATIONS (ECFR) E.V.", "European Council on Foreign Relations (ECFR) e.V."),
        ("UNIVERSITA DEGLI STUDI DELL'AQUILA", "Universita degli Studi dell'Aquila"),
        ("L'AQUILA SVILUPPO SRL", "L'Aquila Sviluppo SRL"),
        ("ST MARY'S UNIVERSITY", "St Mary's University"),
        ("GRIEG STAR AS", "Grieg Star AS"),
        ("AS WE LIKE IT", "AS We Like It"),
        ("HL7 EUROPE", "HL7 Europe"),
        ("KPMG ADVISORY", "KPMG Advisory"),
        ("WWF DEUTSCHLAND", "WWF Deutschland"),
        ("EIT FOOD IVZW", "EIT Food IVZW"),
        ("VITO", "VITO"),
        ("MIRSENSE", "Mirsense"),
        ('"ACADEMIA TEHNICA ""FERDINAND I"""', 'Academia Tehnica "Ferdinand I"'),
        ("UNARETI Spa", "Unareti SpA"),
        ("Université de Liège", "Université de Liège"),
        ("Weizmann & Söhne  GmbH", "Weizmann & Söhne GmbH"),
        ("TOVARNA ŽIČNIC ŠTORE", "Tovarna Žičnic Štore"),
        ("R&amp;D SOLUTIONS", "R&D Solutions"),
        ("", ""),
        ("50/50", "50/50"),
    ],
)
def test_a_name_in_capitals_is_written_as_one_would(raw: str, name: str) -> None:
    assert organisation_name(raw) == name
    assert organisation_name(name) == name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("PARIS", "Paris"),
        ("BRNO", "Brno"),
        ("Bruxelles / Brussel", "Bruxelles / Brussel"),
        ("BAD HOMBURG VOR DER HOHE", "Bad Homburg Vor der Hohe"),
        ("'S-GRAVENZANDE", "'S-Gravenzande"),
        ("PARIS 15", "Paris 15"),
        ("", ""),
    ],
)
def test_a_town_in_capitals_has_no_acronyms(raw: str, name: str) -> None:
    assert place_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("  Photonics for\n Sustainable  Industry. ", "Photonics for Sustainable Industry"),
        ("Smart &amp; clean", "Smart & clean"),
        ("HIDDEN PHASES IN 2D-QUANTUM MATERIALS OF THE EU", "Hidden phases in 2D-quantum materials of the EU"),
        ("METAMORPHOSIS", "METAMORPHOSIS"),
        ("Twinning on the Performance of the HVDC Grid of Europe", "Twinning on the Performance of the HVDC Grid of Europe"),
    ],
)
def test_a_title_is_tidied_and_calmed(raw: str, title: str) -> None:
    assert plain_title(raw) == title


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("http://www.fraunhofer.de", "http://www.fraunhofer.de"),
        ("www.Example.EU/", "https://www.example.eu"),
        ("HTTP://Example.eu/A/b", "http://example.eu/A/b"),
        ("https://example.eu and more", "https://example.eu"),
        ("https://", ""),
        ("none", ""),
        ("", ""),
    ],
)
def test_an_address_is_cleaned(raw: str, clean: str) -> None:
    assert web_address(raw) == clean
