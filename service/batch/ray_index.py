"""The index on its way to the machines of a cluster: as bytes in Ray's object store, so that no disk need be shared.

Each machine unpacks it once, under a name that no other batch uses. Whoever opens it checks every file against the manifest
that came along, as with any index.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from embeddings.errors import IndexMissing
from embeddings.store import REBUILD, named_build

_POINTER, _BUILDS, _MODEL = "CURRENT", "builds", "relevance.json"


class CarriedIndex(NamedTuple):
    """The files of an index by their place in its folder, and of a relevance model of one's own."""

    name: str
    """Of the batch, so that two batches never unpack into one folder."""
    files: dict[str, bytes]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(map(len, self.files.values()))


def carried(name: str, index: Path, model: Path | None) -> CarriedIndex:
    """The current build of an index folder, read whole.

    Raises:
        IndexMissing: there is none.
        OSError: a file cannot be read.
    """
    pointer = named_build(index)
    build = index / _BUILDS / pointer.partition(" ")[0]
    if not pointer or not build.is_dir():
        raise IndexMissing(f"folder {index}", "hold an index", "none", REBUILD)
    files = {str(file.relative_to(index)): file.read_bytes() for file in sorted(build.rglob("*")) if file.is_file()}
    files[_POINTER] = pointer.encode()
    if model is not None:
        files[_MODEL] = model.read_bytes()
    return CarriedIndex(name, files)


def place_of(name: str) -> Path:
    """Where that batch's index lies on this machine; the user's own, for two users may have the same cluster."""
    return Path(tempfile.gettempdir()) / f"crossmatch-{os.getuid()}" / name


def unpacked(index: CarriedIndex) -> Path:
    """The folder of the index on this machine; the first who asks unpacks it, the others wait."""
    place = place_of(index.name)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(place.with_suffix(".lock")):
        if not place.is_dir():
            beside = Path(tempfile.mkdtemp(dir=place.parent))
            for name, content in index.files.items():
                file = beside / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            beside.rename(place)
    return place


def model_in(place: Path) -> Path | None:
    """The relevance model that came along, if one did."""
    file = place / _MODEL
    return file if file.exists() else None


def remove(name: str) -> None:
    """Remove what was unpacked for that batch on this machine."""
    place = place_of(name)
    shutil.rmtree(place, ignore_errors=True)
    place.with_suffix(".lock").unlink(missing_ok=True)
