"""What comes over a socket that no client would send: bad request lines, lengths, chunks and bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

SEED = 20260301
NEED = b'{"need": {"text": "We look for inhalation toxicology with lung models.", "country": "NL"}, "k": 1}'

_LINES = (
    b"", b"\r\n", b"\n\n\n", b"\0", b" ", b"GET", b"GET ", b"GET /healthz", b"GET  /healthz HTTP/1.1",
    b"/healthz HTTP/1.1", b"GET /healthz HTTP/9.9", b"GET /healthz HTTP/1.1 x", b"GET /healthz http/1.1",
    b"GET /healthz HTTP/1.", b"GET /healthz HTP/1.1", b"GET\t/healthz\tHTTP/1.1", b"G\xc3\x89T /healthz HTTP/1.1",
    b"G(T /healthz HTTP/1.1", b"GET /\xff HTTP/1.1", b"GET /\0 HTTP/1.1", b"GET /a b HTTP/1.1",
    b"GET /healthz\x0bHTTP/1.1", b"PRI * HTTP/2.0", b"CONNECT localhost:1 HTTP/1.1", b"OPTIONS * HTTP/1.1",
    b"GET http://evil.example/v1/providers HTTP/1.1", b"GET //evil.example/ HTTP/1.1",
    b"GET /v1/providers?\xff=1 HTTP/1.1", b"GET /" + b"x" * 70_000 + b" HTTP/1.1", b"x" * 100_000,
    b"GET /healthz HTTP/1.1\r\r", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET /../../etc/passwd HTTP/1.1",
    b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", b"GET /%zz%00%ff HTTP/1.1", b"get /healthz HTTP/1.1",
)  # fmt: skip
"""Request lines."""

_HEADERS = (
    b"no colon", b": no name", b"a b: c", b"a : b", b"a\0: b", b"a: b\0c", b"a: \x01", b"a: b\r\n c", b"\ta: b",
    b"a\xff: b", b"a: \xff\xfe", b"a: " + b"x" * 70_000, b"\r\n".join(b"a%d: b" % number for number in range(5_000)),
    b"host: x", b"host:", b"a: b\nc: d", b"a: b\rc: d", b"content-length: -1", b"content-length: +5",
    b"content-length: 1e1", b"content-length: 0x5", b"content-length: 5, 6", b"content-length: 5\r\ncontent-length: 6",
    b"content-length: " + b"9" * 5_000, b"content-length: ", b"content-length: \xb2", b"content-length: 1 1",
    b"transfer-encoding: gzip", b"transfer-encoding: chunked, chunked", b"transfer-encoding: identity",
    b"transfer-encoding: \x0bchunked", b"expect: 200-ok", b"expect: 100-continue",
    b"upgrade: websocket\r\nconnection: upgrade", b"upgrade: h2c\r\nconnection: upgrade, http2-settings",
    b"connection: close\r\nconnection: keep-alive", b"authorization: Bearer \xff", b"x-request-id: \xff",
    b"cookie: " + b"a=b; " * 9_000, b"idempotency-key: \xc3\xa9", b"idempotency-key: a b",
)  # fmt: skip
"""Lines after those of a good request, before its end."""

_OPEN_HEADERS = (b"content-length: " + b"9" * 19, b"content-length: 6", b"transfer-encoding: chunked\r\ncontent-length: 5")
"""Of which the service must wait for more."""

_CHUNKS = (
    b"\r\n", b"5\r\nabcdefgh\r\n0\r\n\r\n", b"z\r\nabc\r\n0\r\n\r\n", b"-1\r\nabc\r\n0\r\n\r\n",
    b"0x5\r\nabcde\r\n0\r\n\r\n", b"f" * 40 + b"\r\nabc\r\n", b"5;" + b"x" * 70_000 + b"\r\nabcde\r\n0\r\n\r\n",
    b" 5\r\nabcde\r\n0\r\n\r\n", b"5 \r\nabcde\r\n0\r\n\r\n", b"0\r\na: b\r\n\r\n",
    b"0\r\n" + b"a: b\r\n" * 9_000 + b"\r\n", b"\xff\r\n", b"5\r\n\0\0\0\0\0\r\n0\r\n\r\n",
    b"1\r\n{\r\n" * 3_000 + b"0\r\n\r\n", b"5\r\nabcde0\r\n\r\n", b"5\r\nabcde\r\n\r\n",
    b"30d40\r\n" + b" " * 200_000 + b"\r\n30d40\r\n" + b" " * 200_000 + b"\r\n0\r\n\r\n",
)  # fmt: skip
"""Bodies that are said to be chunked."""

_OPEN_CHUNKS = (b"", b"5\r\nabc", b"ffffffffffffffff\r\nabc\r\n", b"5\nabcde\n0\n\n", b"0\r\n")
"""Of which the service must wait for more."""


@dataclass(frozen=True)
class Raw:
    """Bytes that are sent, and whether the service can answer them: of some it must wait for more, which never comes."""

    name: str
    sent: bytes
    is_whole: bool = True


def raw_requests(key: str) -> Iterator[Raw]:
    """Every one is to be answered with 4xx, or by hanging up, or is harmless."""
    start = b"POST /v1/match-lists HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer " + key.encode() + b"\r\n"
    posted = start + b"content-type: application/json\r\n"
    asked = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n"
    good = posted + b"content-length: %d\r\n\r\n" % len(NEED) + NEED
    for line in _LINES:
        yield Raw(f"line {line[:40]!r}", line + b"\r\nhost: localhost\r\n\r\n")
    for lines in (*_HEADERS, *_OPEN_HEADERS):
        for before in (asked, posted):
            yield Raw(f"{before[:4]!r} and {lines[:40]!r}", before + lines + b"\r\n\r\nabcde", lines in _HEADERS)
    for body in (*_CHUNKS, *_OPEN_CHUNKS):
        yield Raw(f"chunks {body[:40]!r}", posted + b"transfer-encoding: chunked\r\n\r\n" + body, body in _CHUNKS)
    for length in (0, 1, len(NEED) - 1, len(NEED) + 1, len(NEED) + 1_000, 199_999, 200_001, 10**9):
        sent = posted + b"content-length: %d\r\n\r\n" % length + NEED
        yield Raw(f"a length of {length:,}", sent, length < len(NEED))
    yield Raw("no host", b"GET /healthz HTTP/1.1\r\n\r\n")
    yield Raw("a second request that is none", asked + b"\r\nxyz\r\n\r\n")
    yield Raw("many requests at once", (asked + b"\r\n") * 200)
    yield Raw("a body to where none belongs", asked + b"content-length: 200000\r\n\r\n" + b"x" * 200_000)
    yield Raw("noise", random.Random(SEED).randbytes(50_000))
    yield from (Raw(f"cut off after {length}", good[:length], False) for length in range(1, len(good), 12))
