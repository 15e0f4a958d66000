"""What the index on the disk is: how large, of which type and why, what it was seen to miss, and when it was built."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.errors import IndexDamaged, shown
from embeddings.store import REBUILD, current_build


@dataclass(frozen=True)
class RecallAt:
    """Of the truly nearest `k` passages, the share that the index finds: measured when it was built, 0 to 1."""

    k: int
    queries: int
    everything_allowed: float
    a_tenth_allowed: float


@dataclass(frozen=True)
class IndexStatus:
    """By the manifest of the current build. `None` stands for what builds of earlier versions did not record."""

    folder: str
    """Or the database, without its password."""
    build: str
    other_builds: tuple[str, ...]
    """The one before the current one, for who is still reading it."""
    built_at: str | None
    """UTC."""
    encoder: str
    directory: str
    providers: int
    evidence: int
    passages: int
    dense_kind: str
    dense_why: str
    is_exact: bool
    recall: tuple[RecallAt, ...]
    """Empty where search is exact."""
    dense_bytes: int | None
    """Vectors, mapped from their file: processes that open the index share this memory. In a shared store, their tables."""
    dense_code_bytes: int | None
    """Codes of an inexact index, in the memory of each process."""
    lexical_bytes: int | None
    """Postings, in the memory of each process."""
    files: dict[str, int]
    """File → bytes on disk."""
    is_shared: bool = False
    """Whether it lies in a database that machines share."""

    @property
    def bytes_on_disk(self) -> int:
        """Of all files."""
        return sum(self.files.values())

    @property
    def lexical_bytes_on_disk(self) -> int:
        """Of the files of the lexical part."""
        return sum(size for file, size in self.files.items() if file.startswith("lexical/"))


def index_status(root: Path) -> IndexStatus:
    """Of the current build in an index folder. The encoder is not opened, and files are not read but for the manifest.

    Raises:
        IndexMissing: nothing has been built there.
        IndexDamaged: the manifest is damaged, or a file is missing or of another size.
    """
    build = current_build(root)
    place = f"index manifest {build.folder / 'manifest.json'}"
    if not build.is_unaltered:
        raise IndexDamaged(place, "be unaltered (SHA-256)", "other content", REBUILD)
    for file, (size, _) in build.files.items():
        path = build.folder / file
        found = path.stat().st_size if path.is_file() else None
        if found != size:
            told = "no such file" if found is None else f"{found} bytes"
            raise IndexDamaged(f"index file {path}", f"have {size} bytes", told, REBUILD)
    facts: dict[str, Any] = build.manifest
    of_folder: dict[str, Any] = {
        "folder": str(root),
        "build": build.folder.name,
        "other_builds": build.others,
        "dense_bytes": facts.get("dense_bytes"),
        "dense_code_bytes": facts.get("dense_code_bytes"),
        "files": {file: size for file, (size, _) in sorted(build.files.items())},
    }
    try:
        is_exact = facts["dense"]["factory"] == "Flat"
        recall = tuple(RecallAt(**one) for one in facts.get("dense_recall", []))
        return IndexStatus(**of_folder, **of_manifest(facts), is_exact=is_exact, recall=recall)
    except (KeyError, TypeError) as error:
        raise IndexDamaged(place, "say what the index holds", f"no {shown(str(error))}", REBUILD) from error


def of_manifest(facts: dict[str, Any]) -> dict[str, Any]:
    """What a build's manifest says wherever the build lies, by the names of `IndexStatus`.

    Raises:
        KeyError, TypeError: it says too little.
    """
    same = ("encoder", "directory", "providers", "evidence", "passages")
    return {name: facts[name] for name in same} | {
        "built_at": facts.get("built_at"),
        "dense_kind": facts["dense"]["factory"],
        "dense_why": facts["dense"]["why"],
        "lexical_bytes": facts.get("lexical_bytes"),
    }
