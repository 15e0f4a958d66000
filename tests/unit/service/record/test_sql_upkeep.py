"""Steps of providers on record, and who is off lists by them: in every process, at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.errors import KeyReused, NotFound, StepRefused
from matcher.log import Once
from matcher.upkeep import NewProviderStep
from service.record.backup import back_up, restore
from service.record.sql_log import SqlMatchLog
from service.record.sql_upkeep import SqlUpkeep, is_on_lists
from tests.unit.matcher.upkeep_steps import entry_of, new_provider_step
from tests.unit.service.entries import COMPONENTS, entry


@pytest.fixture
def upkeep(any_log: SqlMatchLog) -> SqlUpkeep:
    return SqlUpkeep(any_log)


@pytest.fixture
def elsewhere(any_log: SqlMatchLog) -> Iterator[SqlUpkeep]:
    """The same record, opened by another process."""
    log = SqlMatchLog(any_log.database.url)
    yield SqlUpkeep(log)
    log.close()


def put(upkeep: SqlUpkeep, *kinds: str, provider_id: str = "nora", in_files: bool = True, region: str = "nl-oost") -> None:
    for kind in kinds:
        upkeep.step(new_provider_step(kind, provider_id), "a partner", region=region, in_files=in_files)


def test_a_step_comes_back_as_it_was_told(upkeep: SqlUpkeep, any_log: SqlMatchLog) -> None:
    told = new_provider_step("proposed", entry=entry_of("nora", "n1", "n2"), happened_on="2026-03-01")
    given = upkeep.step(told, "a partner", region="nl-oost", in_files=False)
    assert NewProviderStep.model_validate(given.model_dump(include=set(NewProviderStep.model_fields))) == told
    assert (given.region, given.recorded_by) == ("nl-oost", "a partner")
    assert upkeep.steps_of("nora") == [given]
    assert upkeep.steps_of("bruno") == []
    assert any_log.verify().seq == given.step_id


def test_what_may_not_follow_is_refused_and_leaves_nothing(upkeep: SqlUpkeep, any_log: SqlMatchLog) -> None:
    put(upkeep, "proposed", in_files=False)
    with pytest.raises(StepRefused, match="vetted, refused, left"):
        put(upkeep, "accepted", in_files=False)
    with pytest.raises(StepRefused, match="not in the directory"):
        put(upkeep, "left", provider_id="zelda", in_files=False)
    assert [step.kind for step in upkeep.steps_of("nora")] == ["proposed"]
    any_log.verify()


def test_several_steps_are_recorded_or_none(upkeep: SqlUpkeep, any_log: SqlMatchLog) -> None:
    new = [(new_provider_step("proposed", name), "nl-oost") for name in ("nora", "otto", "nora")]
    with pytest.raises(StepRefused):
        upkeep.step_each(new, "a partner", in_files=())
    assert list(upkeep.every_provider()) == []
    given = upkeep.step_each(new[:2], "a partner", in_files=())
    assert [one.provider_id for one in given] == ["nora", "otto"]
    assert list(upkeep.every_provider()) == [[given[0]], [given[1]]]
    assert any_log.verify().seq == given[1].step_id


def test_the_same_step_under_the_same_key_is_recorded_once(upkeep: SqlUpkeep) -> None:
    once = Once(caller="a", key="k", request="step nora left")
    left = new_provider_step("left")
    first = upkeep.step(left, "a partner", region="nl-oost", in_files=True, once=once)
    assert upkeep.step(left, "a partner", region="nl-oost", in_files=True, once=once) == first
    assert len(upkeep.steps_of("nora")) == 1
    with pytest.raises(KeyReused):
        upkeep.step(left, "a partner", region="nl-oost", in_files=True, once=Once(caller="a", key="k", request="another"))


def test_a_region_has_the_providers_that_it_looks_after_now(upkeep: SqlUpkeep) -> None:
    put(upkeep, "suspended", provider_id="aqua")
    put(upkeep, "suspended", provider_id="bruno", region="de-nrw")
    put(upkeep, "corrected", provider_id="aqua", region="de-nrw")
    assert [steps[0].provider_id for steps in upkeep.every_provider("de-nrw")] == ["aqua", "bruno"]
    assert [len(steps) for steps in upkeep.every_provider("de-nrw")] == [2, 1]
    assert list(upkeep.every_provider("nl-oost")) == []


WAYS = {
    (): False,
    ("suspended",): True,
    ("suspended", "resumed"): False,
    ("suspended", "asked"): True,
    ("corrected",): False,
    ("asked",): False,
    ("expired",): True,
    ("left", "proposed", "vetted"): True,
    ("left", "proposed", "vetted", "accepted"): False,
}


@pytest.mark.parametrize("kinds", WAYS)
def test_who_is_off_lists_follows_from_the_steps(upkeep: SqlUpkeep, kinds: tuple[str, ...]) -> None:
    put(upkeep, *kinds)
    assert upkeep.off_lists() == (frozenset({"nora"}) if WAYS[kinds] else frozenset())
    assert is_on_lists(upkeep.steps_of("nora")) is not WAYS[kinds]


def test_every_process_knows_at_once(upkeep: SqlUpkeep, elsewhere: SqlUpkeep) -> None:
    assert upkeep.off_lists() == elsewhere.off_lists() == frozenset()
    put(upkeep, "suspended")
    assert elsewhere.off_lists() == {"nora"}
    put(elsewhere, "left", provider_id="bruno")
    assert upkeep.off_lists() == {"nora", "bruno"}
    put(elsewhere, "resumed")
    assert upkeep.off_lists() == elsewhere.off_lists() == {"bruno"}


def test_other_entries_between_steps_change_nothing(upkeep: SqlUpkeep, any_log: SqlMatchLog) -> None:
    put(upkeep, "suspended")
    any_log.record(entry("l-1", ("bruno", "DE")), COMPONENTS)
    assert upkeep.off_lists() == {"nora"}
    put(upkeep, "left", provider_id="bruno")
    any_log.record(entry("l-2"), COMPONENTS)
    assert upkeep.off_lists() == upkeep.off_lists() == {"nora", "bruno"}


@pytest.mark.parametrize("there", [(), ("otto",), ("otto", "paul", "quin")])
def test_another_database_behind_the_address_is_noticed(upkeep: SqlUpkeep, tmp_path: Path, there: tuple[str, ...]) -> None:
    put(upkeep, "suspended")
    put(upkeep, "suspended", provider_id="bruno")
    assert upkeep.off_lists() == {"nora", "bruno"}
    other = SqlMatchLog(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    for name in there:
        put(SqlUpkeep(other), "left", provider_id=name)
    upkeep._log = other
    assert upkeep.off_lists() == upkeep.off_lists() == set(there)
    other.close()


def test_it_can_be_asked_as_it_stood_when_a_list_was_given_out(upkeep: SqlUpkeep, any_log: SqlMatchLog) -> None:
    any_log.record(entry("l-1", ("nora", "DE")), COMPONENTS)
    put(upkeep, "suspended")
    any_log.record(entry("l-2"), COMPONENTS)
    put(upkeep, "resumed")
    put(upkeep, "left", provider_id="bruno")
    assert upkeep.off_lists(before_list="l-1") == frozenset()
    assert upkeep.off_lists(before_list="l-2") == {"nora"}
    assert upkeep.off_lists() == {"bruno"}
    with pytest.raises(NotFound):
        upkeep.off_lists(before_list="l-9")


def test_a_backup_holds_the_upkeep(upkeep: SqlUpkeep, any_log: SqlMatchLog, tmp_path: Path) -> None:
    put(upkeep, "proposed", in_files=False)
    put(upkeep, "left", provider_id="bruno")
    back_up(any_log, tmp_path / "backup.sqlite3")
    restore(tmp_path / "backup.sqlite3", f"sqlite:///{tmp_path / 'restored.sqlite3'}")
    restored = SqlMatchLog(f"sqlite:///{tmp_path / 'restored.sqlite3'}")
    try:
        assert list(SqlUpkeep(restored).every_provider()) == list(upkeep.every_provider())
        assert restored.verify() == any_log.verify()
    finally:
        restored.close()
