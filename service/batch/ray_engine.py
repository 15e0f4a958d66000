"""A batch on a Ray cluster, as the command sees it: parts are handed in, and lists come back to be recorded."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from embeddings.encoder import Encoder, open_encoder
from matcher.pipeline import Matcher
from service.batch.in_order import InOrder
from service.batch.ray_crew import Wanted
from service.batch.ray_driver import LEAVING_S, Began, Connecting, cluster_is_gone, drive
from service.batch.ray_workers import Engine, Part
from service.batch.refusals import BatchRefused
from service.batch.workers import Done
from service.settings import Settings

SAID = "ray.log"
"""What Ray says, beside the output while the batch is not finished."""
_PATIENCE_S = 120.0
_LOOK_S = 0.5
_ENDED = BatchRefused("batch", "go on", "its end", "Start the same command again: it goes on where it stood.")
"""Nobody sees it: whoever ended the batch has another."""


class RayWorkers:
    """Carries out parts on every machine of a cluster. Use it in a `with`.

    Nobody here is connected to Ray: `ray_driver.py` is, in a process of its own.
    """

    def __init__(
        self,
        matcher: Matcher,
        settings: Settings,
        batch_id: str,
        folder: Path,
        address: str = "",
        processes: int | None = None,
        encoder: Callable[[], Encoder] | None = None,
    ) -> None:
        """Say what is wanted, once `ray_cluster.check_possible` has found that it can be.

        Args:
            matcher: whose lists are to be the same.
            settings: from which the same index is read.
            batch_id: of the batch.
            folder: for what Ray says.
            address: of a cluster; empty for one of this machine alone, which ends with the batch.
            processes: actors that match on each machine; one a processor if left out.
            encoder: opens the encoder on the machines; the one that the settings name if left out.
        """
        engine = Engine(
            fingerprint=matcher.fingerprint,
            encoder=matcher.components["encoder"],
            dim=matcher.index.dense.dim,
            open_encoder=encoder or partial(open_encoder, settings.encoder),
            remembered=settings.recent_queries,
        )
        self._connecting = Connecting(
            address=address,
            processors=len(os.sched_getaffinity(0)),
            wanted=Wanted(engine, settings.encoder, processes, _PATIENCE_S, _LOOK_S),
            name=batch_id,
            index_folder=settings.index_folder,
            model=settings.model,
            said=folder / SAID,
        )
        self._turn = threading.Lock()
        self._begun: dict[int, Future[Done]] = {}
        self._count = 0
        self._gone: BatchRefused | None = None
        self.on_the_way = 1
        """Parts that keep the cluster busy."""

    def __enter__(self) -> Self:
        # Not forked: a copy of a process in which threads work may hang for ever.
        context = multiprocessing.get_context("spawn")
        self._pipe, its = context.Pipe()
        self._process = context.Process(target=drive, args=(its, self._connecting), daemon=True)
        self._process.start()
        its.close()
        try:
            began = self._pipe.recv()
        except EOFError:
            began = self._said_nothing()
        except BaseException:
            self._process.kill()
            raise
        if not isinstance(began, Began):
            self._process.join(LEAVING_S)
            raise began if isinstance(began, BatchRefused) else BatchRefused(*began)
        self.on_the_way = began.on_the_way
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._gone = self._gone or _ENDED
        # It may be gone already.
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join(2 * LEAVING_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._listening.join()
        self._pipe.close()

    def give_up(self) -> None:
        """Let nobody wait any longer for what was handed in."""
        self._end_all(_ENDED)

    def submit(self, part: Part) -> Future[Done]:
        """Hand in a part."""
        done: Future[Done] = Future()
        with self._turn:
            self._count += 1
            number = self._count
            self._begun[number] = done
            gone = self._gone
        try:
            if gone is None:
                self._pipe.send((number, part))
                return done
        except OSError:
            gone = self._said_nothing()
        self._end_all(gone)
        return done

    def _listen(self) -> None:
        while True:
            try:
                number, made = self._pipe.recv()
            except (EOFError, OSError):
                self._end_all(self._gone or self._said_nothing())
                return
            with self._turn:
                done = self._begun.pop(number, None)
            if done is None:
                continue
            if isinstance(made, Done):
                done.set_result(made)
            else:
                done.set_exception(BatchRefused(*made))

    def _end_all(self, refusal: BatchRefused) -> None:
        with self._turn:
            self._gone = self._gone or refusal
            waiting, self._begun = self._begun, {}
        for done in waiting.values():
            done.set_exception(refusal)

    def _said_nothing(self) -> BatchRefused:
        """Ray ended the process that was connected to it."""
        return cluster_is_gone(f"one that went away; what Ray said of it is in {self._connecting.said}")


def carry_out_all(workers: RayWorkers, parts: Iterable[Part], record: Callable[[Future[Done]], None]) -> None:
    """Hand in every part, and have what becomes of each recorded in their order.

    Raises:
        BatchRefused: the cluster is gone, or cannot match.
    """
    with workers, InOrder(workers.on_the_way) as recording:
        try:
            for part in parts:
                recording.hand_in(partial(record, workers.submit(part)))
        except BaseException:
            # Who interrupts the batch need not wait for a part.
            workers.give_up()
            raise
