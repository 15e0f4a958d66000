"""The chain, need texts apart, steps in place of outcomes, idempotency keys, API keys; what is on record cannot be changed.

What this file does with data is written out here and not taken from the code, because the code will go on changing and
this must not.
"""

import hashlib
import heapq
import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import rfc8785
import sqlalchemy as sa
from alembic import op

from matcher.companies import company_key

revision = "0003"
down_revision = "0002"

PROTECTED = {
    "engines": ("fingerprint",),
    "match_lists": ("id", "list_id"),
    "matches": ("id",),
    "confidential": ("match_list",),
    "entries": ("seq",),
    "keys": ("key_id",),
    "revocations": ("key_id",),
}
"""Table → columns each of which names one row."""
OF_A_LIST = (
    "list_id",
    "request_id",
    "asked_by",
    "need_id",
    "company",
    "country",
    "region",
    "language",
    "verdict",
    "engine",
)
OF_A_MATCH = ("id", "rank", "provider_id", "category", "country", "cross_border", "score")
LONGEST_KEY = 600
APART = " " * 4096
"""Before the words, so that SQLite keeps them on pages of their own."""


def upgrade() -> None:
    _make_tables()
    connection = op.get_bind()
    old = sa.MetaData()
    old.reflect(connection)
    something_moved = _Move(connection, old).everything()
    op.drop_index("ix_outcomes_match", "outcomes")
    op.drop_table("outcomes")
    if something_moved and connection.dialect.name == "sqlite":
        # Words that were in these tables may be left in the unused parts of pages; whoever opens the file sees to it.
        op.execute("PRAGMA user_version=3")
    make_triggers(connection.dialect.name)


def _make_tables() -> None:
    op.add_column("match_lists", sa.Column("company_key", sa.String(600), nullable=False, server_default=""))
    op.create_index("ix_match_lists_company_key", "match_lists", ["company_key"])
    op.create_index("ix_match_lists_region", "match_lists", ["region"])
    op.create_index("ix_match_lists_created_at", "match_lists", ["created_at"])
    op.create_table(
        "confidential",
        sa.Column("match_list", sa.Integer, sa.ForeignKey("match_lists.id"), primary_key=True, autoincrement=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("match_list", sa.Integer, sa.ForeignKey("match_lists.id"), nullable=True),
        sa.Column("match", sa.Integer, sa.ForeignKey("matches.id"), nullable=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_entries_match_list", "entries", ["match_list"])
    op.create_index("ix_entries_match", "entries", ["match"])
    op.create_table(
        "idempotency",
        sa.Column("caller", sa.String(200), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("entry", sa.Integer, sa.ForeignKey("entries.seq"), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_idempotency_entry", "idempotency", ["entry"])
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
    op.create_table(
        "keys",
        sa.Column("key_id", sa.String(20), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("region", sa.String(500), nullable=True),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "revocations",
        sa.Column("key_id", sa.String(20), sa.ForeignKey("keys.key_id"), primary_key=True),
        sa.Column("revoked_at", sa.DateTime, nullable=False),
        sa.Column("revoked_by", sa.String(200), nullable=False),
    )


class _Move:
    """Takes the words of the needs out, and makes an entry of everything that is there, in order of time."""

    def __init__(self, connection: sa.Connection, tables: sa.MetaData) -> None:
        self._connection = connection
        self._tables = tables.tables
        self._seq, self._hash = 0, "0" * 64

    def everything(self) -> bool:
        for row in self._rows("engines", "fingerprint"):
            self._engine(row)
        lists = [(row.created_at, 0, row.id) for row in self._columns("match_lists", "created_at", "id")]
        outcomes = [(row.recorded_at, 1, row.id) for row in self._columns("outcomes", "recorded_at", "id")]
        # Merged and not sorted: where a clock went backwards, the order of recording counts.
        for _, kind, number in heapq.merge(lists, outcomes):
            name = ("match_lists", "outcomes")[kind]
            table = self._tables[name]
            row = self._connection.execute(sa.select(table).where(table.c.id == number)).one()
            (self._list, self._outcome)[kind](row)
        return bool(lists)

    def _rows(self, name: str, order: str) -> Sequence[sa.Row[Any]]:
        table = self._tables[name]
        return self._connection.execute(sa.select(table).order_by(table.c[order])).all()

    def _columns(self, name: str, *columns: str) -> Sequence[sa.Row[Any]]:
        table = self._tables[name]
        chosen = sa.select(*(table.c[column] for column in columns)).order_by(table.c.id)
        return self._connection.execute(chosen).all()

    def _engine(self, row: sa.Row[Any]) -> None:
        # Whoever recorded the engine's first list; the engine's own row does not tell when.
        lists = self._tables["match_lists"]
        first = self._connection.execute(
            sa.select(lists.c.created_at, lists.c.asked_by).where(lists.c.engine == row.fingerprint).order_by(lists.c.id)
        ).first()
        at, by = (first.created_at, first.asked_by) if first else (datetime(1970, 1, 1), "migration")
        body = {"fingerprint": row.fingerprint, "components": _digest(row.components)}
        self._append("engine", body, at, by)

    def _list(self, row: sa.Row[Any]) -> None:
        lists, matches = self._tables["match_lists"], self._tables["matches"]
        request = json.loads(row.request)
        need = request["need"]
        said_in_need = {name: need.pop(name, "") for name in ("text", "title")}
        explained = []
        covered = []
        chosen = sa.select(matches).where(matches.c.match_list == row.id).order_by(matches.c.rank)
        for match in self._connection.execute(chosen).all():
            document = json.loads(match.match)
            said = [{name: one.pop(name) for name in ("need_sentence", "terms")} for one in document["evidence"]]
            explained.append({"because": document.pop("because", []), "evidence": said})
            written = _json(document)
            self._connection.execute(matches.update().where(matches.c.id == match.id).values(match=written))
            covered.append(
                {name: match._mapping[name] for name in OF_A_MATCH} | {"parts": _digest(match.parts), "match": _digest(written)}
            )
        changed = {"request": _json(request), "company_key": company_key(row.company, row.country)[:LONGEST_KEY]}
        self._connection.execute(lists.update().where(lists.c.id == row.id).values(changed))
        salt, told = secrets.token_hex(32), APART + _json({"request": {"need": said_in_need}, "matches": explained})
        confidential = self._tables["confidential"]
        self._connection.execute(confidential.insert().values(match_list=row.id, salt=salt, words=told))
        body = {
            "list": {name: row._mapping[name] for name in OF_A_LIST}
            | {"created_at": _moment(row.created_at), "request": _digest(changed["request"])}
            | {"notes": _digest(row.notes), "considered": _digest(row.considered)},
            "matches": covered,
            "words": hashlib.sha256((salt + told).encode()).hexdigest(),
        }
        self._append("match list", body, row.created_at, row.asked_by, match_list=row.id)

    def _outcome(self, row: sa.Row[Any]) -> None:
        matches = self._tables["matches"]
        of_list = self._connection.execute(sa.select(matches.c.match_list).where(matches.c.id == row.match)).scalar_one()
        body = {"match_id": row.match, "kind": row.kind, "reason": row.reason}
        body |= dict.fromkeys(("happened_on", "rating", "incentive", "result", "anyway", "corrects"))
        self._append("step", body, row.recorded_at, row.recorded_by, match_list=of_list, match=row.match)

    def _append(self, kind: str, body: dict[str, Any], at: datetime, by: str, **about: int) -> None:
        self._seq += 1
        row: dict[str, Any] = {
            "seq": self._seq,
            "kind": kind,
            "recorded_by": by,
            "previous": self._hash,
            "match_list": None,
            "match": None,
        }
        row |= about
        hashed = rfc8785.dumps({**row, "recorded_at": _moment(at), "body": body})
        self._hash = hashlib.sha256(hashed).hexdigest()
        written = {**row, "recorded_at": at, "body": rfc8785.dumps(body).decode(), "hash": self._hash}
        self._connection.execute(self._tables["entries"].insert().values(written))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds") + "Z"


def make_triggers(dialect: str) -> None:
    """Refuse UPDATE and DELETE in every table of the record; words may be deleted once their erasure is on record."""
    if dialect == "postgresql":
        _make_postgresql_triggers()
        return
    for table, names in PROTECTED.items():
        _make_sqlite_trigger(table, "update", "UPDATE", "")
        erased = "SELECT 1 FROM entries WHERE kind = 'erasure' AND match_list = OLD.match_list"
        _make_sqlite_trigger(table, "delete", "DELETE", f"WHEN NOT EXISTS ({erased})" if table == "confidential" else "")
        # INSERT OR REPLACE deletes without asking the triggers of DELETE.
        taken = " OR ".join(f"{name} = NEW.{name}" for name in names)
        there = f"SELECT 1 FROM {table} WHERE {taken}"  # noqa: S608
        _make_sqlite_trigger(table, "replace", "INSERT", f"WHEN EXISTS ({there})")


def _make_sqlite_trigger(table: str, what: str, action: str, when: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_{what} BEFORE {action} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, 'the record is append-only: {table}'); END"
    )


def _make_postgresql_triggers() -> None:
    op.execute(
        """
        CREATE FUNCTION record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            erased boolean;
        BEGIN
            IF TG_TABLE_NAME = 'confidential' AND TG_OP = 'DELETE' THEN
                -- Of the record, not of whatever a session has put before it under that name.
                EXECUTE pg_catalog.format(
                    'SELECT EXISTS (SELECT 1 FROM %I.entries WHERE kind = ''erasure'' AND match_list = $1)', TG_TABLE_SCHEMA
                ) INTO erased USING OLD.match_list;
                IF erased THEN
                    RETURN OLD;
                END IF;
            END IF;
            RAISE EXCEPTION 'the record is append-only: %', TG_TABLE_NAME;
        END $$
        """
    )
    for table in PROTECTED:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION record_is_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_is_append_only()"
        )
