"""Several files of one report, written together: all of them are new, or none is."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path

from embeddings.errors import Refusal


def write_together(contents: Mapping[str, str], folder: Path) -> None:
    """Write the files into the folder, which is made if it is not there. They are made beside it and moved in when whole.

    Args:
        contents: name → text.
        folder: other files in it are left alone.

    Raises:
        Refusal: the folder cannot be written.
    """
    folder = folder.resolve()  # a link stays one
    beside = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:12]}"
    try:
        beside.mkdir(parents=True)
        for name, content in contents.items():
            (beside / name).write_text(content, encoding="utf-8", newline="\n")
        folder.mkdir(exist_ok=True)
        for name in contents:
            (beside / name).replace(folder / name)
    except OSError as error:
        raise Refusal(f"folder {folder}", "be writable", error.strerror or str(error), "Choose another place.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
