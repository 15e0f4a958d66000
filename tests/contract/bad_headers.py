"""Bad headers, paths and queries around a request that is good otherwise; the same ones at every run."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.contract.bad_input import GOOD, JSON, SEED, BadRequest, written

ODD = (
    b"",
    b" ",
    b"\t",
    b"\0",
    b"x" * 60_000,
    b"\xff\xfe",
    "é".encode(),
    b'"',
    b"a b",
    b"a\r\nb: c",
    b"-1",
    b"NaN",
    b"%00",
    b"../..",
    b"\x1b[2J",
)
"""Values that few headers expect."""
IGNORED = (
    b"accept", b"accept-encoding", b"accept-language", b"accept-charset", b"range", b"if-match", b"if-none-match", b"if-range",
    b"if-modified-since", b"if-unmodified-since", b"origin", b"referer", b"cookie", b"host", b"x-request-id", b"expect", b"te",
    b"x-forwarded-for", b"x-forwarded-proto", b"forwarded", b"connection", b"upgrade", b"user-agent", b"x-http-method-override",
    b"sec-fetch-site", b"traceparent", b"via", b"from", b"date", b"priority",
)  # fmt: skip
"""Headers that must not matter to a request with a key, whatever stands in them."""
LIKELY = {
    b"accept": (b"text/html", b"image/*;q=1", b"application/json;q=0", b"*"),
    b"range": (b"bytes=0-0", b"bytes=-1", b"bytes=9-1", b"bytes=0-,0-,0-", b"lines=1-2"),
    b"if-none-match": (b"*", b'"x"', b'W/"x"', b"x"),
    b"if-match": (b"*", b'"x"'),
    b"if-modified-since": (b"Thu, 01 Jan 1970 00:00:00 GMT", b"yesterday"),
    b"origin": (b"null", b"https://evil.example", b"http://localhost"),
    b"cookie": (b"=", b";;;", b"a=b; a=c", b"crossmatch-80=x", b'a="', b"a=\\", b"$Version=1"),
    b"host": (b"evil.example", b"localhost:99999", b"[::1", b"a,b", b"@"),
    b"x-http-method-override": (b"DELETE", b"GET"),
}


def odd_headers() -> Iterator[BadRequest]:
    """Good requests with a header that must not matter."""
    for name in IGNORED:
        for value in (*ODD, *LIKELY.get(name, ())):
            headers = (JSON, (name, value))
            yield BadRequest(f"{name.decode()}: {value[:20]!r}", headers=headers, pieces=(written(GOOD),))
        yield BadRequest(f"{name.decode()} twice", headers=(JSON, (name, b"1"), (name, b"2")), pieces=(written(GOOD),))
    many = tuple((b"x-%d" % number, b"x") for number in range(2_000))
    yield BadRequest("two thousand headers", headers=(JSON, *many), pieces=(written(GOOD),))


def bad_authorizations(key: str) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    """Values of `Authorization` that open nothing, made from a key that does."""
    good = key.encode()
    start, secret = good[:12], good[12:]
    for value in ODD:
        yield f"{value[:20]!r} alone", (value,)
        yield f"Bearer and {value[:20]!r}", (b"Bearer " + value,)
        yield f"the key, then {value[:20]!r}", (b"Bearer " + good + b"x" + value,)
    for scheme in (
        b"",
        b"Basic ",
        b"Digest ",
        b"Token ",
        b"Bearer",
        b"Bearer:",
        b"Bearer=",
        b"Bearer\t",
        b"Bearer Bearer ",
        b"B\xe9arer ",
    ):
        yield f"scheme {scheme!r}", (scheme + good,)
    for number in range(0, len(good), 3):
        yield f"cut short after {number}", (b"Bearer " + good[:number],)
        other = b"A" if good[number : number + 1] != b"A" else b"B"
        yield f"another letter at {number}", (b"Bearer " + good[:number] + other + good[number + 1 :],)
    for name, value in {
        "in quotes": b'"' + good + b'"',
        "a part": secret,
        "in capitals": good.upper(),
        "swapped": good.swapcase(),
        "in percent signs": b"%63" + good[1:],
        "of another id": b"cm_00000000_" + secret,
        "with a path": good + b"/",
        "with a line": good + b"\n",
        "twice": good + good,
        "in a list": good + b"," + good,
        "SQL": start + b"' OR '1'='1",
        "wide letters": good.replace(b"m", "ｍ".encode()),
    }.items():
        yield name, (b"Bearer " + value,)
    yield "two headers", (b"Bearer " + good, b"Bearer " + good)
    yield "one good, one empty", (b"Bearer " + good, b"")


def bad_idempotency_keys() -> Iterator[tuple[str, bytes]]:
    """Values of `Idempotency-Key` that are none."""
    for value in (
        b"",
        b" ",
        b"\t",
        b"a b",
        b"x" * 201,
        b"x" * 60_000,
        b"\xff",
        "é".encode(),
        b"\0",
        b"a\0",
        b"\x7f",
        b"a\tb",
        b"a\nb",
        b"\x1b[2J",
    ):
        yield repr(value[:20]), value


def bad_targets() -> Iterator[tuple[str, bytes]]:
    """Methods and targets that lead nowhere, or to what there is not."""
    roots = (b"/v1/match-lists", b"/v1/matches", b"/v1/providers", b"/docs", b"/healthz")
    tails = (
        b"/", b"//", b"/.", b"/..", b"/../../etc/passwd", b"/%2e%2e/%2e%2e/etc/passwd", b"/..%2f..%2fetc%2fpasswd", b"/%00",
        b"/%", b"/%zz", b"/%ff", b"/%ed%a0%80", b"/%0a", b"/%0d%0aX:1", b"/%1b[2J", b"/" + b"x" * 60_000, b"/x/y/z", b";a=b",
        b"/;", b"/~", b"/%252e", b"/\\", b"/'", b"/%27%20OR%201=1--", b"/-1", b"/0", b"/1e3", b"/NaN", b"/9" + b"9" * 400,
        b"/None", b"/null",
    )  # fmt: skip
    for root in roots:
        yield from (("GET", root + tail) for tail in tails)
    for method in ("DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "HEAD", "get", "X", "POST "):
        yield from ((method, root) for root in roots)
    yield from (
        ("GET", target)
        for target in (b"", b"*", b"v1/matches", b"//v1/matches", b"http://evil.example/v1/matches", b"/V1/matches")
    )


def bad_queries() -> Iterator[tuple[str, bytes]]:
    """Path, and a query that is odd."""
    fields = {
        b"/v1/match-lists": (b"need_region", b"company", b"before", b"limit"),
        b"/v1/matches": (b"list_id", b"provider_id", b"need_country", b"cross_border", b"since", b"after", b"limit"),
        b"/v1/providers": (b"category", b"country", b"region", b"name", b"after", b"limit"),
        b"/v1/indicators": (b"region",),
    }
    odd = (
        b"", b"%00", b"%ff", b"%ed%a0%80", b"%", b"-1", b"0", b"1e3", b"9" * 30, b"9" * 5_000, b"x" * 600, b"true", b"null",
        b"NaN", b"1&%s=2", b"[]", b"%5B%5D", b"2026-13-45", b"NL", b"%20NL%20", b"nl%0a", b"'--", b"2024", b"inf",
    )  # fmt: skip
    for path, names in fields.items():
        for name in names:
            for value in odd:
                yield path.decode(), name + b"=" + value.replace(b"%s", name)
        for query in (b"x=1", b"=", b"&&&", b"==", b"%", b"a;b", b"limit", b"LIMIT=1", b"limit[]=1", b"\xff=1", b"x" * 50_000):
            yield path.decode(), query
    chance = random.Random(SEED)
    for _ in range(100):
        path = chance.choice(list(fields))
        yield path.decode(), bytes(chance.choice(b"abclimt=&%;+[]0123456789") for _ in range(chance.randrange(1, 40)))
