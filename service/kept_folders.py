"""Folders of things that the service keeps for people, one a thing, each made whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

_ID = re.compile(r"[0-9a-f]{32}")


class KeptFolders:
    """The folders below one; each has an id for a name."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def add(self, fill: Callable[[Path], None]) -> str:
        """A new folder as `fill` leaves it; its id. Nothing is there where that raises."""
        self._root.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".new-", dir=self._root))
        try:
            fill(made)
            one = uuid.uuid4().hex
            made.rename(self._root / one)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        return one

    def all(self) -> list[Path]:
        """All that there are, each named by its id."""
        return [one for one in self._root.iterdir() if _ID.fullmatch(one.name)] if self._root.is_dir() else []

    def folder(self, one: str) -> Path | None:
        """The folder of that id; `None` where there is none."""
        return self._root / one if _ID.fullmatch(one) is not None and (self._root / one).is_dir() else None
