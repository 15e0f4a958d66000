"""Disks without space under a service that runs: real ones, made by the operating system."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

_SPACE = 4_000_000
"""Bytes of the small disk."""


class Disk(Protocol):
    """Space of a service that can be taken away and given back."""

    def fill(self, pid: int) -> None:
        """From now on that process can write nothing more into files."""

    def free(self, pid: int) -> None:
        """From now on it can."""


class LimitOnFiles:
    """The kernel's limit on the size of files that a process writes, as a quota sets it. Any user may set it."""

    def __init__(self) -> None:
        self._before = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    def fill(self, pid: int) -> None:
        self._before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, self._before[1]))

    def free(self, pid: int) -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, self._before)


class SmallDisk:
    """A file system of its own in memory, and a file that takes all of it."""

    def __init__(self, folder: Path) -> None:
        self._filler = folder / "filler"

    def fill(self, pid: int) -> None:
        with self._filler.open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"\0" * 4096)
            except OSError:
                return

    def free(self, pid: int) -> None:
        self._filler.unlink()


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """Something mounted on that folder.

    Raises:
        PermissionError: this user may not mount.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ran = subprocess.run(["mount", *options, folder], capture_output=True, text=True)
    if ran.returncode:
        raise PermissionError(ran.stderr)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A small disk on that folder.

    Raises:
        PermissionError: this user may not mount.
    """
    with mounted(folder, "-t", "tmpfs", "-o", f"size={_SPACE}", "tmpfs"):
        yield SmallDisk(folder)
