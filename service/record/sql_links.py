"""Links that serve one purpose, and what was answered through them, in the record's database."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from embeddings.errors import Refusal
from matcher.errors import NotFound, StepRefused
from matcher.lifecycle import check_day, check_step
from matcher.links import LONGEST_LIFE, USUAL_LIFE, Link, LinkRefused, Purpose, link_id_of, new_token, token_digest
from matcher.surveys import Answered, Sent, SurveyAnswer, SurveyKind
from service.record import queries
from service.record.chain import ChainEnd, row_document
from service.record.programme_rows import plain
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import Clock, now_in_utc
from service.record.tables import answers, links

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
            NotFound: a survey about a match that is not on record, or not of the region.
            Refusal: it would live for too long.
        """
        if not timedelta(0) < life <= LONGEST_LIFE:
            raise Refusal("life of the link", f"be between a day and {LONGEST_LIFE.days} days", str(life), "Choose another.")

        def write(chain: ChainEnd) -> tuple[str, Link]:
            token, at = new_token(), self._clock()
            number = None
            if purpose in ("after the event", "after six months"):
                number = queries.history_of(chain.connection, int(subject)).match.match_id
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
            return token.text, _link(chain.connection.execute(_of_id(token.link_id)).one())

        return self._log.writer.write(write)

    def opened(self, token: str, *purposes: Purpose) -> Link:
        """What a token opens.

        Raises:
            LinkRefused: it is unknown, expired, or for another purpose.
        """
        with self._log.database.reading() as connection:
            return self._opened(connection, token, purposes)

    def answer(self, token: str, answer: SurveyAnswer) -> Answered:
        """Put on record what a company answered; a step of the match too, where it is legal now. Once for each link.

        Raises:
            LinkRefused: the token opens no such survey, or was answered before.
        """

        def write(chain: ChainEnd) -> Answered:
            connection = chain.connection
            link = self._opened(connection, token, (answer.survey,))
            if connection.execute(select(answers.c.seq).where(answers.c.link == link.link_id)).one_or_none() is not None:
                wanted, remedy = "be answered once", "Tell the regional partner what is to be corrected."
                raise LinkRefused("survey", wanted, "an answer on record", remedy)
            at, match_id = self._clock(), int(link.subject)
            by = f"link {link.link_id}"
            row = {
                "seq": chain.head.seq + 1,
                "link": link.link_id,
                "answered_at": plain(at),
                "document": answer.model_dump_json(),
            }
            chain.append("answer", row_document(answers, row), by=by, at=at, match=match_id)
            connection.execute(insert(answers), row)
            _tell_the_match(chain, match_id, answer, by)
            return Answered(match_id=match_id, answer=answer, answered_at=at)

        return self._log.writer.write(write)

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
            raise LinkRefused("token", "be one that was sent", "an unknown one", "Open the link again, whole.")
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


def _of_id(link_id: str) -> Select[Any]:
    return select(links).where(links.c.link_id == link_id)


def _link(row: Row[Any]) -> Link:
    return Link(
        link_id=row.link_id,
        purpose=row.purpose,
        subject=row.subject,
        region=row.region,
        made_at=row.made_at.replace(tzinfo=UTC),
        made_by=row.made_by,
        expires_at=row.expires_at.replace(tzinfo=UTC),
    )


def _sent(row: Row[Any]) -> Sent:
    survey: SurveyKind = row.purpose
    answer = None
    if row.answer is not None:
        told = SurveyAnswer.model_validate(json.loads(row.answer))
        answer = Answered(match_id=int(row.subject), answer=told, answered_at=_utc(row.answered_at))
    return Sent(match_id=int(row.subject), survey=survey, region=row.region, sent_at=_utc(row.made_at), answer=answer)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
