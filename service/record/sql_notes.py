"""Notes beside the match lists, in the record's database. What they say stands apart, and is erased with the need's words."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from embeddings.errors import shown
from matcher.errors import NotFound, StepRefused
from matcher.log import Once
from matcher.notes import NewNote, Note, WaitingCorrection, check_note
from service.record.chain import ChainEnd, commitment, row_document
from service.record.confidential import APART, ERASED
from service.record.idempotency import entry_under, remember
from service.record.moments import in_utc, plain
from service.record.queries import LARGEST_ID, key_of_list
from service.record.sql_log import SqlMatchLog
from service.record.tables import confidential, match_lists, matches, note_words, notes


class SqlNotes:
    """Notes, each an entry of the chain."""

    def __init__(self, log: SqlMatchLog) -> None:
        self._log = log

    def write(self, new: NewNote, by: str, once: Once | None = None) -> Note:
        """Put a note on record.

        Args:
            new: the note.
            by: who writes it.
            once: the same note under the same key is recorded once.

        Raises:
            NotFound: there is no such list, or the match is not on it.
            StepRefused: the words of the list were erased, or the note may not follow those before it.
        """

        def write(chain: ChainEnd) -> Note:
            connection = chain.connection
            if once is not None and (there := entry_under(connection, once)) is not None:
                return _note(connection.execute(_notes().where(notes.c.seq == there)).one())
            key = key_of_list(connection, new.list_id)
            _check_place(connection, key, new)
            check_note(_of_list(connection, key), new)
            number = _write(chain, key, new, by)
            if once is not None:
                remember(connection, once, number)
            return _note(connection.execute(_notes().where(notes.c.seq == number)).one())

        return self._log.writer.write(write)

    def of_list(self, list_id: str) -> list[Note]:
        """The notes on a list and its matches, in order of recording.

        Raises:
            NotFound: there is no such list.
        """
        with self._log.database.reading() as connection:
            return _of_list(connection, key_of_list(connection, list_id))

    def of_lists(self, list_ids: Sequence[str]) -> dict[str, list[Note]]:
        """The notes on each of these lists that has any, in order of recording."""
        found: dict[str, list[Note]] = {}
        with self._log.database.reading() as connection:
            for row in connection.execute(_notes().where(match_lists.c.list_id.in_(list_ids))):
                found.setdefault(row.list_id, []).append(_note(row))
        return found

    def waiting(self, region: str | None = None) -> list[WaitingCorrection]:
        """Corrections that companies asked for and nobody has answered, those that wait longest first.

        Args:
            region: of the lists; `None` for all.
        """
        answered = select(notes.c.answers).where(notes.c.answers.is_not(None))
        asked = _notes().where(notes.c.kind == "correction asked", notes.c.seq.not_in(answered))
        if region is not None:
            asked = asked.where(match_lists.c.region == region)
        with self._log.database.reading() as connection:
            rows = connection.execute(asked).all()
        return [WaitingCorrection(note=_note(row), company=row.company, country=row.country, region=row.region) for row in rows]


def _check_place(connection: Connection, key: int, new: NewNote) -> None:
    place = f"note on list {shown(new.list_id)}"
    if connection.execute(select(confidential.c.match_list).where(confidential.c.match_list == key)).first() is None:
        # Nobody would look there for words to erase.
        raise StepRefused(place, "be on a list whose words are still there", "one that was erased", "Write it elsewhere.")
    if new.match_id is None:
        return
    on_it = (matches.c.id == min(new.match_id, LARGEST_ID)) & (matches.c.match_list == key)
    if connection.execute(select(matches.c.id).where(on_it)).first() is None:
        raise NotFound("match of the note", f"be on list {shown(new.list_id)}", str(new.match_id), "Look at the list.")


def _write(chain: ChainEnd, key: int, new: NewNote, by: str) -> int:
    number, at = chain.head.seq + 1, datetime.now(UTC)
    row = {
        "seq": number,
        "match_list": key,
        "match": new.match_id,
        "kind": new.kind,
        "answers": new.answers,
        "written_at": plain(at),
        "written_by": by,
    }
    salt, words = secrets.token_hex(32), APART + new.text
    body = {"note": row_document(notes, row), "words": commitment(salt, words)}
    chain.append("note", body, by=by, at=at, match_list=key, match=new.match_id)
    chain.connection.execute(insert(notes), row)
    chain.connection.execute(insert(note_words), {"note": number, "salt": salt, "words": words})
    return number


def _of_list(connection: Connection, key: int) -> list[Note]:
    return [_note(row) for row in connection.execute(_notes().where(notes.c.match_list == key))]


def _notes() -> Select[Any]:
    return (
        select(notes, note_words.c.words, match_lists.c.list_id, match_lists.c.company)
        .add_columns(match_lists.c.country, match_lists.c.region)
        .join_from(notes, match_lists, notes.c.match_list == match_lists.c.id)
        .outerjoin(note_words, note_words.c.note == notes.c.seq)
        .order_by(notes.c.seq)
    )


def _note(row: Row[Any]) -> Note:
    return Note(
        note_id=row.seq,
        list_id=row.list_id,
        match_id=row.match,
        kind=row.kind,
        text=ERASED if row.words is None else row.words.removeprefix(APART),
        answers=row.answers,
        written_at=in_utc(row.written_at),
        written_by=row.written_by,
    )
