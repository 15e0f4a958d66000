"""Files of a programme as they are given to a command: by name, or `-` for standard input and output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.errors import Refusal
from service.cli.output_file import whole_or_not

if TYPE_CHECKING:
    from matcher.programme.applicant import Applicant
    from matcher.programme.rules import Programme

STANDARD = Path("-")
_INPUT = "standard input"


def programme_of(file: Path) -> Programme:
    """The rules in a programme file.

    Raises:
        ProgrammeRefused: with all its problems.
    """
    from matcher.programme.programme_file import programme_from, read_programme

    return programme_from(_INPUT, sys.stdin.buffer.read()) if file == STANDARD else read_programme(file)


def applicant_of(file: Path) -> Applicant:
    """What a company says of itself in an applicant file.

    Raises:
        ApplicantRefused: with all its problems.
    """
    from service.cli.programme.applicant_file import applicant_from, read_applicant

    return applicant_from(_INPUT, sys.stdin.buffer.read()) if file == STANDARD else read_applicant(file)


def write_new(file: Path, text: str) -> bool:
    """Write a file to fill in, never over what somebody filled in; whether it was a file.

    Raises:
        Refusal: there is one of that name, or the place cannot be written.
    """
    if file == STANDARD:
        sys.stdout.write(text)
        return False
    if file.exists():
        raise Refusal(f"file {file}", "be a new one", "one that is there", "Name another file.")
    with whole_or_not(file) as stream:
        stream.write(text)
    return True
