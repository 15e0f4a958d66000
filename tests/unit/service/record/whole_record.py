"""A record with something of every kind in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from matcher.batch_log import BatchOpening
from matcher.log import Once
from matcher.notes import NewNote
from matcher.programme.application import NewApplicationStep
from matcher.surveys import SurveyAnswer
from matcher.upkeep import NewProviderStep
from service.access.keys import Key
from service.record.sql_batches import SqlBatches
from service.record.sql_keys import SqlKeyStore
from service.record.sql_links import SqlLinks
from service.record.sql_log import SqlMatchLog
from service.record.sql_notes import SqlNotes
from service.record.sql_upkeep import SqlUpkeep
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry
from tests.unit.service.record.programme_on_record import SCORES, Office

MADE = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
KINDS = (
    "engine",
    "match list",
    "match list",
    "step",
    "key made",
    "key made",
    "match list",
    "key revoked",
    "erasure",
    "batch opened",
    "match list",
    "match list",
    "batch closed",
    "programme adopted",
    "application",
    "application step",
    "provider step",
    "link made",
    "answer",
    "note",
    "note",
    "match list",
)
"""Of its entries, in order. The lists are `l-1` to `l-6`, with matches 1-2, 3, 4-5, 6, none and none; erased is `l-3`. `l-4`
and `l-5` were made in the batch `b-1`."""


def key(key_id: str, **more: object) -> Key:
    values = {"holder": "the office in Ede", "role": "advisor", "region": "nl-oost", "created_at": MADE, "created_by": "a test"}
    return Key.model_validate({"key_id": key_id, **values, "expires_at": MADE + timedelta(days=365), **more})


def opening(batch_id: str = "b-1", **more: object) -> BatchOpening:
    values = {
        "opened_at": FIRST_DAY,
        "opened_by": "an organiser",
        "source": "needs.csv",
        "digest": "d" * 64,
        "engine": "engine-1",
    }
    return BatchOpening.model_validate({"batch_id": batch_id, **values, "needs": 2, "refused": 1, **more})


def fill(log: SqlMatchLog) -> None:
    """Put it on record."""
    store = SqlKeyStore(log)
    log.record(entry("l-1", ("aqua", "NL"), ("bruno", "DE"), company="Nasovax", region="nl-oost"), COMPONENTS)
    log.record(entry("l-2", ("carla", "BE"), title="A title"), COMPONENTS, Once(caller="a", key="k", request="r"))
    log.record_step(new_step("introduced", match_id=2), "a test")
    store.add(key("aaaaaaaa"), "a" * 64)
    store.add(key("bbbbbbbb", region=None, role="organiser"), "b" * 64)
    log.record(entry("l-3", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)
    store.revoke("bbbbbbbb", "a test")
    log.erase("l-3", "an officer")
    of_batch = [one.model_copy(update={"batch": "b-1"}) for one in (entry("l-4", ("erik", "DK")), entry("l-5"))]
    SqlBatches(log).whole(opening(), of_batch, COMPONENTS)
    office = Office(log)
    office.adopt()
    number = office.book.submit(office.application(2), "an advisor").application.application_id
    office.book.step(number, NewApplicationStep(kind="assessed", assessor="assessor 1", scores=SCORES), "an officer")
    SqlUpkeep(log).step(NewProviderStep(provider_id="erik", kind="left"), "an officer", region="dk-danmark", in_files=True)
    token, _ = SqlLinks(log).make("after the event", "2", region="nl-oost", by="an organiser")
    answer = SurveyAnswer(survey="after the event", rating="cooperation possible", wishes_to_continue="yes")
    SqlLinks(log).answer(token, answer)
    asked = SqlNotes(log).write(NewNote(list_id="l-1", match_id=2, kind="correction asked", text="We never met."), "a link")
    made = {"list_id": "l-1", "match_id": 2, "kind": "correction made", "answers": asked.note_id, "text": "Taken back."}
    SqlNotes(log).write(NewNote.model_validate(made), "an advisor")
    log.record(entry("l-6"), COMPONENTS)
