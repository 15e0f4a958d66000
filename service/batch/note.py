"""What is noted beside the output of a batch that is not finished: which batch it is, and what was asked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matcher.batch_log import BatchOpening
from matcher.batch_terms import BatchTerms
from matcher.records import Record
from service.batch.refusals import BatchRefused


class Note(Record):
    """A batch, and everything that must be the same when it is gone on with."""

    opening: BatchOpening
    file_digest: str
    """SHA-256 of the file of needs."""
    about: dict[str, str]
    terms: BatchTerms
    form: str
    """The output's ending."""
    skip_bad: bool

    def save(self, file: Path) -> None:
        """Write the note, whole or not at all, and wait until it is on the disk."""
        beside = file.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as stream:
            stream.write(self.model_dump_json())
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)

    @classmethod
    def load(cls, file: Path) -> Note | None:
        """The note of a batch that was begun; `None` where there is none.

        Raises:
            BatchRefused: it cannot be read.
        """
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            return None
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            remedy = f"Remove the folder {file.parent} and start the batch again."
            raise BatchRefused(f"note {file}", "be that of a batch", f"{error.error_count()} faults", remedy) from error

    def check_same(self, other: Note) -> None:
        """Return if a batch that was begun as this one says may be gone on with as the other says.

        Raises:
            BatchRefused: names what is not the same.
        """
        known: dict[str, tuple[Any, Any]] = {
            "file of needs": (self.file_digest, other.file_digest),
            "fields for all needs": (self.about, other.about),
            "option --skip-bad": (self.skip_bad, other.skip_bad),
            "option --asked-by": (self.opening.opened_by, other.opening.opened_by),
            "index and its settings": (self.opening.engine, other.opening.engine),
        }
        known |= {
            f"terms ({name})": (getattr(self.terms, name), getattr(other.terms, name)) for name in BatchTerms.model_fields
        }
        for what, (then, now) in known.items():
            if then != now:
                place = f"{what} of the batch that was begun at {self.opening.opened_at:%Y-%m-%d %H:%M} UTC"
                remedy = "Start the same command as then, or give up that batch with --anew."
                raise BatchRefused(place, "be the same when it is gone on with", "another", remedy)
