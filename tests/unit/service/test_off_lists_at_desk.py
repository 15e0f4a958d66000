"""Who is suspended, expired or gone is on no new list at once, whoever makes the list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matcher.batch_terms import BatchTerms
from matcher.upkeep import NewProviderStep
from service.batch.at_once import answer_batch
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from service.record.sql_upkeep import SqlUpkeep
from tests.fakes import need, request


@pytest.fixture
def partner(log: SqlMatchLog) -> Iterator[SqlUpkeep]:
    """A regional partner at another process."""
    other = SqlMatchLog(log.database.url)
    yield SqlUpkeep(other)
    other.close()


def leave(partner: SqlUpkeep, provider_id: str = "bruno", kind: str = "left") -> None:
    told = NewProviderStep.model_validate({"provider_id": provider_id, "kind": kind, "reason": "a complaint"})
    partner.step(told, "a partner", region="de-nrw", in_files=True)


def listed(desk: Desk) -> list[str]:
    return [match.provider_id for match in desk.answer(request(), asked_by="an advisor").answer.matches]


def test_the_next_list_is_without_it(small_desk: Desk, partner: SqlUpkeep, log: SqlMatchLog) -> None:
    assert listed(small_desk) == ["bruno", "aqua"]
    leave(partner, kind="suspended")
    assert listed(small_desk) == ["aqua"]
    leave(partner, kind="resumed")
    assert listed(small_desk) == ["bruno", "aqua"]
    log.verify()


def test_a_list_on_record_keeps_the_count(small_desk: Desk, partner: SqlUpkeep, log: SqlMatchLog) -> None:
    leave(partner)
    given = small_desk.answer(request(), asked_by="an advisor")
    assert given.answer.considered.off_lists == 1
    assert log.get(given.list_id) == given
    log.verify()


def test_a_replay_leaves_out_who_was_off_lists_then(small_desk: Desk, partner: SqlUpkeep) -> None:
    before = small_desk.answer(request(), asked_by="an advisor")
    leave(partner)
    after = small_desk.answer(request(), asked_by="an advisor")
    leave(partner, "aqua")
    first, second = small_desk.replay(before.list_id), small_desk.replay(after.list_id)
    assert first.same
    assert second.same
    assert [one.provider_id for one in first.off_lists] == ["bruno", "aqua"]
    assert [one.provider_id for one in second.off_lists] == ["aqua"]
    assert "On no new list today: Aqua Institute (aqua), at 1 then." in second.sentences


def test_a_batch_in_one_answer_is_without_it(small_desk: Desk, partner: SqlUpkeep, log: SqlMatchLog) -> None:
    leave(partner)
    batch = answer_batch(small_desk, [need(), need()], BatchTerms(), asked_by="an organiser", request_id="r")
    assert batch.lists == 2
    assert {one.match.provider_id for one in log.every_match()} == {"aqua"}
