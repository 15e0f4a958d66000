from __future__ import annotations

from matcher.lifecycle import NewStep
from service.record.sql_log import SqlMatchLog
from service.workshop.on_record import leave_out_known
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.workshop.planned_events import event


def met(log: SqlMatchLog, match_id: int, company: str, region: str) -> None:
    log.record(entry(f"list-{match_id}", ("bruno", "DE"), company=company, country="NL", region=region), COMPONENTS)
    for told in ({"kind": "introduced"}, {"kind": "declined", "reason": "already in contact"}):
        log.record_step(NewStep.model_validate({"match_id": match_id, **told}), "a test")


def test_who_knows_each_other_by_the_record_is_left_out_and_named(log: SqlMatchLog) -> None:
    met(log, 1, "Lungs B.V.", "nl-oost")
    told, notes = leave_out_known(event(), log)
    assert told.known == (("lungs", "bruno"),)
    assert notes == ["By the record they know each other already: lungs and bruno."]


def test_what_may_not_be_seen_does_not_count(log: SqlMatchLog) -> None:
    met(log, 1, "Lungs B.V.", "nl-oost")
    assert leave_out_known(event(), log, lambda region: region == "be-liege") == (event(), [])
    met(log, 2, "Lungs BV", "be-liege")
    told, _ = leave_out_known(event(), log, lambda region: region == "be-liege")
    assert told.known == (("lungs", "bruno"),)


def test_an_empty_record_changes_nothing(log: SqlMatchLog) -> None:
    assert leave_out_known(event(), log) == (event(), [])
