"""Needs are matched in other processes, one a processor, while this one reads, encodes and records.

Matching is mostly Python, of which a process runs one piece at a time. Vectors are made here: the encoder uses all processors
by itself.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from types import TracebackType
from typing import NamedTuple, Self

from embeddings.cache import CachedEncoder
from embeddings.encoder import Encoder, Vectors
from embeddings.errors import Refusal
from matcher.batch import match_encoded_many
from matcher.listing import Asked
from matcher.log import LoggedList
from matcher.pipeline import Matcher
from service.batch.forms import FORMS
from service.batch.lists import list_id
from service.batch.refusals import BatchRefused
from service.desk import open_matcher
from service.record.prepared import PreparedList, prepared
from service.settings import Settings


class Task(NamedTuple):
    """Needs to be matched together."""

    batch_id: str
    form: str
    """The output's ending."""
    numbers: list[int]
    """Of their rows."""
    asked: list[Asked]
    asked_by: str
    at: datetime


class Done(NamedTuple):
    """Their lists, ready to be recorded, and the lines that are kept of them for the output."""

    lists: list[PreparedList]
    lines: list[tuple[int, str]]
    refused: tuple[str, str, str, str] | None = None
    """Place, required, found and remedy, where the process could not begin."""


def carry_out(matcher: Matcher, task: Task) -> Done:
    """Match the needs of a task."""
    lists, lines = [], []
    line_of = FORMS[task.form].line_of
    for number, answer in zip(task.numbers, match_encoded_many(matcher, task.asked), strict=True):
        entry = LoggedList(
            list_id=list_id(task.batch_id, number),
            request_id=task.batch_id,
            created_at=task.at,
            asked_by=task.asked_by,
            answer=answer,
            batch=task.batch_id,
        )
        lists.append(prepared(entry))
        lines.append((number, line_of(number, entry)))
    return Done(lists, lines)


class Workers:
    """Carries out tasks, as many at a time as there are processes; in this process where there are none."""

    def __init__(self, matcher: Matcher, settings: Settings, count: int) -> None:
        self._matcher = matcher
        self._pool = None
        if count:
            told = (settings, matcher.fingerprint, matcher.index.dense.dim, matcher.components["encoder"])
            # Not forked: a copy of a process in which threads work may hang for ever.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=told)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def submit(self, task: Task) -> Future[Done]:
        """Begin a task, or carry it out where there is nobody else to."""
        done: Future[Done] = Future()
        if self._pool is None:
            done.set_result(carry_out(self._matcher, task))
            return done
        try:
            return self._pool.submit(_carry_out, task)
        except BrokenProcessPool as error:
            done.set_exception(error)
            return done


def result_of(future: Future[Done]) -> Done:
    """What became of a task.

    Raises:
        BatchRefused: its process is gone.
    """
    try:
        done = future.result()
    except BrokenProcessPool as error:
        wanted, found = "live as long as the batch", "one that was ended, or that could not begin"
        remedy = "Is there memory enough? Start the same command again: it goes on where it stood. --processes 0 takes none."
        raise BatchRefused("process that matches", wanted, found, remedy) from error
    if done.refused is not None:
        raise BatchRefused(*done.refused)
    return done


class EncodedElsewhere:
    """Stands for the encoder where needs come as vectors."""

    def __init__(self, dim: int, fingerprint: str) -> None:
        self.dim = dim
        self.fingerprint = fingerprint

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Never asked for."""
        raise NotImplementedError

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Never asked for."""
        raise NotImplementedError


_matcher: Matcher | None = None
"""Of a process that matches."""
_refusal: Refusal | None = None
"""Why it could not begin."""


def _begin(settings: Settings, fingerprint: str, dim: int, encoder: str) -> None:
    """Open the index in a process that matches."""
    global _matcher, _refusal
    # Whoever interrupts the command interrupts all of its processes; the first one sees to it that the others end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    stand_in: Encoder = EncodedElsewhere(dim, encoder)
    try:
        _matcher = open_matcher(settings, CachedEncoder(stand_in))
    except Refusal as refusal:
        _refusal = refusal
        return
    if _matcher.fingerprint != fingerprint:
        wanted, remedy = "stay as it is while a batch goes on", "Put back the one that the batch began with, or take --anew."
        _refusal = BatchRefused(f"index in {settings.index_folder}", wanted, "another one", remedy)
    keep_what_is_open()


def keep_what_is_open() -> None:
    """For a process that does nothing but match: what is open now stays for good, and is not looked through for garbage.

    Lists come by the thousand, and looking took a tenth of the time.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _end_with_parent() -> None:
    """Who is killed tells nobody: without it these processes would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _carry_out(task: Task) -> Done:
    if _refusal is not None:
        return Done([], [], (_refusal.place, _refusal.required, _refusal.found, _refusal.remedy))
    assert _matcher is not None
    return carry_out(_matcher, task)
