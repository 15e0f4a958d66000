"""An index on disk: one folder a build, checked file by file, put in place in one step.

    ROOT/CURRENT          name of the build in use, and the SHA-256 of its manifest
    ROOT/builds/NAME/     its files, and manifest.json with their sizes and SHA-256
    ROOT/.lock            held by who writes

A build is written to a folder of its own; only when every byte is on the disk does CURRENT name it. A reader sees
the old build or the new one, never a half-written one; the build before the current one is kept for who is
still reading it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from embeddings.errors import IndexDamaged, IndexMismatch, IndexMissing, shown

LAYOUT = 1
"""Raised when the files of a build change their meaning."""

_CURRENT = "CURRENT"
_BUILDS = "builds"
_MANIFEST = "manifest.json"
_LOCK = ".lock"
REBUILD = "Rebuild it: crossmatch index build"


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _current(root: Path) -> tuple[str, str] | None:
    """Name of the build in use and its manifest's SHA-256; `None` where nothing was built."""
    pointer = root / _CURRENT
    if not pointer.is_file():
        return None
    name, _, digest = pointer.read_text(encoding="ascii", errors="replace").strip().partition(" ")
    return name, digest


def write_build(root: Path, facts: dict[str, Any], write_files: Callable[[Path], None]) -> Path:
    """Write a new build and make it the current one; builds older than the one it replaces are removed afterwards.

    Args:
        root: the index folder.
        facts: what the manifest says beside the list of files; must hold `encoder`, the fingerprint.
        write_files: puts the build's files into the folder it is given.
    """
    builds = root / _BUILDS
    builds.mkdir(parents=True, exist_ok=True)
    with FileLock(root / _LOCK):
        replaced = _current(root)
        folder = builds / uuid.uuid4().hex[:12]
        pointer = root / f"{_CURRENT}.{folder.name}"
        try:
            folder.mkdir()
            write_files(folder)
            manifest = _write_manifest(folder, facts)
            pointer.write_text(f"{folder.name} {_digest(manifest)}", encoding="ascii")
            for path in [*sorted(folder.rglob("*")), folder, builds, pointer]:
                _sync(path)
            pointer.replace(root / _CURRENT)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            pointer.unlink(missing_ok=True)
            raise
        _sync(root)
        kept = {folder.name, replaced[0] if replaced else ""}
        for other in builds.iterdir():
            if other.name not in kept:
                shutil.rmtree(other, ignore_errors=True)
    return folder


def _write_manifest(folder: Path, facts: dict[str, Any]) -> Path:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    listed = {str(p.relative_to(folder)): {"bytes": p.stat().st_size, "sha256": _digest(p)} for p in files}
    manifest = folder / _MANIFEST
    told = {"layout": LAYOUT, "built_at": datetime.now(UTC).isoformat(timespec="seconds"), **facts, "files": listed}
    written = json.dumps(told, indent=1, sort_keys=True)
    manifest.write_text(written, encoding="utf-8")
    return manifest


def named_build(root: Path) -> str:
    """Name and digest of the build that the folder holds out as its current one; empty where there is none.

    Raises:
        OSError: it cannot be read.
    """
    try:
        return (root / _CURRENT).read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""


@dataclass(frozen=True)
class CurrentBuild:
    """The build in use, by what its manifest says; the files themselves were not looked at."""

    folder: Path
    manifest: dict[str, Any]
    files: dict[str, tuple[int, str]]
    """File → its bytes and SHA-256."""
    is_unaltered: bool
    """Whether the manifest is the one that CURRENT names."""
    others: tuple[str, ...]
    """Further builds in the folder: the one before, for who is still reading it."""


def current_build(root: Path) -> CurrentBuild:
    """What the manifest of the build in use says, whichever encoder built it.

    Raises:
        IndexMissing: nothing has been built in `root`.
        IndexDamaged: the manifest cannot be read.
    """
    current = _current(root)
    if current is None:
        raise IndexMissing(f"index folder {root}", "hold an index", "no file CURRENT", "Build it: crossmatch index build")
    name, digest = current
    folder = root / _BUILDS / name
    try:
        content = (folder / _MANIFEST).read_bytes()
        manifest: dict[str, Any] = json.loads(content)
        if not {"layout", "encoder"} <= manifest.keys():
            raise KeyError("layout and encoder")
        files = {str(file): (int(entry["bytes"]), str(entry["sha256"])) for file, entry in manifest["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"index manifest {folder / _MANIFEST}", "be readable", shown(str(error)), REBUILD) from error
    others = tuple(sorted(other.name for other in folder.parent.iterdir() if other.name != name))
    return CurrentBuild(folder, manifest, files, hashlib.sha256(content).hexdigest() == digest, others)


def open_build(root: Path, encoder_fingerprint: str) -> tuple[Path, dict[str, Any]]:
    """The current build's folder and manifest, with every file checked.

    Raises:
        IndexMissing: nothing has been built in `root`.
        IndexDamaged: a file is missing, cut short or altered; it is named.
        IndexMismatch: another encoder or another layout built it.
    """
    build = current_build(root)
    layout, encoder = build.manifest["layout"], build.manifest["encoder"]
    if layout != LAYOUT:
        raise IndexMismatch(f"index {root}", f"have layout {LAYOUT}", f"layout {shown(layout)}", REBUILD)
    if encoder != encoder_fingerprint:
        wanted = f"be built with the encoder {encoder_fingerprint}"
        raise IndexMismatch(f"index {root}", wanted, f"one built with {encoder}", REBUILD)
    if not build.is_unaltered:
        place = f"index manifest {build.folder / _MANIFEST}"
        raise IndexDamaged(place, "be unaltered (SHA-256)", "other content", REBUILD)
    for file, (size, sha256) in build.files.items():
        _check_file(build.folder / file, size, sha256)
    return build.folder, build.manifest


def _check_file(file: Path, size: int, sha256: str) -> None:
    place = f"index file {file}"
    if not file.is_file():
        raise IndexDamaged(place, "exist", "no such file", REBUILD)
    found = file.stat().st_size
    if found != size:
        raise IndexDamaged(place, f"have {size} bytes", f"{found} bytes", REBUILD)
    if _digest(file) != sha256:
        raise IndexDamaged(place, "be unaltered (SHA-256)", "other content of the same length", REBUILD)
