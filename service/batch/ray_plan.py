"""Who encodes and who matches on which machine of a Ray cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

_TORCH = "sentence-transformers:"


class Machine(NamedTuple):
    """A machine of the cluster, as Ray counts it."""

    node: str
    """Ray's id of it."""
    processors: int
    gpus: int


class Seat(NamedTuple):
    """What one machine gives to a batch."""

    encoders: int
    gpus_each: int
    """Of an encoder: 1 or none."""
    matchers: int
    threads: int
    """Of an encoder: all processors, for matchers wait for its vectors most of the time."""


def machines(nodes: Sequence[Mapping[str, Any]]) -> list[Machine]:
    """The machines that live and have a processor to give, from `ray.nodes()`, in order of their ids."""
    found = [
        Machine(str(node["NodeID"]), int(node["Resources"].get("CPU", 0)), int(node["Resources"].get("GPU", 0)))
        for node in nodes
        if node["Alive"]
    ]
    return sorted(machine for machine in found if machine.processors)


def seats(found: Sequence[Machine], encoder: str, matchers_each: int | None) -> dict[str, Seat]:
    """Machine → what it does.

    A torch model is encoded on GPUs alone where there are any, an actor each: a processor beside a GPU would only hold up the
    parts that it gets. Else one actor a machine encodes, with all of its processors.

    Args:
        found: the machines.
        encoder: name of the encoder, as the settings have it.
        matchers_each: actors that match on each machine; one a processor if left out.
    """
    on_gpus = encoder.startswith(_TORCH) and any(machine.gpus for machine in found)
    return {
        machine.node: Seat(
            encoders=machine.gpus if on_gpus else 1,
            gpus_each=int(on_gpus),
            matchers=machine.processors if matchers_each is None else min(matchers_each, machine.processors),
            threads=machine.processors,
        )
        for machine in found
    }
