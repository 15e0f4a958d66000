"""What a provider works on, from the subjects of its evidence."""

from __future__ import annotations

from collections import Counter

import pytest

from matcher.fields_of_work import FIELDS, LEAST_SHARE, fields_of, fields_of_subject
from matcher.shipped import shipped_directory
from tests.unit.matcher.pieces import piece


@pytest.mark.parametrize(
    ("subject", "fields"),
    [
        ("Cancer", {"cancer"}),
        ("Immuno-Oncology Therapies", {"cancer"}),
        ("lung cancer", {"cancer", "immune system, lungs and skin"}),
        ("RNA", {"cells, genes and tissues"}),
        ("RNA viruses", {"infections and vaccines"}),
        ("Biotechnology", {"medicines and their discovery"}),
        ("Industrial Biotech", {"bioprocesses, food and environment"}),
        ("ecosystems", {"bioprocesses, food and environment"}),
        ("European innovation ecosystems", set()),
        ("Real-world data, evidence", {"clinical trials and patients", "digital health and data"}),
        ("Regulatory and HTA processes", {"regulation, market access and public health"}),
        ("Health", set()),
        ("", set()),
    ],
)
def test_a_subject_is_of_the_fields_that_its_words_begin_as(subject: str, fields: set[str]) -> None:
    assert fields_of_subject(subject) == fields


def test_a_word_is_only_known_by_its_beginning() -> None:
    assert fields_of_subject("anticancerous") == set()
    assert fields_of_subject("external") == set()  # holds "rna"


def test_fields_come_with_most_evidence_first_and_equals_in_the_order_shown() -> None:
    evidence = [piece(1, "Diagnostics; Cancer"), piece(2, "diagnostics"), piece(3, "Pain")]
    assert fields_of(evidence) == ("diagnostics and imaging", "cancer", "brain and mind")


def test_a_piece_counts_once_for_a_field_however_many_topics_say_it() -> None:
    evidence = [piece(1, "Cancer; oncology; melanoma"), piece(2, "Pain"), piece(3, "stroke")]
    assert fields_of(evidence) == ("brain and mind", "cancer")


def test_one_in_five_is_enough_and_less_is_not() -> None:
    assert LEAST_SHARE == 0.2
    others = [piece(number, "Vaccines") for number in range(1, 5)]
    assert "cancer" in fields_of([*others, piece(5, "Cancer")])
    assert "cancer" not in fields_of([*others, piece(5, "Cancer"), piece(6, "Vaccines")])


def test_evidence_that_tells_no_field_does_not_count_against_any() -> None:
    silent = [piece(number, "Health; governance") for number in range(1, 20)]
    assert fields_of([*silent, piece(20, "Cancer")]) == ("cancer",)


def test_where_topics_tell_nothing_the_title_does_but_not_the_name_of_a_company() -> None:
    assert fields_of([piece(1, "Health", title="Regenerative grafts")]) == ("cells, genes and tissues",)
    assert fields_of([piece(1, "Cancer", title="Regenerative grafts")]) == ("cancer",)
    assert fields_of([piece(1, kind="investment", title="Cancer Plant Food BV")]) == ()
    assert fields_of([piece(1, kind="service", title="Market access: pricing")]) == (
        "regulation, market access and public health",
    )


def test_nobody_works_on_anything_without_evidence() -> None:
    assert fields_of([]) == ()


def test_the_order_of_evidence_changes_nothing() -> None:
    evidence = [piece(1, "Cancer"), piece(2, "Pain; Vaccines"), piece(3, "Pain"), piece(4, "Health")]
    assert fields_of(evidence) == fields_of(evidence[::-1])


def test_the_shipped_directory_is_parted_by_its_fields() -> None:
    directory = shipped_directory()
    of = {one.provider_id: fields_of(directory.evidence_of(one.provider_id)) for one in directory.providers}
    counts = Counter(field for fields in of.values() for field in fields)
    assert 8 <= len(FIELDS) <= 15
    assert set(counts) == set(FIELDS)
    # A facet that finds nearly nobody, or nearly everybody, helps nobody.
    assert all(20 <= counts[field] <= 0.6 * len(directory) for field in FIELDS), counts
    assert sum(1 for fields in of.values() if not fields) <= 0.05 * len(directory)
    by_name = {one.name: of[one.provider_id] for one in directory.providers}
    assert by_name["Institut Curie"][0] == "cancer"
    assert by_name["Institut Pasteur"][0] == "infections and vaccines"
