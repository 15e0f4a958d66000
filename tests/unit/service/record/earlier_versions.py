"""Databases as earlier versions of Crossmatch left them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from matcher.log import LoggedList
from service.record.schema import MIGRATIONS
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry

VERSIONS = ["0001", "0002"]
UNKNOWN_THEN: dict[str, set[str]] = {"0001": {"because", "signals", "probability", "contact"}, "0002": {"contact"}}
"""Version → fields of a match that it did not write yet."""


@dataclass(frozen=True)
class Outcome:
    """What version 0002 recorded of a match."""

    match: int
    kind: str
    reason: str | None = None
    hours: int = 1
    """After the first day."""

    @property
    def recorded_at(self) -> datetime:
        return FIRST_DAY + timedelta(hours=self.hours)


LISTS = (
    entry("l-1", ("aqua", "NL"), ("bruno", "DE"), company="Nasovax B.V.", region="nl-oost", title="Marsupialis", need_id="n-1"),
    entry("l-2", company="Nobody Found", created_at=FIRST_DAY + timedelta(hours=2), text="Marsupialis cannot be had."),
    entry("l-3", ("carla", "BE"), country="DK", created_at=FIRST_DAY + timedelta(hours=4), text="Où trouver « Marsupialis » ?"),
)
"""Matches 1-2, none, 3. Each need says the word that is looked for afterwards."""
OUTCOMES = (
    Outcome(1, "introduced", hours=1),
    Outcome(1, "declined", "no capacity", hours=3),
    # Nothing had to come before a meeting then.
    Outcome(3, "met", hours=5),
    Outcome(2, "introduced", hours=6),
    Outcome(2, "accepted", hours=6),
    # By a clock that went backwards.
    Outcome(2, "met", hours=5),
)


def make(url: str, version: str, lists: Iterable[LoggedList] = LISTS, outcomes: Iterable[Outcome] = OUTCOMES) -> None:
    """A database of that version with these in it."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            # Nobody asked for it then; some builds of SQLite do by themselves.
            connection.exec_driver_sql("PRAGMA secure_delete=OFF")
        migrate(connection, version)
        tables = sa.MetaData()
        tables.reflect(connection)
        add = _Adding(connection, tables, version)
        add.row("engines", fingerprint="engine-1", components=json.dumps(COMPONENTS, sort_keys=True))
        add.row("engines", fingerprint="engine-0", components="{}")
        for given in lists:
            add.match_list(given)
        for outcome in outcomes if version != "0001" else ():
            by = {"recorded_by": "an advisor", "recorded_at": outcome.recorded_at.replace(tzinfo=None)}
            add.row("outcomes", match=outcome.match, kind=outcome.kind, reason=outcome.reason, **by)
    engine.dispose()


def migrate(connection: sa.Connection, version: str) -> None:
    """Bring it to that version and no further."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


class _Adding:
    """Writes rows as the code of that version did."""

    def __init__(self, connection: sa.Connection, tables: sa.MetaData, version: str) -> None:
        self._connection = connection
        self._tables = tables.tables
        self._unknown = UNKNOWN_THEN[version]

    def row(self, name: str, **values: Any) -> Any:
        inserted = self._connection.execute(self._tables[name].insert().values(values)).inserted_primary_key
        assert inserted is not None
        return inserted[0]

    def match_list(self, given: LoggedList) -> None:
        answer, need = given.answer, given.answer.request.need
        key = self.row(
            "match_lists",
            list_id=given.list_id,
            request_id=given.request_id,
            created_at=given.created_at.replace(tzinfo=None),
            asked_by=given.asked_by,
            need_id=need.need_id,
            company=need.company,
            country=need.country,
            region=need.region,
            request=answer.request.model_dump_json(exclude={"filters": {"known_contacts"}}),
            language=answer.language,
            verdict=answer.verdict,
            notes=json.dumps(answer.notes, ensure_ascii=False),
            considered=answer.considered.model_dump_json(exclude={"known_contacts"}),
            engine=answer.engine,
        )
        for match in answer.matches:
            self.row(
                "matches",
                match_list=key,
                rank=match.rank,
                provider_id=match.provider_id,
                category=match.category,
                country=match.country,
                cross_border=match.cross_border,
                score=match.score,
                parts=json.dumps({part.name: part.value for part in match.parts}),
                match=match.model_dump_json(exclude=self._unknown),
            )
