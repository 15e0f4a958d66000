"""The directory's files, with what the record says of them."""

from __future__ import annotations

import pytest

from matcher.directory import Directory
from matcher.errors import DirectoryRefused
from matcher.kept_directory import filed_entry, with_record
from matcher.upkeep import ProviderStep
from tests.fakes import small_directory
from tests.unit.matcher.upkeep_steps import entry_of, new_provider_step, on_record, provider_steps_of


def ids(directory: Directory) -> list[str]:
    return [one.provider_id for one in directory.providers]


def corrected(provider_id: str, *facts: str, **more: object) -> list[ProviderStep]:
    return [on_record(new_provider_step("corrected", provider_id, entry=entry_of(provider_id, *facts, **more)), 1)]


def test_without_steps_it_is_the_files() -> None:
    files = small_directory()
    assert with_record(files, []).directory is files


def test_who_was_accepted_is_in_it_with_its_evidence() -> None:
    kept = with_record(small_directory(), [provider_steps_of("proposed", "vetted", "accepted")])
    assert (kept.accepted, kept.corrected, kept.left_out) == (1, 0, 0)
    assert ids(kept.directory) == ["aqua", "bruno", "carla", "dion", "erik", "nora"]
    assert [one.evidence_id for one in kept.directory.evidence_of("nora")] == ["nora-1"]
    assert [one.evidence_id for one in kept.directory.evidence] == sorted(one.evidence_id for one in kept.directory.evidence)


@pytest.mark.parametrize("kinds", [("proposed",), ("proposed", "vetted"), ("proposed", "refused"), ("proposed", "left")])
def test_who_is_not_accepted_is_not_in_it(kinds: tuple[str, ...]) -> None:
    assert with_record(small_directory(), [provider_steps_of(*kinds)]).directory == small_directory()


@pytest.mark.parametrize("kinds", [("left",), ("left", "proposed"), ("left", "proposed", "refused")])
def test_who_left_is_not_in_it_until_accepted_anew(kinds: tuple[str, ...]) -> None:
    kept = with_record(small_directory(), [provider_steps_of(*kinds, provider_id="bruno")])
    assert kept.left_out == 1
    assert "bruno" not in ids(kept.directory)
    assert "b1" not in {one.evidence_id for one in kept.directory.evidence}
    again = provider_steps_of("left", "proposed", "vetted", "accepted", provider_id="bruno")
    kept = with_record(small_directory(), [again])
    assert (kept.accepted, kept.corrected) == (0, 1)
    assert [one.evidence_id for one in kept.directory.evidence_of("bruno")] == ["bruno-1"]


@pytest.mark.parametrize("kinds", [("suspended",), ("expired",), ("suspended", "resumed")])
def test_who_may_be_back_at_once_stays_in_it(kinds: tuple[str, ...]) -> None:
    kept = with_record(small_directory(), [provider_steps_of(*kinds, provider_id="bruno")])
    assert kept.directory == small_directory()


def test_a_correction_takes_the_place_of_the_row_and_of_the_evidence_it_tells() -> None:
    kept = with_record(small_directory(), [corrected("aqua", "a9", name="Aqua B.V."), corrected("bruno", name="Bruno")])
    assert kept.corrected == 2
    assert kept.directory.provider("aqua").name == "Aqua B.V."
    assert [one.evidence_id for one in kept.directory.evidence_of("aqua")] == ["a9"]
    assert kept.directory.provider("bruno").name == "Bruno"
    assert kept.directory.evidence_of("bruno") == small_directory().evidence_of("bruno")


def test_who_is_gone_from_the_files_is_not_brought_back_by_a_correction() -> None:
    assert with_record(small_directory(), [corrected("zelda")]).directory == small_directory()


def test_the_record_over_a_directory_made_with_it_changes_nothing() -> None:
    steps = [corrected("aqua", "a9", name="Aqua B.V."), provider_steps_of("proposed", "vetted", "accepted")]
    once = with_record(small_directory(), steps).directory
    assert with_record(once, steps).directory == once


def test_evidence_under_an_id_that_another_has_is_named() -> None:
    with pytest.raises(DirectoryRefused) as refused:
        with_record(small_directory(), [corrected("aqua", "b1"), corrected("erik", "c1")])
    assert [problem.file for problem in refused.value.problems] == ["entry of provider bruno", "entry of provider erik"]


def test_an_entry_of_the_files_is_told_with_its_evidence() -> None:
    entry = filed_entry(small_directory(), "aqua")
    assert entry is not None
    assert [one.evidence_id for one in entry.evidence] == ["a1", "a2"]
    assert filed_entry(small_directory(), "zelda") is None
