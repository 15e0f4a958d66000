from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access.local_link import LINK_LIFE, SESSION_LIFE, LinkRefused, LocalLink
from tests.unit.service.access.guarded import Clock


def token_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["token"][0]


def test_a_link_opens_one_session_that_lasts_a_working_day(link: LocalLink, clock: Clock) -> None:
    session = link.open(token_of(link.issue()))
    assert link.is_session(session)
    clock.turn(seconds=SESSION_LIFE.total_seconds() - 1)
    assert link.is_session(session)
    clock.turn(seconds=1)
    assert not link.is_session(session)


def test_a_link_has_256_random_bits(link: LocalLink) -> None:
    tokens = {token_of(link.issue()) for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}


def test_a_second_use_is_refused_and_leaves_the_session(link: LocalLink) -> None:
    token = token_of(link.issue())
    session = link.open(token)
    with pytest.raises(LinkRefused, match=r"used once\. Got one that was used already\. .*start the service again"):
        link.open(token)
    assert link.is_session(session)


def test_a_link_is_refused_after_some_minutes(link: LocalLink, clock: Clock) -> None:
    token = token_of(link.issue())
    clock.turn(seconds=LINK_LIFE.total_seconds())
    with pytest.raises(LinkRefused, match="within 10 minutes"):
        link.open(token)


def test_a_new_link_ends_the_one_before(link: LocalLink) -> None:
    former, newest = token_of(link.issue()), token_of(link.issue())
    with pytest.raises(LinkRefused, match="last start"):
        link.open(former)
    assert link.is_session(link.open(newest))


def test_a_wrong_token_does_not_use_the_link_up(link: LocalLink) -> None:
    token = token_of(link.issue())
    with pytest.raises(LinkRefused) as refused:
        link.open(token[:-1])
    assert token[:-1] not in str(refused.value)
    assert link.open(token)


def test_a_link_of_another_start_opens_nothing(link: LocalLink, clock: Clock) -> None:
    former = LocalLink(clock)
    session = former.open(token_of(former.issue()))
    link.issue()
    assert not link.is_session(session)


def test_before_a_link_is_issued_nothing_opens(link: LocalLink) -> None:
    with pytest.raises(LinkRefused):
        link.open("")


def test_sessions_that_ended_are_forgotten(link: LocalLink, clock: Clock) -> None:
    for _ in range(5):
        link.open(token_of(link.issue()))
        clock.turn(seconds=SESSION_LIFE.total_seconds())
    assert len(link._sessions) == 1


@given(st.text(max_size=60))
def test_nothing_else_is_a_session_or_a_token(text: str) -> None:
    link = LocalLink(Clock())
    link.open(token_of(link.issue()))
    link.issue()
    assert not link.is_session(text)
    with pytest.raises(LinkRefused):
        link.open(text)
