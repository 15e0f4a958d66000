"""What a company says of itself, from a TOML or JSON file. Every mistake in it is named with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embeddings.errors import shown
from matcher.errors import FilesRefused, Problem
from matcher.programme.applicant import Accounts, Applicant, Relation
from matcher.programme.file_parts import FilePart
from matcher.toml_source import TomlSource

LARGEST_FILE = 1_000_000
"""Bytes; a thousand times what a company with a large group has to say."""

EXAMPLE = """\
# What a company says of itself when it applies for an incentive. Sums are in euros, without separators of thousands other
# than an underscore. The file can be JSON too, with the same names.

# Aid that the company and its group had under the de minimis rule in the last three years; leave it out if it was not asked.
de_minimis = 12_500.00
# true where it has no closed accounts yet: its figures are estimates then.
is_new = false

# Its last closed accounts, each year once, without its group. The last two decide.
[[accounts]]
year = 2024
headcount = 11.5        # annual work units
turnover = 1_350_000
balance_sheet = 980_000

[[accounts]]
year = 2025
headcount = 14
turnover = 1_620_000
balance_sheet = 1_105_000

# Enterprises that it belongs together with: linked (control), partner (25 to 50 percent) or public body. Leave it out if none.
[[relation]]
name = "A seed investor"
kind = "partner"
share = 30              # percent of capital or votes, the greater of the two
exempt = false          # true: venture capital, business angel, university and the like, which make no partner

[[relation.accounts]]
year = 2025
headcount = 6
turnover = 2_400_000
balance_sheet = 9_800_000
"""
"""A file to fill in."""


class ApplicantRefused(FilesRefused):
    """An applicant file with one problem or more."""


def read_applicant(path: Path) -> Applicant:
    """What the file says.

    Raises:
        ApplicantRefused: anything wrong in it; all problems are named, not only the first.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        remedy = "crossmatch programme example-applicant FILE writes one to fill in."
        raise ApplicantRefused([Problem(path.name, 0, "", "be readable", why, remedy)]) from error
    return applicant_from(path.name, data)


def applicant_from(file: str, data: bytes) -> Applicant:
    """What a file says that holds these bytes: JSON where it is one object in braces, else TOML.

    Raises:
        ApplicantRefused: see `read_applicant`.
    """
    if len(data) > LARGEST_FILE:
        wanted = f"have at most {LARGEST_FILE:,} bytes"
        raise ApplicantRefused([Problem(file, 0, "", wanted, f"{len(data):,}", "Is it another file?")])
    is_json = file.lower().endswith(".json") or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    source = _json_source(file, data) if is_json else TomlSource.read(file, data)
    if not source.problems:
        found = _applicant(source)
        if found is not None and not source.problems:
            return found
    raise ApplicantRefused(sorted(source.problems, key=lambda one: one.line))


def _json_source(file: str, data: bytes) -> TomlSource:
    """JSON as the same tables; its places are told by name, without lines."""
    try:
        values = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _refused(file, 0, "be UTF-8", "something else", "Save the file as UTF-8.")
    except json.JSONDecodeError as error:
        return _refused(file, error.lineno, "be well-formed JSON", error.msg, "Correct the line.")
    except (ValueError, RecursionError):
        return _refused(file, 0, "be well-formed JSON", "numbers or brackets without end", "Correct the file.")
    if not isinstance(values, dict):
        return _refused(file, 0, "be an object with named fields", shown(values), "Put the fields in braces.")
    return TomlSource(file, values)


def _refused(file: str, line: int, required: str, found: str, remedy: str) -> TomlSource:
    return TomlSource(file, problems=[Problem(file, line, "", required, found, remedy)])


def _applicant(source: TomlSource) -> Applicant | None:
    whole = FilePart(source, "", source.values)
    values = whole.fields({"is_new": "is_new"}, sums=("de_minimis",), beside=("accounts", "relation"))
    values["accounts"] = _all_accounts(source, whole)
    relations = [_relation(source, part) for part in _tables(source, whole, "relation")]
    values["relations"] = tuple(one for one in relations if one is not None)
    return whole.record(Applicant, values)


def _relation(source: TomlSource, part: FilePart) -> Relation | None:
    names = {name: name for name in ("name", "kind", "share", "exempt")}
    values = part.fields(names, beside=("accounts",))
    return part.record(Relation, {**values, "accounts": _all_accounts(source, part)})


def _all_accounts(source: TomlSource, holder: FilePart) -> tuple[Accounts, ...]:
    names = {"year": "year", "headcount": "headcount"}
    parts = _tables(source, holder, "accounts")
    read = [part.record(Accounts, part.fields(names, sums=("turnover", "balance_sheet"))) for part in parts]
    return tuple(one for one in read if one is not None)


def _tables(source: TomlSource, holder: FilePart, name: str) -> Iterator[FilePart]:
    """All tables of that name within another, in their order."""
    told: Any = holder.told.get(name)
    whole = ".".join(filter(None, (holder.table, name)))
    if told is not None and not isinstance(told, list):
        holder.problem(name, "be a list of tables", shown(told), f"Write one [[{whole.partition('[')[0]}]] for each.")
        return
    for number, one in enumerate(told or (), start=1):
        table = f"{whole}[{number}]"
        if isinstance(one, dict):
            yield FilePart(source, table, one)
        else:
            source.problem(table, "", "be a table", shown(one), "Write its fields below its name.")
