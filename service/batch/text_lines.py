"""Lines of a text file as they come, with what is wrong where the file is no text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from matcher.errors import Problem

LONGEST_LINE = 2_000_000
"""Characters: a line of more is no row of a table, and would fill the memory."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class NoText(Exception):
    """The file is no UTF-8 text, or has a line without end; `problem` says where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def text_lines(file: Path) -> Iterator[str]:
    """Lines with their ends, in whatever form these are. A byte order mark of UTF-8 is left out.

    Raises:
        NoText: at the place where it is none.
        OSError: it cannot be read.
    """
    with file.open("rb") as stream:
        if stream.read(2) in _UTF_16:
            found, remedy = "a UTF-16 byte order mark", "Save the file as UTF-8 (in a spreadsheet: CSV UTF-8)."
            raise NoText(Problem(file.name, 1, "", "be UTF-8", found, remedy))
    with file.open(encoding="utf-8-sig", newline="") as text:
        try:
            for line, content in enumerate(iter(lambda: text.readline(LONGEST_LINE), ""), start=1):
                if len(content) >= LONGEST_LINE:
                    wanted = f"have lines of fewer than {LONGEST_LINE:,} characters"
                    raise NoText(Problem(file.name, line, "", wanted, "a longer one", "Put each need on a line of its own."))
                yield content
        except UnicodeDecodeError:
            raise NoText(_where_no_utf_8(file)) from None


def _where_no_utf_8(file: Path) -> Problem:
    """The first line that cannot be decoded: the reader itself knows only its place in a piece of the file."""
    with file.open("rb") as stream:
        for line, content in enumerate(iter(lambda: stream.readline(4 * LONGEST_LINE), b""), start=1):
            try:
                content.decode()
            except UnicodeDecodeError as error:
                found = f"byte 0x{content[error.start]:02X} at byte {error.start + 1} of the line"
                remedy = "It looks like Latin-1 or Windows-1252: save the file as UTF-8 (in a spreadsheet: CSV UTF-8)."
                return Problem(file.name, line, "", "be UTF-8", found, remedy)
    return Problem(file.name, 0, "", "be UTF-8", "something else", "Save the file as UTF-8.")
