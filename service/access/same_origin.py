"""Whether a request that a browser sent by itself with its cookie comes from a page of this service (CSRF).

`SameSite` alone is not enough on one's own machine: to a browser all ports of localhost are one site.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from embeddings.errors import Refusal
from service.access.refusals import NotAdmitted

READING = frozenset({"GET", "HEAD"})
"""Methods that change nothing. What another page has fetched with them it cannot read: there is no CORS."""

_OWN_SITES = frozenset({"same-origin", "none"})


def check_same_origin(method: str, headers: Headers) -> None:
    """Return if the request reads only, or comes from a page of this service or from no page at all.

    Raises:
        NotAdmitted: 403, another page has sent it.
    """
    if method in READING:
        return
    hosts = [host.lower() for host in headers.getlist("host")]
    foreign = [origin for origin in headers.getlist("origin") if [_host_of(origin)] != hosts]
    if foreign or not _OWN_SITES.issuperset(headers.getlist("sec-fetch-site")):
        remedy = "Send it from a page of this service, or with a key: Authorization: Bearer cm_…"
        refusal = Refusal("request", "come from a page of this service", "one that another page has sent", remedy)
        raise NotAdmitted(403, "Another page has sent this", refusal)


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
