"""The process that is connected to Ray: parts come through a pipe, and what became of them goes back.

Ray ends the process that is connected when its cluster goes, without asking, and says much on both outputs. In a process of
its own it can do both: the batch hears that the pipe is closed.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from embeddings.errors import Refusal, shown
from service.batch.ray_cluster import connected
from service.batch.ray_crew import Crew, Wanted
from service.batch.ray_index import CarriedIndex, carried, remove
from service.batch.ray_workers import Part, Told, told
from service.batch.refusals import BatchRefused
from service.batch.workers import Done

_MOST_TRIES = 6
"""Actors that one part may have lost: it would take all of a cluster with it."""
_ON_THE_WAY_EACH = 3
"""Parts for each actor: one that it works on, one that waits, one that is being recorded."""
_FEWEST_ON_THE_WAY = 8
LEAVING_S = 10.0
"""Seconds that the machines have to tidy up."""


class Connecting(NamedTuple):
    """What the process is told."""

    address: str
    processors: int
    wanted: Wanted
    name: str
    """Of the batch."""
    index_folder: Path
    model: Path | None
    """File of the relevance model, unless it is the shipped one."""
    said: Path
    """File for all that Ray says."""


class Began(NamedTuple):
    """It is connected."""

    on_the_way: int
    """Parts that keep the cluster busy."""
    machines: int


def drive(pipe: Connection, connecting: Connecting) -> None:
    """Carry out every part that comes through the pipe, until `None` comes or the other side is gone."""
    # Whoever interrupts the command interrupts all of its processes; the first one sees to it that the others end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _say_into(connecting.said)
    try:
        index = carried(connecting.name, connecting.index_folder, connecting.model)
        with connected(connecting.address, connecting.processors, index.size) as ray:
            _Driver(ray, pipe, connecting, index).run()
    except Refusal as refusal:
        with suppress(OSError):
            pipe.send(told(refusal))
    except OSError as error:
        remedy = "Mend it and start the same command again."
        with suppress(OSError):
            pipe.send(told(BatchRefused(f"index {connecting.index_folder}", "be readable", str(error), remedy)))
    except Exception:
        # Into the file of what Ray says, which the refusal names that the closed pipe leads to.
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        # Threads may still wait for actors that are no longer of interest, or no longer there.
        os._exit(0)


class _Driver:
    def __init__(self, ray: Any, pipe: Connection, connecting: Connecting, index: CarriedIndex) -> None:
        self._ray = ray
        self._pipe = pipe
        self._name = connecting.name
        self._said = connecting.said
        self._look_s = connecting.wanted.look_s
        self._crew = Crew(ray, connecting.wanted, ray.put(index))
        self._turn = threading.Lock()
        self._ended = threading.Event()

    def run(self) -> None:
        seats = self._crew.seats
        if not seats:
            wanted, remedy = "have a machine with a processor to give", "Start one: ray start --address HOST:6379."
            raise BatchRefused("cluster", wanted, "none", remedy)
        actors = sum(seat.encoders + seat.matchers for seat in seats.values())
        on_the_way = max(_FEWEST_ON_THE_WAY, _ON_THE_WAY_EACH * actors)
        looking = threading.Thread(target=self._look, daemon=True)
        looking.start()
        self._send(Began(on_the_way, len(seats)))
        pool = ThreadPoolExecutor(on_the_way)
        while (came := self._received()) is not None:
            pool.submit(self._carry_out, *came)
        pool.shutdown(wait=False, cancel_futures=True)
        self._ended.set()
        self._leave()

    def _received(self) -> tuple[int, Part] | None:
        try:
            came: tuple[int, Part] | None = self._pipe.recv()
        except (EOFError, OSError):
            return None
        return came

    def _send(self, what: Any) -> None:
        with self._turn, suppress(OSError):
            self._pipe.send(what)

    def _look(self) -> None:
        try:
            self._crew.look()
            while not self._ended.wait(self._look_s):
                self._crew.look()
        except Exception as error:
            # Ray has its own exceptions for it, and gRPC too.
            self._crew.refuse(cluster_is_gone(str(error).strip().partition("\n")[0][:200] or type(error).__name__))

    def _carry_out(self, number: int, part: Part) -> None:
        try:
            done: Done | Told = self._made(part)
        except Refusal as refusal:
            done = told(refusal)
        except Exception as error:
            cause = getattr(error, "cause", None)
            remedy = f"What Ray says of it is in {self._said}. The same command goes on where it stood."
            done = told(
                cause if isinstance(cause, Refusal) else self._not_matched(part, shown(str(cause or error), 300), remedy)
            )
        self._send((number, done))

    def _made(self, part: Part) -> Done:
        """Encoded by one, matched by another; begun again where either is gone."""
        errors = self._ray.exceptions
        for _ in range(_MOST_TRIES):
            with self._crew.taken("encoder") as encoder:
                try:
                    count, encoded = encoder.actor.encode.options(num_returns=2).remote(part)
                    # The vectors stay where they are: only who matches fetches them.
                    self._ray.get(count)
                except errors.RayActorError:
                    self._crew.lost(encoder)
                    continue
            with self._crew.taken("matcher") as matcher:
                try:
                    done: Done = self._ray.get(matcher.actor.match.remote(encoded, part))
                except errors.RayActorError:
                    self._crew.lost(matcher)
                except errors.ObjectLostError:
                    # The machine with the vectors is gone.
                    continue
                else:
                    return done
        remedy = "Have the machines memory enough? The same command goes on where it stood."
        raise self._not_matched(part, f"{_MOST_TRIES} actors that were lost over it", remedy)

    def _not_matched(self, part: Part, found: str, remedy: str) -> BatchRefused:
        return BatchRefused(f"part of the batch from row {part.numbers[0]}", "be matched", found, remedy)

    def _leave(self) -> None:
        """What was unpacked is removed on every machine that still answers."""
        with suppress(Exception):
            leaving = [one.actor.leave.remote(self._name) for one in self._crew.one_a_machine()]
            self._ray.wait(leaving, num_returns=len(leaving), timeout=LEAVING_S)
        remove(self._name)


def cluster_is_gone(found: str) -> BatchRefused:
    """A cluster that does not answer any more."""
    wanted = "live as long as the batch"
    remedy = "What is on record stays. Start the cluster and the same command again: it goes on where it stood."
    return BatchRefused("cluster", wanted, found, remedy)


def _say_into(file: Path) -> None:
    """Both outputs of this process, and of all that it begins, go there."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(descriptor, stream.fileno())
    os.close(descriptor)
