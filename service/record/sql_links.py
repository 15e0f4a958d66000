"""Links that serve one purpose, and what was answered through them, in the record's database."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from embeddings.errors import Refusal
from matcher.errors import NotFound, StepRefused
from matcher.lifecycle import check_day, check_step
from matcher.links import (
    LONGEST_LIFE,
    USUAL_LIFE,
    Link,
    LinkRefused,
    NewToken,
    Purpose,
    link_id_of,
    new_token,
    token_digest,
    wrong_token,
)
from matcher.log import Once
from matcher.surveys import ASKED, Answered, Sent, SurveyAnswer, SurveyKind
from service.record import queries
from service.record.chain import ChainEnd, row_document
from service.record.idempotency import entry_under, remember
from service.record.moments import in_utc, plain
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import Clock, now_in_utc
from service.record.tables import answers, links

LONGEST_SUBJECT = 100
"""Characters that the column holds; a company's name and country, a provider's id."""
_NUMBER = re.compile("[0-9]{1,19}")
_NO_DIGEST = "0" * 64
"""Compared with where the id is unknown, so that an unknown id is answered as a wrong token is."""


class SqlLinks:
    """Makes links, tells what one opens, and takes the one answer of a survey."""

    def __init__(self, log: SqlMatchLog, clock: Clock = now_in_utc) -> None:
        self._log = log
        self._clock = clock

    def make(self, purpose: Purpose, subject: str, *, region: str, by: str, life: timedelta = USUAL_LIFE) -> tuple[str, Link]:
        """A new link: its token, which cannot be shown a second time, and what is kept of it.

        Args:
            purpose: what it is for.
            subject: whom it is for; for a survey the match's number.
            region: whose it is.
            by: who makes it.
            life: after which it opens nothing.

        Raises:
            NotFound: a survey about a match that is not on record.
            Refusal: it would live for too long.
        """
        token = new_token()
        [link] = self.make_each([(token, purpose, subject, region)], by=by, life=life)
        return token.text, link

    def make_each(
        self, new: Sequence[tuple[NewToken, Purpose, str, str]], *, by: str, life: timedelta = USUAL_LIFE
    ) -> list[Link]:
        """Several new links, all of them or none.

        Args:
            new: of each its token, purpose, subject and region; see `make`.
            by: who makes them.
            life: after which they open nothing.

        Raises:
            NotFound, Refusal: see `make`.
        """
        if not timedelta(0) < life <= LONGEST_LIFE:
            raise Refusal("life of the link", f"be between a day and {LONGEST_LIFE.days} days", str(life), "Choose another.")

        def write(chain: ChainEnd) -> list[Link]:
            return [self._make(chain, *one, by, life) for one in new]

        return self._log.writer.write(write)

    def _make(
        self, chain: ChainEnd, token: NewToken, purpose: Purpose, subject: str, region: str, by: str, life: timedelta
    ) -> Link:
        if len(subject) > LONGEST_SUBJECT:
            found = f"{len(subject):,} characters"
            raise Refusal("subject of the link", f"have at most {LONGEST_SUBJECT} characters", found, "Shorten it.")
        at, number = self._clock(), None
        if purpose in ASKED:
            number = queries.history_of(chain.connection, _match_id(subject)).match.match_id
        row = {
            "link_id": token.link_id,
            "digest": token.digest,
            "purpose": purpose,
            "subject": subject,
            "region": region,
            "made_at": plain(at),
            "made_by": by,
            "expires_at": plain(at + life),
            "document": "{}",
        }
        chain.connection.execute(insert(links), row)
        chain.append("link made", row_document(links, row), by=by, at=at, match=number)
        return _link(chain.connection.execute(_of_id(token.link_id)).one())

    def opened(self, token: str, *purposes: Purpose) -> Link:
        """What a token opens.

        Raises:
            LinkRefused: it is unknown, expired, or for another purpose.
        """
        with self._log.database.reading() as connection:
            return self._opened(connection, token, purposes)

    def answer(self, token: str, answer: SurveyAnswer, once: Once | None = None) -> Answered:
        """Put on record what a company answered; a step of the match too, where it is legal now.

        A survey of a match is answered once, however many links to it were sent.

        Args:
            token: of the link.
            answer: to the survey that it opens.
            once: the same answer under the same key is taken once, and gets the same reply.

        Raises:
            LinkRefused: the token opens no such survey, or was answered before.
        """

        def write(chain: ChainEnd) -> Answered:
            connection = chain.connection
            link = self._opened(connection, token, (answer.survey,))
            if once is not None and (there := entry_under(connection, once)) is not None:
                given = connection.execute(select(answers).where(answers.c.seq == there)).one()
                return _answered(link.subject, given.document, given.answered_at)
            if _is_answered(connection, link):
                wanted, remedy = "be answered once", "Tell the regional partner what is to be corrected."
                raise LinkRefused("survey", wanted, "an answer on record", remedy)
            at, match_id = self._clock(), int(link.subject)
            by = f"link {link.link_id}"
            number = chain.head.seq + 1
            row = {
                "seq": number,
                "link": link.link_id,
                "answered_at": plain(at),
                "document": answer.model_dump_json(),
            }
            chain.append("answer", row_document(answers, row), by=by, at=at, match=match_id)
            connection.execute(insert(answers), row)
            if once is not None:
                remember(connection, once, number)
            _tell_the_match(chain, match_id, answer, by)
            return Answered(match_id=match_id, answer=answer, answered_at=at)

        return self._log.writer.write(write)

    def answered(self, token: str) -> bool:
        """Whether the survey that a token opens was answered, through this link or another.

        Raises:
            LinkRefused: it opens no survey.
        """
        with self._log.database.reading() as connection:
            link = self._opened(connection, token, tuple(ASKED))
            return _is_answered(connection, link)

    def surveys(self, *, region: str | None = None) -> Iterator[Sent]:
        """All surveys that were sent, in order of sending, with their answers."""
        asked = ("after the event", "after six months")
        chosen = (
            select(links, answers.c.answered_at, answers.c.document.label("answer"))
            .outerjoin(answers, answers.c.link == links.c.link_id)
            .where(links.c.purpose.in_(asked))
            .order_by(links.c.made_at, links.c.link_id)
        )
        if region is not None:
            chosen = chosen.where(links.c.region == region)
        with self._log.database.reading() as connection:
            rows = connection.execute(chosen).all()
        yield from map(_sent, rows)

    def _opened(self, connection: Connection, token: str, purposes: tuple[str, ...]) -> Link:
        link_id = link_id_of(token)
        row = connection.execute(_of_id(link_id)).one_or_none()
        fits = hmac.compare_digest(token_digest(token).encode(), (_NO_DIGEST if row is None else row.digest).encode())
        if row is None or not fits:
            raise wrong_token()
        link = _link(row)
        if not link.is_open(self._clock()):
            found = f"one that expired on {link.expires_at:%Y-%m-%d}"
            raise LinkRefused("link", "be valid", found, "Ask the regional partner for a new one.")
        if link.purpose not in purposes:
            raise LinkRefused(
                "link", f"be for {' or '.join(purposes)}", f"one for {link.purpose}", "Use the link as it was sent."
            )
        return link


def _tell_the_match(chain: ChainEnd, match_id: int, answer: SurveyAnswer, by: str) -> None:
    """The answer as a step of the match, where it is legal: the partner may have recorded the meeting already."""
    step = answer.step(match_id)
    try:
        history = queries.history_of(chain.connection, match_id)
        check_step(history.steps, step)
        check_day(step, history.match.created_at.date())
    except (StepRefused, NotFound):
        return
    key = queries.key_of_list(chain.connection, history.match.list_id)
    chain.append("step", step.model_dump(mode="json"), by=by, match_list=key, match=match_id)


def _is_answered(connection: Connection, link: Link) -> bool:
    same = (links.c.purpose == link.purpose) & (links.c.subject == link.subject)
    return connection.execute(select(answers.c.seq).join(links).where(same).limit(1)).first() is not None


def _of_id(link_id: str) -> Select[Any]:
    return select(links).where(links.c.link_id == link_id)


def _link(row: Row[Any]) -> Link:
    return Link(
        link_id=row.link_id,
        purpose=row.purpose,
        subject=row.subject,
        region=row.region,
        made_at=in_utc(row.made_at),
        made_by=row.made_by,
        expires_at=in_utc(row.expires_at),
    )


def _sent(row: Row[Any]) -> Sent:
    survey: SurveyKind = row.purpose
    answer = None
    if row.answer is not None:
        answer = _answered(row.subject, row.answer, row.answered_at)
    return Sent(match_id=int(row.subject), survey=survey, region=row.region, sent_at=in_utc(row.made_at), answer=answer)


def _answered(subject: str, document: str, at: datetime) -> Answered:
    told = SurveyAnswer.model_validate(json.loads(document))
    return Answered(match_id=int(subject), answer=told, answered_at=in_utc(at))


def _match_id(subject: str) -> int:
    """The match of a survey's link; 0, which no match has, where it is none."""
    return int(subject) if _NUMBER.fullmatch(subject) else 0
