"""Links that serve one purpose: made once, shown once, and opening nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from embeddings.errors import Refusal
from matcher.errors import NotFound
from matcher.links import LONGEST_LIFE, LinkRefused, Purpose, link_id_of, new_token, token_digest
from matcher.log import Once
from matcher.surveys import SurveyAnswer
from service.record.sql_links import SqlLinks
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.record.outside import Outside

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
HAPPY = SurveyAnswer(survey="after the event", rating="cooperation possible", wishes_to_continue="yes")
LATER = SurveyAnswer(survey="after six months", result="valuable", anyway="no", wishes_to_continue="yes")


class Clock:
    """Stands where a test puts it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links(any_log: SqlMatchLog, clock: Clock) -> SqlLinks:
    """With two matches on record, of which the first was met and the second only introduced."""
    any_log.record(entry("l-1", ("bruno", "DE"), ("carla", "BE"), company="Nasovax", region="nl-oost"), COMPONENTS)
    for kind in ("introduced", "accepted"):
        any_log.record_step(new_step(kind, match_id=1), "advisor")
    any_log.record_step(new_step("introduced", match_id=2), "advisor")
    return SqlLinks(any_log, clock)


def made(links: SqlLinks, purpose: Purpose = "after the event", subject: str = "1", **more: timedelta) -> str:
    token, _ = links.make(purpose, subject, region="nl-oost", by="an advisor", **more)
    return token


def test_a_token_opens_what_it_was_made_for(links: SqlLinks, any_log: SqlMatchLog) -> None:
    token, link = links.make("provider entry", "bruno", region="de-nrw", by="an advisor", life=timedelta(days=10))
    assert links.opened(token, "provider entry", "company entry") == link
    assert (link.subject, link.region, link.made_by) == ("bruno", "de-nrw", "an advisor")
    assert link.expires_at - link.made_at == timedelta(days=10)
    any_log.verify()


def test_the_token_is_kept_nowhere(links: SqlLinks, outside: Outside, any_log: SqlMatchLog) -> None:
    token = made(links)
    secret = token[14:]
    with any_log.database.engine.connect() as connection:
        for table in ("links", "entries"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert secret not in json.dumps([list(map(str, row)) for row in rows])
    assert secret not in repr(new_token())
    assert token_digest(token) != token


def test_wrong_tokens_are_answered_alike(links: SqlLinks) -> None:
    token = made(links)
    other = f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}"
    words = set()
    for wrong in (other, new_token().text, "", "nonsense", token[:-1], f"{token} ", token.replace("ct_", "cm_")):
        with pytest.raises(LinkRefused) as refused:
            links.opened(wrong, "after the event")
        words.add(str(refused.value))
        assert not wrong or wrong not in str(refused.value)
    assert len(words) == 1


def test_a_link_for_something_else_is_refused(links: SqlLinks) -> None:
    with pytest.raises(LinkRefused, match="be for provider entry"):
        links.opened(made(links), "provider entry")
    with pytest.raises(LinkRefused, match="be for after six months"):
        links.answer(made(links), LATER)


def test_a_link_ends_by_itself(links: SqlLinks, clock: Clock) -> None:
    token = made(links, life=timedelta(days=2))
    clock.now += timedelta(days=2) - timedelta(seconds=1)
    assert links.opened(token, "after the event").subject == "1"
    clock.now += timedelta(seconds=1)
    with pytest.raises(LinkRefused, match="expired on 2026-05-06"):
        links.opened(token, "after the event")
    with pytest.raises(LinkRefused, match="expired"):
        links.answer(token, HAPPY)


@pytest.mark.parametrize("life", [timedelta(0), timedelta(days=-1), LONGEST_LIFE + timedelta(seconds=1)])
def test_a_link_lives_for_a_while_and_not_for_ever(links: SqlLinks, life: timedelta) -> None:
    with pytest.raises(Refusal, match="life of the link"):
        made(links, life=life)


@pytest.mark.parametrize("subject", ["99", "0", "-1", "bruno", "1" * 40, "１"])
def test_a_survey_is_about_a_match_on_record(links: SqlLinks, subject: str) -> None:
    with pytest.raises(NotFound):
        made(links, subject=subject)


def test_several_links_are_made_together_or_not_at_all(links: SqlLinks, any_log: SqlMatchLog) -> None:
    tokens = [new_token() for _ in range(3)]
    before = any_log.verify().seq
    wanted = [(token, "after the event", subject) for token, subject in zip(tokens, ("1", "2", "99"), strict=True)]
    with pytest.raises(NotFound):
        links.make_each([(one, "after the event", subject, "nl-oost") for one, _, subject in wanted], by="an advisor")
    assert any_log.verify().seq == before
    found = links.make_each([(one, "after the event", subject, "nl-oost") for one, _, subject in wanted[:2]], by="an advisor")
    assert [links.opened(token.text, "after the event") for token in tokens[:2]] == found
    assert any_log.verify().seq == before + 2


def test_an_answer_is_on_record_once_and_is_a_step_of_its_match(links: SqlLinks, any_log: SqlMatchLog) -> None:
    token = made(links)
    given = links.answer(token, HAPPY)
    assert (given.match_id, given.answer) == (1, HAPPY)
    with pytest.raises(LinkRefused, match="be answered once"):
        links.answer(token, HAPPY)
    history = any_log.history(1)
    assert (history.state, history.steps[-1].rating) == ("met", "cooperation possible")
    assert history.steps[-1].recorded_by == f"link {link_id_of(token)}"
    any_log.verify()


def test_an_answer_under_a_key_is_taken_once_and_told_again(links: SqlLinks, any_log: SqlMatchLog) -> None:
    token, once = made(links), Once(caller="a link", key="k", request="an answer")
    given = links.answer(token, HAPPY, once)
    head = any_log.verify()
    assert links.answer(token, HAPPY, once) == given
    assert any_log.verify() == head


def test_a_survey_that_was_sent_twice_is_answered_once(links: SqlLinks) -> None:
    first, second = made(links), made(links)
    links.answer(first, HAPPY)
    assert links.answered(second)
    with pytest.raises(LinkRefused, match="be answered once"):
        links.answer(second, HAPPY)
    assert not links.answered(made(links, subject="2"))
    assert not links.answered(made(links, "after six months"))


def test_an_answer_stays_where_the_match_cannot_take_it_as_a_step(links: SqlLinks, any_log: SqlMatchLog) -> None:
    links.answer(made(links, "after six months"), LATER)
    links.answer(made(links, subject="2"), HAPPY)
    assert [any_log.history(number).state for number in (1, 2)] == ["accepted", "introduced"]
    assert [one.answer is not None for one in links.surveys()] == [True, True]
    any_log.verify()


def test_surveys_are_told_by_region_with_their_answers(links: SqlLinks, clock: Clock) -> None:
    token = made(links)
    clock.now += timedelta(hours=1)
    links.make("after six months", "2", region="be-liege", by="an advisor")
    links.make("provider entry", "bruno", region="nl-oost", by="an advisor")
    links.answer(token, HAPPY)
    sent = list(links.surveys())
    assert [(one.match_id, one.survey, one.answer is not None) for one in sent] == [
        (1, "after the event", True),
        (2, "after six months", False),
    ]
    assert [one.match_id for one in links.surveys(region="be-liege")] == [2]
    assert links.answered(token)
