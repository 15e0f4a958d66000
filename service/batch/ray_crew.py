"""The actors of a batch: begun on every machine of the cluster, lost with it, and begun where a machine joins."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from service.batch.ray_plan import Seat, machines, seats
from service.batch.ray_workers import EncodingActor, Engine, MatchingActor
from service.batch.refusals import BatchRefused

Role = Literal["encoder", "matcher"]
_AT_ONCE = 2
"""Parts that an actor has: one that it works on, and one that waits, so that it never does."""
_MOST_LOSSES = 5
"""Actors that a machine may lose while it lives, before it gets no more of them: it has too little memory."""


class Wanted(NamedTuple):
    """What a crew is to be."""

    engine: Engine
    encoder: str
    """The encoder's name."""
    matchers_each: int | None
    patience_s: float
    """How long a part waits for somebody who can take it."""
    look_s: float
    """How often the cluster is looked at."""


@dataclass(eq=False)
class Worker:
    """An actor."""

    actor: Any
    role: Role
    node: str
    began: Any
    """Ray's reference to what its beginning says."""
    is_ready: bool = False
    parts: int = 0


class Crew:
    """Hands out actors, the one with the fewest parts first. Use `look` from one thread, `taken` from any."""

    def __init__(self, ray: Any, wanted: Wanted, index: Any) -> None:
        """`index`: Ray's reference to a `CarriedIndex`."""
        self._ray = ray
        self._wanted = wanted
        self._index = index
        self._workers: list[Worker] = []
        self._losses: dict[str, int] = {}
        self._refused: BatchRefused | None = None
        self._changed = threading.Condition()

    @property
    def seats(self) -> dict[str, Seat]:
        """Machine → what it is to give, as the cluster is now."""
        found = machines(self._ray.nodes())
        return seats(found, self._wanted.encoder, self._wanted.matchers_each)

    def look(self) -> None:
        """Begin actors where some are missing, let those go whose machine is gone, and welcome those that are ready."""
        plan = self.seats
        with self._changed:
            for gone in [one for one in self._workers if one.node not in plan]:
                self._workers.remove(gone)
            present = [(one.role, one.node) for one in self._workers]
        for node, seat in plan.items():
            if self._losses.get(node, 0) >= _MOST_LOSSES:
                continue
            for _ in range(seat.encoders - present.count(("encoder", node))):
                self._begin("encoder", node, seat)
            for _ in range(seat.matchers - present.count(("matcher", node))):
                self._begin("matcher", node, seat)
        self._welcome()

    def refuse(self, refusal: BatchRefused) -> None:
        """Whoever waits for an actor, or comes for one, gets this instead."""
        with self._changed:
            self._refused = self._refused or refusal
            self._changed.notify_all()

    @contextmanager
    def taken(self, role: Role) -> Iterator[Worker]:
        """An actor that can take a part.

        Raises:
            BatchRefused: there is none, and none came in time.
        """
        worker = self._take(role)
        try:
            yield worker
        finally:
            with self._changed:
                worker.parts -= 1
                self._changed.notify()

    def lost(self, worker: Worker) -> None:
        """An actor did not answer: it gets no more parts, and another is begun in its place at the next look."""
        with self._changed:
            if worker not in self._workers:
                return
            self._workers.remove(worker)
            self._losses[worker.node] = self._losses.get(worker.node, 0) + 1
        self._ray.kill(worker.actor)

    def one_a_machine(self) -> list[Worker]:
        """A matcher that is ready on each machine."""
        with self._changed:
            ready = [one for one in self._workers if one.is_ready and one.role == "matcher"]
        return list({one.node: one for one in ready}.values())

    def _take(self, role: Role) -> Worker:
        until = time.monotonic() + self._wanted.patience_s
        with self._changed:
            while True:
                if self._refused is not None:
                    raise self._refused
                ready = [one for one in self._workers if one.role == role and one.is_ready]
                free = [one for one in ready if one.parts < _AT_ONCE]
                if free:
                    worker = min(free, key=lambda one: one.parts)
                    worker.parts += 1
                    return worker
                if ready:
                    # All are busy: that may take as long as it takes.
                    until = time.monotonic() + self._wanted.patience_s
                if time.monotonic() >= until:
                    raise self._nobody(role)
                self._changed.wait(min(1.0, self._wanted.patience_s))

    def _nobody(self, role: Role) -> BatchRefused:
        wanted = f"have a free processor for an actor that is the {role} of a batch"
        found = f"{len(machines(self._ray.nodes()))} machines, and none in {self._wanted.patience_s:.0f} s"
        remedy = "Is the cluster busy with something else, or short of memory? The same command goes on where it stood."
        return BatchRefused("cluster", wanted, found, remedy)

    def _begin(self, role: Role, node: str, seat: Seat) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        options: dict[str, Any] = {
            "scheduling_strategy": NodeAffinitySchedulingStrategy(node, soft=False),
            # What it was at is given to another, so it needs no second life.
            "max_restarts": 0,
            "max_task_retries": 0,
        }
        if role == "encoder":
            # It shares the machine's processors with the matchers. Ray would have it run one thread.
            threads = {"env_vars": {"OMP_NUM_THREADS": str(seat.threads)}}
            options |= {"num_cpus": 0, "num_gpus": seat.gpus_each, "runtime_env": threads}
            actor = self._ray.remote(EncodingActor).options(**options).remote()
        else:
            options |= {"num_cpus": 1, "num_gpus": 0}
            actor = self._ray.remote(MatchingActor).options(**options).remote()
        worker = Worker(actor, role, node, actor.begin.remote(self._wanted.engine, self._index))
        with self._changed:
            self._workers.append(worker)

    def _welcome(self) -> None:
        with self._changed:
            waiting = {one.began: one for one in self._workers if not one.is_ready}
        if not waiting:
            return
        for answered in self._ray.wait(list(waiting), num_returns=len(waiting), timeout=0)[0]:
            worker = waiting[answered]
            try:
                told = self._ray.get(answered)
            except self._ray.exceptions.RayActorError as error:
                self._could_not_begin(worker, error)
                continue
            except self._ray.exceptions.RayError:
                self.lost(worker)
                continue
            if told is not None:
                self.refuse(BatchRefused(*told))
                continue
            with self._changed:
                worker.is_ready = True
                self._changed.notify_all()

    def _could_not_begin(self, worker: Worker, error: Exception) -> None:
        if "ModuleNotFoundError" in str(error):
            remedy = "Install it there with the same version as here, and start the same command again."
            missing = str(error).rpartition("ModuleNotFoundError: ")[2].splitlines()[0]
            self.refuse(BatchRefused("machines of the cluster", "have crossmatch installed", missing, remedy))
        self.lost(worker)
