"""Upkeep by regional partners, over a directory in use and a record."""

from __future__ import annotations

import pytest

from matcher.errors import DirectoryRefused, NotFound, StepRefused
from matcher.log import Once
from matcher.upkeep import Entry, NewProviderStep
from service.access.errors import Forbidden
from service.record.sql_log import SqlMatchLog
from service.record.sql_upkeep import SqlUpkeep
from service.upkeep import Upkeep
from tests.fakes import small_directory
from tests.unit.matcher.upkeep_steps import entry_of, new_provider_step

OOST = "nl-oost"


@pytest.fixture
def upkeep(log: SqlMatchLog) -> Upkeep:
    return Upkeep(SqlUpkeep(log), small_directory())


def new(kind: str, provider_id: str, **more: object) -> NewProviderStep:
    return new_provider_step(kind, provider_id, **more)


def problems(error: pytest.ExceptionInfo[DirectoryRefused]) -> list[tuple[str, str]]:
    return [(one.file, one.column) for one in error.value.problems]


def of_no_region(provider_id: str, *facts: str) -> Entry:
    return entry_of(provider_id, *facts, region="")


def test_who_is_proposed_vetted_and_accepted_stands_so(upkeep: Upkeep) -> None:
    upkeep.propose([of_no_region("nora", "n1"), entry_of("otto", "o1")], "a partner", region=OOST)
    for kind in ("vetted", "accepted"):
        upkeep.step(new(kind, "nora"), "a partner", region=OOST)
    found = upkeep.standing("nora")
    assert (found.state, found.region, found.name) == ("accepted", OOST, "Nora Institute")
    assert [step.kind for step in found.steps] == ["proposed", "vetted", "accepted"]
    assert found.may_follow == ("suspended", "expired", "left", "corrected", "asked")
    assert [one.provider_id for one in upkeep.standings(OOST)] == ["nora", "otto"]
    assert list(upkeep.standings("de-nrw")) == []


def test_who_is_only_in_the_files_is_listed(upkeep: Upkeep) -> None:
    found = upkeep.standing("aqua")
    assert (found.state, found.region, found.steps) == ("listed", OOST, ())
    assert found.entry is not None
    assert [one.evidence_id for one in found.entry.evidence] == ["a1", "a2"]
    assert len(list(upkeep.everybody())) == 5
    assert [one.provider_id for one in upkeep.everybody("de-nrw")] == ["bruno"]


def test_who_is_nowhere_is_not_found(upkeep: Upkeep) -> None:
    for call in (lambda: upkeep.standing("zelda"), lambda: upkeep.step(new("left", "zelda"), "a partner")):
        with pytest.raises(NotFound, match="directory or on record"):
            call()
    with pytest.raises(NotFound):
        upkeep.correct([entry_of("zelda")], "a partner")


def test_everything_wrong_with_proposals_is_named_and_nothing_recorded(upkeep: Upkeep) -> None:
    entries = [entry_of("nora", "n1"), entry_of("otto", "b1", region="de-nrw"), entry_of("paul", "n1")]
    with pytest.raises(DirectoryRefused) as refused:
        upkeep.propose(entries, "a partner", region=OOST)
    assert problems(refused) == [
        ("provider otto", "region"),
        ("provider otto", "evidence_id"),
        ("provider paul", "evidence_id"),
    ]
    with pytest.raises(DirectoryRefused) as refused:
        upkeep.propose([of_no_region("nora")], "an office of all regions")
    assert problems(refused) == [("provider nora", "region")]
    assert list(upkeep.standings()) == []


def test_who_is_in_the_directory_is_not_proposed_and_nobody_with_it(upkeep: Upkeep) -> None:
    with pytest.raises(StepRefused, match="step of provider aqua"):
        upkeep.propose([entry_of("nora", "n1"), entry_of("aqua", "a1")], "a partner", region=OOST)
    assert list(upkeep.standings()) == []


def test_evidence_of_what_others_proposed_is_taken_too(upkeep: Upkeep) -> None:
    upkeep.propose([entry_of("nora", "n1")], "a partner", region=OOST)
    with pytest.raises(DirectoryRefused, match="of no other provider"):
        upkeep.propose([entry_of("otto", "n1")], "a partner", region=OOST)
    upkeep.correct([entry_of("nora", "n1", "n2")], "a partner", region=OOST)


def test_a_partner_looks_after_its_own_region_only(upkeep: Upkeep) -> None:
    for call in (
        lambda: upkeep.step(new("left", "bruno"), "a partner", region=OOST),
        lambda: upkeep.correct([entry_of("bruno", region="de-nrw")], "a partner", region=OOST),
        lambda: upkeep.correct_as_asked("bruno", "a partner", region=OOST),
        lambda: upkeep.step(new("left", "erik"), "a partner", region=OOST),
    ):
        with pytest.raises(Forbidden, match="be the caller's own, nl-oost"):
            call()
    upkeep.step(new("left", "erik"), "an office of all regions")
    assert upkeep.standing("erik").region == ""


def test_a_correction_stays_in_its_region_but_for_who_sees_all(upkeep: Upkeep) -> None:
    with pytest.raises(DirectoryRefused) as refused:
        upkeep.correct([entry_of("aqua", "a1", region="de-nrw")], "a partner", region=OOST)
    assert problems(refused) == [("provider aqua", "region")]
    upkeep.correct([of_no_region("aqua")], "a partner", region=OOST)
    assert upkeep.standing("aqua").region == OOST
    upkeep.correct([entry_of("aqua", region="de-nrw")], "an office of all regions")
    assert upkeep.standing("aqua").region == "de-nrw"
    with pytest.raises(Forbidden):
        upkeep.step(new("left", "aqua"), "a partner", region=OOST)


def test_what_the_provider_asked_for_is_recorded_as_it_asked(upkeep: Upkeep) -> None:
    with pytest.raises(StepRefused, match="follow a correction that the provider asked for"):
        upkeep.correct_as_asked("aqua", "a partner", region=OOST)
    for name in ("Aqua", "Aqua B.V."):
        upkeep.step(new("asked", "aqua", entry=entry_of("aqua", name=name)), "link abc")
    found = upkeep.standing("aqua")
    assert (found.name, found.asked and found.asked.provider.name) == ("Aqua Institute", "Aqua B.V.")
    upkeep.correct_as_asked("aqua", "a partner", region=OOST)
    found = upkeep.standing("aqua")
    assert (found.name, found.asked) == ("Aqua B.V.", None)
    assert found.entry is not None
    assert [one.evidence_id for one in found.entry.evidence] == ["a1", "a2"]


def test_a_repeat_under_the_same_key_is_recorded_once(upkeep: Upkeep) -> None:
    once = Once(caller="a", key="k", request="propose nora")
    first = upkeep.propose([entry_of("nora", "n1")], "a partner", region=OOST, once=once)
    assert upkeep.propose([entry_of("nora", "n1")], "a partner", region=OOST, once=once) == first
