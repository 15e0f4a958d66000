"""A batch from its file of needs to its file of match lists, killed and started again as often as may be.

    file ─► look through ─► note ─► opened ─┬─► encode ─► match ─► record ─► kept lines ─► closed ─► output
                                            └── what is on record already is passed over

What is done is what is on record: lists are recorded in the order of the rows, a part of the batch in a transaction, each
under an id that follows from batch and row.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice, repeat
from pathlib import Path
from typing import Protocol

from embeddings.encoder import Encoder
from matcher.batch import chunks
from matcher.batch_log import Batch, BatchOpening
from matcher.batch_terms import BatchTerms
from matcher.encoding import EncodedNeed
from matcher.errors import NotFound
from matcher.filters import allowed_providers
from matcher.listing import Asked
from matcher.records import MatchRequest, Need
from service.batch.at_desk import batches_of, contacts_of_each
from service.batch.checking import Looked, checked_needs, identity, look_through
from service.batch.folder import NOTE, OUTPUT, REFUSED, SPOOL, put_in_place, work_folder
from service.batch.forms import FORMS, check_length, form_of
from service.batch.in_order import InOrder
from service.batch.lists import list_id
from service.batch.needs import ReadNeed
from service.batch.note import Note
from service.batch.ray_cluster import check_possible
from service.batch.ray_workers import Part
from service.batch.refusals import BatchRefused, NeedsRefused
from service.batch.refused import RefusedRows, refused_file
from service.batch.spool import Spool
from service.batch.workers import Done, Task, Workers, result_of
from service.desk import Desk
from service.settings import Settings

RECORDED_AT_ONCE = 128
"""Lists of one transaction: one wait for the disk, and a lock that is held for a fraction of a second."""
_READ_AT_ONCE = 100
_ENCODED_AT_ONCE = 32
_LONGEST_PART_S = 3.0
"""Seconds after which what is encoded is matched, however little: no more than that is lost with a kill."""
_PARTS_A_PROCESS = 3
_WORTH_PROCESSES = 1_000
"""Needs from which on other processes are begun: each takes a second to open the index."""


@dataclass(frozen=True)
class Order:
    """What is asked."""

    file: Path
    out: Path
    terms: BatchTerms = field(default_factory=BatchTerms)
    about: dict[str, str] = field(default_factory=dict)
    """Fields that hold for every need that does not say otherwise."""
    asked_by: str = "command line"
    skip_bad: bool = False
    """Whether rows that are no needs are left out."""
    anew: bool = False
    """Whether a batch that was begun for this output is given up."""
    processes: int | None = None
    """That match; one a processor if left out, and none for a few needs."""
    cluster: str | None = None
    """Address of a Ray cluster to work on, empty for one of this machine alone; if left out, there is no Ray in it."""


class Watcher(Protocol):
    """Hears how a batch goes."""

    def checked(self, rows: int) -> None:
        """So many rows were looked at."""

    def matched(self, done: int, needs: int) -> None:
        """So many of the needs have their list on record."""


def check_file(order: Order, watcher: Watcher) -> Looked:
    """Look through the file of needs; its refused rows go to a file beside the output.

    Raises:
        NeedsRefused: a row is no need, or there is none at all.
        Refusal: the place of the output cannot be written.
    """
    with work_folder(order.out) as folder:
        return _look(order, folder, watcher, skip_bad=False)


def run_batch(
    order: Order, desk: Desk, settings: Settings, watcher: Watcher, encoder_there: Callable[[], Encoder] | None = None
) -> Batch:
    """Match every need of a file; goes on where it stood if it was begun before.

    Args:
        order: what is asked.
        desk: whose index is matched against and whose record is written to.
        settings: from which other processes open the same index.
        watcher: hears how it goes.
        encoder_there: opens the encoder on the machines of a cluster; the one that the settings name if left out.

    Returns:
        The batch as it is on record. The output is there.

    Raises:
        NeedsRefused: a row is no need and is not to be skipped; nothing was matched.
        BatchRefused: another batch was begun for this output, or the cluster is not there, or not any more.
        Refusal: the file of needs, the terms or the output cannot be used; or the record cannot be written.
    """
    form_of(order.out)
    if order.cluster is not None:
        check_possible(order.cluster, order.processes, settings)
    with work_folder(order.out) as folder:
        allowed_providers(desk.matcher.index, order.terms.request(_ANY_NEED))
        looked = _look(order, folder, watcher, skip_bad=order.skip_bad)
        check_length(order.out, looked.needs, order.terms.k)
        note = _begun(order, folder, looked, desk)
        batch = _Batch(order, note, desk, settings, watcher, encoder_there).finished(folder)
        if looked.refused:
            put_in_place(folder / REFUSED, refused_file(order.out))
        put_in_place(folder / OUTPUT, order.out)
        (folder / NOTE).unlink()
        return batch


_ANY_NEED = Need(text="any need", country="NL")


def _look(order: Order, folder: Path, watcher: Watcher, *, skip_bad: bool) -> Looked:
    with RefusedRows(folder / REFUSED) as refused:
        looked = look_through(order.file, order.about, refused.add, watcher.checked)
    if refused.count and not (skip_bad and looked.needs):
        put_in_place(folder / REFUSED, refused_file(order.out))
        raise NeedsRefused(refused.first, refused.count, refused_file(order.out))
    return looked


def _begun(order: Order, folder: Path, looked: Looked, desk: Desk) -> Note:
    """The note of the batch that goes on, or of a new one, which is opened."""
    batches = batches_of(desk)
    opening = BatchOpening(
        batch_id=str(uuid.uuid4()),
        opened_at=datetime.now(UTC),
        opened_by=order.asked_by,
        source=order.file.name.encode(errors="replace").decode(),
        digest=looked.digest,
        needs=looked.needs,
        refused=looked.refused,
        engine=desk.matcher.fingerprint,
    )
    new = Note(
        opening=opening,
        file_digest=looked.file_digest,
        about=order.about,
        terms=order.terms,
        form=order.out.suffix.lower(),
        skip_bad=order.skip_bad,
    )
    begun = Note.load(folder / NOTE)
    if begun is not None and order.anew:
        # It may have come to its end before it was opened.
        with suppress(NotFound):
            batches.close(begun.opening.batch_id, order.asked_by)
        (folder / NOTE).unlink()
        begun = None
    if begun is None:
        (folder / SPOOL).unlink(missing_ok=True)
        new.save(folder / NOTE)
    else:
        begun.check_same(new)
    note = begun or new
    batches.open(note.opening, desk.matcher.components)
    return note


class _Batch:
    """One batch at work."""

    def __init__(
        self,
        order: Order,
        note: Note,
        desk: Desk,
        settings: Settings,
        watcher: Watcher,
        encoder_there: Callable[[], Encoder] | None,
    ) -> None:
        self._encoder_there = encoder_there
        self._order = order
        self._note = note
        self._id = note.opening.batch_id
        self._desk = desk
        self._batches = batches_of(desk)
        self._settings = settings
        self._watcher = watcher
        self._file = identity(order.file)
        self._done = 0

    def finished(self, folder: Path) -> Batch:
        """Match what is not on record yet, close the batch, and write the output into the folder."""
        done = self._batches.get(self._id).lists
        needs = (one for one in checked_needs(self._order.file, self._order.about) if isinstance(one, ReadNeed))
        with Spool(folder / SPOOL) as spool:
            self._pass_over(islice(needs, done), spool)
            self._done = done
            self._watcher.matched(done, self._note.opening.needs)
            if self._order.cluster is None:
                self._match(needs, spool)
            elif done < self._note.opening.needs:
                self._match_on_ray(needs, spool, folder, self._order.cluster)
            closed = self._batches.close(self._id, self._order.asked_by)
            FORMS[self._note.form].write(folder / OUTPUT, spool.lines())
        return closed

    def _pass_over(self, needs: Iterator[ReadNeed], spool: Spool) -> None:
        """See to it that a line is kept of every list that is on record already."""
        line_of = FORMS[self._note.form].line_of
        for numbers in chunks(spool.missing(one.number for one in needs), _READ_AT_ONCE):
            given = ((number, self._desk.log.get(list_id(self._id, number))) for number in numbers)
            spool.add((number, line_of(number, entry)) for number, entry in given)

    def _match(self, needs: Iterator[ReadNeed], spool: Spool) -> None:
        left = self._note.opening.needs - self._done
        processes = self._order.processes
        if processes is None:
            processes = len(os.sched_getaffinity(0)) if left >= _WORTH_PROCESSES else 0
        # As many parts on their way as keep the processes busy while the disk is waited for.
        on_the_way = max(1, _PARTS_A_PROCESS * processes)
        with Workers(self._desk.matcher, self._settings, processes) as workers, InOrder(on_the_way) as recording:
            for task in self._tasks(needs):
                recording.hand_in(partial(self._record, workers.submit(task), spool))

    def _match_on_ray(self, needs: Iterator[ReadNeed], spool: Spool, folder: Path, address: str) -> None:
        # Only here: it is of use to few.
        from service.batch.ray_engine import RayWorkers, carry_out_all

        told = self._id, folder, address, self._order.processes, self._encoder_there
        workers = RayWorkers(self._desk.matcher, self._settings, *told)
        carry_out_all(workers, self._parts(needs), partial(self._record, spool=spool))

    def _record(self, begun: Future[Done], spool: Spool) -> None:
        """Put the lists of one task on record."""
        made = result_of(begun)
        if identity(self._order.file) != self._file:
            remedy = "Put the file back as it was and start the same command again, or give up this batch with --anew."
            raise BatchRefused(f"file {self._order.file}", "stay as it is until the batch is finished", "a change", remedy)
        # Kept first: lines too many are dropped when the batch goes on, missing ones would have to be read from the record.
        spool.add(made.lines)
        self._batches.record_prepared(made.lists)
        self._done += len(made.lists)
        self._watcher.matched(self._done, self._note.opening.needs)

    def _tasks(self, needs: Iterator[ReadNeed]) -> Iterator[Task]:
        """The needs in parts, encoded."""
        numbers: list[int] = []
        requests: list[MatchRequest] = []
        encoded: list[EncodedNeed] = []
        began = time.monotonic()
        for some in chunks(needs, _ENCODED_AT_ONCE):
            numbers += [one.number for one in some]
            requests += [self._note.terms.request(one.need) for one in some]
            encoded += self._desk.matcher.encode_each([one.need for one in some])
            if len(numbers) >= RECORDED_AT_ONCE or time.monotonic() - began > _LONGEST_PART_S:
                yield self._task(numbers, requests, encoded)
                numbers, requests, encoded, began = [], [], [], time.monotonic()
        if numbers:
            yield self._task(numbers, requests, encoded)

    def _parts(self, needs: Iterator[ReadNeed]) -> Iterator[Part]:
        """The needs in parts, to be encoded elsewhere."""
        for some in chunks(needs, _ENCODED_AT_ONCE):
            requests = [self._note.terms.request(one.need) for one in some]
            about = contacts_of_each(self._desk, requests), self._desk.off_lists()
            numbers = [one.number for one in some]
            yield Part(self._id, self._note.form, numbers, requests, *about, self._order.asked_by, datetime.now(UTC))

    def _task(self, numbers: list[int], requests: list[MatchRequest], encoded: list[EncodedNeed]) -> Task:
        contacts = contacts_of_each(self._desk, requests)
        asked = list(map(Asked, encoded, requests, contacts, repeat(self._desk.off_lists())))
        return Task(self._id, self._note.form, numbers, asked, self._order.asked_by, datetime.now(UTC))
