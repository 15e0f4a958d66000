"""Files that appear only when they are whole."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from embeddings.errors import Refusal


@contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """A path beside `file` to write to. It takes the place of `file` at the end; of a failure nothing stays behind.

    Raises:
        Refusal: the place cannot be written to.
    """
    target = file.resolve()  # a link stays one
    beside = target.with_name(f".{uuid.uuid4().hex}{target.suffix}")
    try:
        yield beside
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.replace(target)
    except OSError as error:
        raise Refusal(f"file {file}", "be writable", error.strerror or str(error), "Choose another place.") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
