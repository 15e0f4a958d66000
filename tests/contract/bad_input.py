"""Requests of which nearly all are bad, each made from a good one; the same ones at every run."""

from __future__ import annotations

import copy
import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SEED = 20260301
JSON = (b"content-type", b"application/json")

GOOD: dict[str, Any] = {
    "need": {
        "text": "We look for inhalation toxicology with lung models.",
        "country": "NL",
        "title": "Lungs",
        "kind": "expertise",
        "language": "en",
        "region": "nl-oost",
        "company": "Lung BV",
        "company_url": "https://example.org",
        "company_ids": ["pic:1"],
        "categories": ["technology"],
        "need_id": "n-1",
        "asked_on": "2026-01-31",
    },
    "filters": {
        "categories": ["technology"],
        "countries": ["DE", "NL"],
        "excluded_countries": ["FR"],
        "regions": ["de-nrw"],
        "excluded_providers": ["carla"],
        "known_contacts": "note",
    },
    "policy": {"mode": "favour", "beta": 1.5, "floor": {"at_least": 1, "of_first": 3}},
    "preferences": {"shared_language": 0.5, "neighbour": 0, "nearness": 1, "diversity": 2.5},
    "k": 5,
}
STEP: dict[str, Any] = {"kind": "introduced", "happened_on": "2026-03-02"}
WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    " ",
    "x",
    "0",
    "\0",
    "a\ud800",
    "x" * 20_001,
    [],
    [[]],
    [None],
    {},
    {"a": 1},
)
"""Values of which each is wrong in nearly every place."""
RAW = (
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-0.0",
    b"9" * 400,
    b"9" * 5_000,
    b"0x10",
    b"01",
    b"+1",
    b".5",
    b"1.",
    b"'x'",
    b"undefined",
    b"/**/1",
)
"""What stands in the place of a number or text without being one."""
DEPTHS = (2, 10, 100, 1_000, 10_000, 60_000)


@dataclass(frozen=True)
class BadRequest:
    """A request as it comes over the wire."""

    name: str
    method: str = "POST"
    target: bytes = b"/v1/match-lists"
    headers: tuple[tuple[bytes, bytes], ...] = (JSON,)
    pieces: tuple[bytes, ...] = (b"",)
    """The body in the pieces in which it comes."""
    cut_off: bool = False
    """Whether the caller goes away before the end of the body."""

    @property
    def content(self) -> bytes:
        return b"".join(self.pieces)


def written(value: Any) -> bytes:
    return json.dumps(value).encode()


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where every value of a document stands, that of the document first."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in inside:
        yield from places(inner, (*path, name))


def put(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The document with another value in that place."""
    if not path:
        return value
    changed = copy.deepcopy(document)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


def bad_bodies(good: Any) -> Iterator[tuple[str, bytes]]:
    """Bodies made from a good one, with what was done to it."""
    content = written(good)
    yield from ((f"cut short after {length} bytes", content[:length]) for length in range(len(content)))
    for path in places(good):
        where = "/".join(map(str, path)) or "all"
        yield from ((f"{where} is {value!r:.30}", written(put(good, path, value))) for value in WRONG)
        marked = written(put(good, path, "MARK"))
        yield from ((f"{where} is {raw[:20]!r} as it stands", marked.replace(b'"MARK"', raw)) for raw in RAW)
    objects = [path for path in places(good) if path == () or isinstance(_at(good, path), dict)]
    for path in objects:
        where, names = "/".join(map(str, path)) or "all", list(_at(good, path))
        yield from ((f"{where} without {name}", written(_without(good, (*path, name)))) for name in names)
        for name in ("", "x", "TEXT", "\0", "\ud800", "__proto__", "x" * 5_000):
            yield f"{where} with {name[:20]!r} too", written(put(good, (*path, name), 1))
        for name in names:
            twice = json.dumps(_at(good, path)).replace("{", f'{{"{name}": 1, ', 1)
            yield f"{where} with {name} twice", written(put(good, path, "MARK")).replace(b'"MARK"', twice.encode())
    yield from _damaged(content)
    yield from _encoded(content)


def _damaged(content: bytes) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(SEED)
    for number in range(150):
        place, byte = chance.randrange(len(content)), chance.randrange(256)
        yield f"byte {place} is 0x{byte:02X} ({number})", content[:place] + bytes([byte]) + content[place + 1 :]
    for number in range(60):
        start, end = sorted(chance.sample(range(len(content)), 2))
        yield f"without bytes {start} to {end} ({number})", content[:start] + content[end:]
    for depth in DEPTHS:
        yield f"{depth} lists in each other", b"[" * depth + b"]" * depth
        yield f"{depth} lists without an end", b"[" * depth
        yield f"{depth} objects in each other", b'{"need":' * depth + b"1" + b"}" * depth
        yield f"a need {depth} lists deep", b'{"need": ' + b"[" * depth + b"]" * depth + b"}"


def _encoded(content: bytes) -> Iterator[tuple[str, bytes]]:
    text = content.decode()
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8-sig", "utf-7", "cp037"):
        yield f"in {name}", text.encode(name)
    yield "in Latin-1", text.replace("Lungs", "L\xfcngs").encode("latin-1")
    for name, raw in {
        "a UTF-8 surrogate": b"\xed\xa0\x80",
        "half a UTF-8 character": b"\xc3",
        "an overlong slash": b"\xc0\xaf",
        "a byte that is in no text": b"\xff",
        "beyond Unicode": b"\xf4\x90\x80\x80",
        "NUL": b"\0",
        "a line break": b"\n",
        "an escape sequence": b"\x1b[2J",
    }.items():
        yield f"{name} in the title", content.replace(b"Lungs", b"Lu" + raw + b"ngs")
        yield f"{name} before all", raw + content
        yield f"{name} after all", content + raw
    yield "compressed", gzip.compress(content, mtime=0)
    yield "twice", content + content
    yield "a second value", content + b" 1"
    yield from ((f"only {blank!r}", blank) for blank in (b"", b" ", b"\n\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe"))


def _at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def _without(document: Any, path: tuple[str | int, ...]) -> Any:
    changed = copy.deepcopy(document)
    del _at(changed, path[:-1])[path[-1]]
    return changed


def bad_deliveries() -> Iterator[BadRequest]:
    """Good bodies that come in a bad way, or are called something else."""
    content = written(GOOD)
    for kind in (b"", b"json", b"text/plain", b"text/html", b"application/x-www-form-urlencoded", b"multipart/form-data",
                 b"multipart/form-data; boundary=x", b"application/xml", b"application/json5", b"*/*", b"application/json;;",
                 b"\xff\xfe", b"application/" + b"j" * 9_000, b"application/octet-stream"):  # fmt: skip
        yield BadRequest(f"content type {kind[:40]!r}", headers=((b"content-type", kind),), pieces=(content,))
    yield BadRequest("without a content type", headers=(), pieces=(content,))
    for coding in (b"gzip", b"br", b"deflate", b"gzip, gzip", b"identity", b"x" * 500):
        packed = gzip.compress(content, mtime=0)
        yield BadRequest(f"said to be {coding[:20]!r}", headers=(JSON, (b"content-encoding", coding)), pieces=(content,))
        yield BadRequest(f"{coding[:20]!r}, and packed", headers=(JSON, (b"content-encoding", coding)), pieces=(packed,))
    for length in (
        b"-1",
        b"abc",
        b"1e3",
        b"",
        b" ",
        b"\xb2",
        b"\xb9\xb2",
        b"0x10",
        b"9" * 19,
        b"9" * 30,
        b"9" * 5_000,
        b"200001",
    ):
        yield BadRequest(f"a length of {length[:20]!r}", headers=(JSON, (b"content-length", length)), pieces=(content,))
    yield BadRequest("byte by byte", pieces=tuple(bytes([byte]) for byte in content))
    yield BadRequest("with empty pieces between", pieces=(b"", content[:50], b"", b"", content[50:], b""))
    yield BadRequest("larger than is read", pieces=(content, b" " * 200_000))
    yield BadRequest("larger than is read, in pieces", pieces=(b" " * 50_000,) * 5)
    for length in range(0, len(content), 40):
        yield BadRequest(f"cut off after {length} bytes", pieces=(content[:length],), cut_off=True)
