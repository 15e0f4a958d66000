"""A second net under the logs: what looks like a secret, or like the words of a need, leaves no log line.

The first net is that no line of ours says any. This one is for what others say: a library's message, an error's text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

REDACTED = "[redacted]"

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A key: its id may be told, and names it well enough.
    (re.compile(r"(cm_[A-Za-z0-9]+_)[A-Za-z0-9_-]+"), rf"\1{REDACTED}"),
    # The token of a link: its id, of ten letters and digits, may be told too.
    (re.compile(r"(ct_[A-Za-z0-9]{10}_)[A-Za-z0-9_-]{8,}"), rf"\1{REDACTED}"),
    # What follows `Bearer` or `Basic` and is too long to be a word of a sentence.
    (re.compile(r"((?:bearer|basic)(?:\s|%20)+)[A-Za-z0-9._~+/=-]{16,}", re.I), rf"\1{REDACTED}"),
    # Parameters of an address that are secret by their name.
    (re.compile(r"((?:token|secret|password|api_?key)=)[^&\s\"'#;,)]+", re.I), rf"\1{REDACTED}"),
    # The session of the local user: a header by itself, or in a list of headers.
    (re.compile(r"(cookie(?:['\"]?\s*[:=]|['\"],)\s*)[^\r\n]+", re.I), rf"\1{REDACTED}"),
    # The password within an address, as in that of a database.
    (re.compile(r"(\w://[^:/@\s]*:)[^@\s/]+@"), rf"\1{REDACTED}@"),
    # Errors that quote what they were given, need texts among it: pydantic's input, SQLAlchemy's parameters, PostgreSQL's rows.
    (re.compile(r"(input_value=).*?(?=, input_type=|\Z)", re.S), rf"\1{REDACTED}"),
    (re.compile(r"(\[parameters: )[^\n]*"), rf"\1{REDACTED}]"),
    (re.compile(r"(Key \([^)\n]*\)=)[^\n]*"), rf"\1{REDACTED}"),
    (re.compile(r"(Failing row contains ).*?(?=\n\[SQL: |\nCONTEXT: |\n\nThe above exception|\Z)", re.S), rf"\1{REDACTED}"),
)


def redacted(text: str) -> str:
    """The text without what looks like a secret or quotes what was given."""
    for pattern, kept in _PATTERNS:
        text = pattern.sub(kept, text)
    return text


def printable(value: Any) -> Any:
    """The same value, redacted at every depth, in types that JSON has."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        # JSON knows neither of the others.
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {redacted(str(name)): _by_name(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [printable(inner) for inner in value]
    return redacted(str(value))


_SECRET_NAME = re.compile(r"token|secret|password|authorization|cookie", re.I)


def _by_name(name: str, value: Any) -> Any:
    """A field that is secret by its name is so whatever it holds."""
    return REDACTED if value and _SECRET_NAME.search(name) else printable(value)
