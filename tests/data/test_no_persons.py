from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.data.shipped_tables import DATASETS

TEXTS = sorted(file for file in DATASETS.iterdir() if file.suffix in (".csv", ".jsonl"))
PERSON = re.compile(
    r"\b(?:Dr|Prof|Mr|Mrs|Ms|Mme|Mlle|M\.|Hr|Fr\.|Dhr|Mevr|Herr|Herrn|Frau|Fru|Monsieur|Madame|Professor|Doctor|Docteur|Doktor)"
    r"\.?[ \t]+(?:[A-ZÆØÅÄÖÜÉÈ][\w.'-]*)"
)
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+|mailto:", re.I)
TELEPHONE = re.compile(r"\+\d{2}[ \d()/-]{7,}")


@pytest.mark.parametrize(
    "text", ["Prof. Jensen leads", "ask Dr. Peeters", "Mme Dupont", "bei Frau Müller", "dhr. Smit, Dhr. Smit"]
)
def test_the_pattern_finds_a_person(text: str) -> None:
    assert PERSON.search(text)


@pytest.mark.parametrize(
    "text", ["Ms-based proteomics", "Mr.Goodfish3.0", "Frauen und Männer", "MS Patients", "Professorinnen"]
)
def test_the_pattern_leaves_other_words_alone(text: str) -> None:
    assert not PERSON.search(text)


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_no_person_is_named_by_a_title(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if PERSON.search(line)] == []


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_there_is_no_e_mail_address_and_no_telephone_number(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if E_MAIL.search(line) or TELEPHONE.search(line)] == []
