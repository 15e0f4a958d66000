"""A file that a command writes: there when it is whole, or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from embeddings.errors import Refusal


def _umask() -> int:
    """What new files may not be for others; the system tells it only while setting another."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def whole_or_not(file: Path | None, *, private: bool = False) -> Iterator[IO[str]]:
    """Standard output without a file, else a file that appears only when it is whole.

    Args:
        file: where.
        private: whether only its owner may read it.

    Raises:
        Refusal: the place cannot be written.
    """
    if file is None:
        yield sys.stdout
        return
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=file.parent, delete=False) as beside:
            try:
                yield beside
                beside.flush()
                Path(beside.name).chmod(0o600 if private else 0o666 & ~_umask())
                os.fsync(beside.fileno())
                Path(beside.name).replace(file)
            except BaseException:
                Path(beside.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Refusal(f"file {file}", "be writable", error.strerror or str(error), "Choose another place.") from error
