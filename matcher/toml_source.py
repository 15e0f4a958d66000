"""A TOML file whose problems are told with their lines, which its parser does not keep."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from embeddings.errors import shown
from matcher.errors import Problem

_TABLE = re.compile(r"\s*\[\s*([\w.-]+)\s*\]")
_ONE_OF_SEVERAL = re.compile(r"\s*\[\[\s*([\w.-]+)\s*\]\]")
_PART = r"""(?:"[^"]+"|'[^']+'|[\w-]+)"""
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_PARTS = re.compile(_PART)
_AT_LINE = re.compile(r"\(at line (\d+)")
_BARE_TIME = re.compile(r"^\s*[\w-]+\s*=.*?(?<![\d\"':T-])\d{1,2}:\d{2}(?![:\d\"'])", re.M)


@dataclass
class TomlSource:
    """What a TOML file says, days and times as text, and what was wrong with it."""

    file: str
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _lines: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def read(cls, file: str, data: bytes) -> TomlSource:
        """The file's values; none, and a problem, where it is no TOML."""
        source = cls(file)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            found = f"byte 0x{data[error.start]:02X}"
            source.problems.append(Problem(file, line, "", "be UTF-8", found, "Save the file as UTF-8."))
            return source
        source._lines = _lines_of(text)
        try:
            source.values = _as_text(tomllib.loads(text))
        except (ValueError, RecursionError) as error:  # a plain ValueError: of numbers too long to be read
            at = _AT_LINE.search(str(error))
            line = int(at[1]) if at else 0
            bare = _BARE_TIME.search("\n".join(text.splitlines()[max(0, line - 1) : line]))
            remedy = 'Write times in quotes, as in "09:30".' if bare else "Correct the line."
            source.problems.append(Problem(file, line, "", "be well-formed TOML", str(error).partition(" (at")[0], remedy))
        return source

    def line(self, table: str, key: str = "") -> int:
        """Where a key stands, or the table around it where it is not found; 0 for the file.

        Args:
            table: its name; empty for what stands before all tables, `name[2]` for the second of several, `name[2].part`
                for a table within it.
            key: its name; empty for the table itself.
        """
        whole = ".".join(filter(None, (table, key)))
        places = ((table, key), (whole, ""), (f"{whole}[1]", ""), (table, ""))
        found = next((self._lines[place] for place in places if place in self._lines), 0)
        if found or not table:
            return found
        around, _, name = table.rpartition(".")
        return self.line(around, name) if around else self._lines.get(("", name.partition("[")[0]), 0)

    def problem(self, table: str, key: str, required: str, found: str, remedy: str = "") -> None:
        """Note what is wrong with a key."""
        column = ".".join(filter(None, (table, key)))
        self.problems.append(Problem(self.file, self.line(table, key), column, required, found, remedy))

    def check_keys(self, table: str, values: dict[str, Any], known: tuple[str, ...]) -> None:
        """Note the keys that are not known."""
        for key in values:
            if key not in known:
                self.problem(table, key, "be a known field", shown(key), f"Known are: {', '.join(known)}.")


def _lines_of(text: str) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    counts: Counter[str] = Counter()
    table = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if several := _ONE_OF_SEVERAL.match(line):
            around, _, name = several[1].rpartition(".")
            whole = ".".join(filter(None, (_numbered(around, counts), name)))
            counts[whole] += 1
            table = f"{whole}[{counts[whole]}]"
            found[(table, "")] = number
        elif one := _TABLE.match(line):
            table = _numbered(one[1], counts)
            found.setdefault((table, ""), number)
        elif key := _KEY.match(line):
            *around_it, last = (part.strip("\"'") for part in _PARTS.findall(key[1]))
            found.setdefault((".".join(filter(None, (table, *around_it))), last), number)
    return found


def _numbered(name: str, counts: Counter[str]) -> str:
    """`call.budgets` below the second `[[call]]` is `call[2].budgets`."""
    path = ""
    for part in filter(None, name.split(".")):
        path = f"{path}.{part}" if path else part
        path = f"{path}[{counts[path]}]" if counts[path] else path
    return path


def _as_text(value: Any) -> Any:
    """Days and times as they are written: TOML has a type for each, and organisers as often put them in quotes."""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _as_text(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_text(one) for one in value]
    return value
