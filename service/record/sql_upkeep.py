"""The directory's upkeep in the record's database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from matcher.log import Once
from matcher.upkeep import ON_LISTS, NewProviderStep, ProviderStep, check_provider_step, state_of_provider
from service.record.chain import ChainEnd, row_document
from service.record.idempotency import entry_under, remember
from service.record.programme_rows import plain
from service.record.sql_log import SqlMatchLog
from service.record.tables import provider_steps

_NUMBERED = {"step_id", "provider_id", "kind", "region", "recorded_at", "recorded_by"}


class SqlUpkeep:
    """Steps of providers, each an entry of the chain."""

    def __init__(self, log: SqlMatchLog) -> None:
        self._log = log

    def step(self, new: NewProviderStep, by: str, *, region: str, in_files: bool, once: Once | None = None) -> ProviderStep:
        """Put on record what happens to a provider.

        Args:
            new: the step.
            by: who records it.
            region: that looks after the provider.
            in_files: whether the provider is in the directory that is in use.
            once: the same step under the same key is recorded once.

        Raises:
            StepRefused: it is not legal now.
        """

        def write(chain: ChainEnd) -> ProviderStep:
            if once is not None and (there := entry_under(chain.connection, once)) is not None:
                return _step(chain.connection.execute(select(provider_steps).where(provider_steps.c.seq == there)).one())
            check_provider_step(steps_of_provider(chain.connection, new.provider_id), new, in_files=in_files)
            number, at = chain.head.seq + 1, datetime.now(UTC)
            step = ProviderStep(**new.model_dump(), step_id=number, region=region, recorded_at=at, recorded_by=by)
            row = {
                "seq": number,
                "provider_id": step.provider_id,
                "kind": step.kind,
                "region": region,
                "recorded_at": plain(at),
                "recorded_by": by,
                "document": step.model_dump_json(exclude=_NUMBERED),
            }
            chain.append("provider step", row_document(provider_steps, row), by=by, at=at)
            chain.connection.execute(insert(provider_steps), row)
            if once is not None:
                remember(chain.connection, once, number)
            return step

        return self._log.writer.write(write)

    def steps_of(self, provider_id: str) -> list[ProviderStep]:
        """All steps of a provider in order of recording; none for one that only the files know."""
        with self._log.database.reading() as connection:
            return steps_of_provider(connection, provider_id)

    def every_provider(self, region: str | None = None) -> Iterator[list[ProviderStep]]:
        """The steps of each provider that has any, by id."""
        with self._log.database.reading() as connection:
            chosen = select(provider_steps).order_by(provider_steps.c.provider_id, provider_steps.c.seq)
            rows = connection.execute(chosen if region is None else chosen.where(provider_steps.c.region == region)).all()
        for _, own in groupby(map(_step, rows), key=lambda step: step.provider_id):
            yield list(own)

    def off_lists(self) -> frozenset[str]:
        """Providers that may be on no new list, as it stands now."""
        chosen = select(provider_steps.c.provider_id, provider_steps.c.kind).order_by(provider_steps.c.seq)
        with self._log.database.reading() as connection:
            rows = connection.execute(chosen).all()
        return off_lists_by((row.provider_id, row.kind) for row in rows)


def off_lists_by(kinds: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Those that may be on no list after these steps: id and kind, in order of recording."""
    off: set[str] = set()
    for provider_id, kind in kinds:
        if kind in ("accepted", "resumed"):
            off.discard(provider_id)
        elif kind != "corrected":
            off.add(provider_id)
    return frozenset(off)


def steps_of_provider(connection: Connection, provider_id: str) -> list[ProviderStep]:
    """All steps of a provider in order of recording."""
    chosen = select(provider_steps).where(provider_steps.c.provider_id == provider_id).order_by(provider_steps.c.seq)
    return [_step(row) for row in connection.execute(chosen)]


def is_on_lists(steps: list[ProviderStep]) -> bool:
    """Whether it may be on a new list, as far as the record tells."""
    return state_of_provider(steps) in ON_LISTS


def _step(row: Row[Any]) -> ProviderStep:
    return ProviderStep(
        **json.loads(row.document),
        step_id=row.seq,
        provider_id=row.provider_id,
        kind=row.kind,
        region=row.region,
        recorded_at=row.recorded_at.replace(tzinfo=UTC),
        recorded_by=row.recorded_by,
    )
