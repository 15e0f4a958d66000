"""A cluster to work on: one that is there already, or one of this machine alone that ends with the batch."""

from __future__ import annotations

import logging
import os
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import util
from typing import Any

from embeddings.errors import shown
from service.batch.refusals import BatchRefused
from service.settings import Settings

RECONNECTS_S = 20
"""Seconds without the cluster's head after which Ray ends the process that is connected; its own default is 60."""
_ANSWERS_S, _LAST_PORT = 10.0, 65_535
_LEAST_STORE = 200 * 2**20
_QUIET = {
    # It would send facts about the cluster to its makers.
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DEDUP_LOGS": "0",
    "RAY_gcs_rpc_server_reconnect_timeout_s": str(RECONNECTS_S),
}


def check_possible(address: str, processes: int | None, settings: Settings) -> None:
    """Return if a batch can go to a cluster: asked before anything is on record of it.

    Args:
        address: of a cluster; empty for one of this machine alone.
        processes: that match on each machine.
        settings: where the index is.

    Raises:
        BatchRefused: Ray is not installed, nobody listens at the address, nobody would match, or the index is in no folder.
    """
    if util.find_spec("ray") is None:
        remedy = "Run: pip install 'crossmatch[ray]'. Without it, --engine processes uses this machine alone."
        raise BatchRefused("option --engine ray", "find the package ray", "none", remedy)
    if processes == 0:
        remedy = "Leave it out for one a processor of each machine."
        raise BatchRefused("option --processes", "be at least 1 with --engine ray", "0", remedy)
    if settings.store_url:
        remedy = "Leave CROSSMATCH_STORE_URL empty for this command and build the index here, or take --engine processes."
        raise BatchRefused("index of a batch with --engine ray", "be in a folder of this machine", "one in a database", remedy)
    check_address(address)


def check_address(address: str) -> None:
    """Return if somebody listens at the address of a cluster; Ray itself would try for half a minute and then end the process.

    Raises:
        BatchRefused: nobody does, or it is no such address.
    """
    if address in ("", "auto"):
        return
    found = re.fullmatch(r"(.+):(\d{1,5})", address)
    if found is None or "/" in address or int(found[2]) > _LAST_PORT:
        remedy = "Run the command on a machine of the cluster: Ray's client (ray://) does not carry a batch."
        raise BatchRefused("address of the cluster", "be HOST:PORT of its head, or auto", shown(address), remedy)
    try:
        socket.create_connection((found[1].strip("[]"), int(found[2])), _ANSWERS_S).close()
    except OSError as error:
        remedy = "Is the address that of its head (HOST:6379), and does it run?"
        raise BatchRefused(f"cluster at {address}", "answer", error.strerror or str(error), remedy) from error


@contextmanager
def connected(address: str, processors: int, size: int) -> Iterator[Any]:
    """Ray, connected; at the end the connection goes, and with it a cluster that was begun here.

    Args:
        address: of a cluster that is there, or empty for one of this machine alone.
        processors: of such a one.
        size: bytes of the index, which each machine's object store must hold.

    Raises:
        BatchRefused: it cannot be reached, or not be begun.
    """
    os.environ.update(_QUIET)
    if not address:
        # Ray would write a token into the user's home. Known to nobody else, because who reaches a cluster runs code in it.
        os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    import ray

    options: dict[str, Any] = {"address": address}
    if not address:
        # "local", because Ray would take a cluster that happens to run here where none is named.
        store = max(_LEAST_STORE, 3 * size)
        options = {"address": "local", "num_cpus": processors, "object_store_memory": store, "include_dashboard": False}
    try:
        ray.init(**options, log_to_driver=False, logging_level=logging.ERROR, namespace="crossmatch")
    # What is wrong with an address comes as one of a dozen exceptions, some of them plain `Exception` or `RuntimeError`.
    except Exception as error:
        place = f"cluster at {address}" if address else "cluster of this machine"
        found = shown(str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__, 200)
        remedy = (
            "Is the address that of its head (HOST:6379), with the same versions of Ray and Python, and the same RAY_AUTH_… ?"
            if address
            else "Is there memory and room in /tmp enough? --engine processes needs no cluster."
        )
        raise BatchRefused(place, "answer", found, remedy) from error
    try:
        yield ray
    finally:
        ray.shutdown()
