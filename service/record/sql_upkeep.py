"""The directory's upkeep in the record's database."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select

from matcher.log import Once
from matcher.upkeep import ON_LISTS, STAYS_AS_IT_IS, NewProviderStep, ProviderStep, check_provider_step, state_of_provider
from service.record.chain import ChainEnd, row_document
from service.record.idempotency import entry_under, remember
from service.record.moments import plain
from service.record.queries import key_of_list
from service.record.sql_log import SqlMatchLog
from service.record.tables import entries, provider_steps

_KINDS = select(provider_steps.c.seq, provider_steps.c.provider_id, provider_steps.c.kind).order_by(provider_steps.c.seq)
_NUMBERED = {"step_id", "provider_id", "kind", "region", "recorded_at", "recorded_by"}


class SqlUpkeep:
    """Steps of providers, each an entry of the chain."""

    def __init__(self, log: SqlMatchLog) -> None:
        self._log = log
        self._looked = _Looked()

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
            step = _write(chain, new, by, region, in_files)
            if once is not None:
                remember(chain.connection, once, step.step_id)
            return step

        return self._log.writer.write(write)

    def step_each(
        self, new: Sequence[tuple[NewProviderStep, str]], by: str, *, in_files: Collection[str]
    ) -> list[ProviderStep]:
        """Put several steps on record, or none.

        Args:
            new: each with the region that looks after its provider.
            by: who records them.
            in_files: ids of the directory that is in use.

        Raises:
            StepRefused: one of them is not legal now.
        """

        def write(chain: ChainEnd) -> list[ProviderStep]:
            return [_write(chain, step, by, region, step.provider_id in in_files) for step, region in new]

        return self._log.writer.write(write)

    def steps_of(self, provider_id: str) -> list[ProviderStep]:
        """All steps of a provider in order of recording; none for one that only the files know."""
        with self._log.database.reading() as connection:
            return steps_of_provider(connection, provider_id)

    def every_provider(self, region: str | None = None) -> Iterator[list[ProviderStep]]:
        """The steps of each provider that has any, by id; of those that the region looks after now, where one is given."""
        chosen = select(provider_steps).order_by(provider_steps.c.provider_id, provider_steps.c.seq)
        with self._log.database.reading() as connection:
            rows = connection.execute(chosen).all()
        for _, own in groupby(rows, key=lambda row: row.provider_id):
            steps = list(own)
            if region in (None, steps[-1].region):
                yield list(map(_step, steps))

    def off_lists(self, before_list: str | None = None) -> frozenset[str]:
        """Providers that may be on no new list: as it stands now, or stood when a list was given out, if one is named.

        Asked at every request, it reads only what came since the last look.

        Raises:
            NotFound: there is no such list.
        """
        with self._log.database.reading() as connection:
            if before_list is not None:
                key = key_of_list(connection, before_list)
                given = select(entries.c.seq).where(entries.c.kind == "match list", entries.c.match_list == key)
                rows = connection.execute(_KINDS.where(provider_steps.c.seq < given.scalar_subquery())).all()
                return off_lists_by((row.provider_id, row.kind) for row in rows)
            looked = self._looked
            # From the last one on, and not after it: where that is another than it was, another database answers.
            rows = connection.execute(
                _KINDS.where(provider_steps.c.seq >= bindparam("newest")), {"newest": looked.newest}
            ).all()
            if looked.newest and (not rows or tuple(rows[0]) != looked.last):
                looked, rows = _Looked(), connection.execute(_KINDS).all()
            new = rows[1:] if looked.newest else rows
        if new:
            off = off_lists_by(((row.provider_id, row.kind) for row in new), looked.off)
            looked = _Looked(off, tuple(new[-1]))
        # In one assignment: whoever looks meanwhile has the one before, and reads on from there.
        self._looked = looked
        return looked.off


_NOTHING = (0, "", "")


class _Looked(NamedTuple):
    """What the last look at the steps found."""

    off: frozenset[str] = frozenset()
    last: tuple[Any, ...] = _NOTHING
    """Number, provider and kind of the newest step."""

    @property
    def newest(self) -> int:
        """Number of the newest step; 0 before there is one."""
        return int(self.last[0])


def off_lists_by(kinds: Iterable[tuple[str, str]], before: Collection[str] = ()) -> frozenset[str]:
    """Those that may be on no list after these steps: id and kind, in order of recording; `before` might not before them."""
    off = set(before)
    for provider_id, kind in kinds:
        if kind in ("accepted", "resumed"):
            off.discard(provider_id)
        elif kind not in STAYS_AS_IT_IS:
            off.add(provider_id)
    return frozenset(off)


def _write(chain: ChainEnd, new: NewProviderStep, by: str, region: str, in_files: bool) -> ProviderStep:
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
    return step


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
