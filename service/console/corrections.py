"""What a provider asks to be corrected in its own entry, from the fields of a form."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from matcher.errors import RequestRefused
from matcher.records import Provider, Record
from matcher.upkeep import Entry
from matcher.validation import checked
from service.console.forms import Form
from service.opened import ProviderOpened

FIELDS = ("name", "city", "url", "summary")
"""Of an entry that the provider itself may ask to change; all else its regional partner knows better."""
_SENT = re.compile(r"[A-Za-z0-9_-]{16,64}")


def told_of(form: Form, opened: ProviderOpened | None = None) -> dict[str, str]:
    """Field → text: what was filled in, else what was asked for before, else what the entry says.

    Args:
        form: as it was sent.
        opened: the entry; `None` where only what was filled in counts.
    """
    if any(name in form.fields for name in FIELDS):
        return {name: form.one(name) for name in FIELDS}
    entry = None if opened is None else opened.asked or opened.entry
    told: dict[str, str] = {} if entry is None else {name: getattr(entry.provider, name) for name in FIELDS}
    return told


def asked_entry(entry: Entry, asked: Entry | None, told: dict[str, str]) -> Entry:
    """The entry as the provider asks it to read. It tells no evidence, which keeps what there is.

    Args:
        entry: as it reads now.
        asked: what the provider asked for before, where that still waits.
        told: field → text, of `FIELDS`.

    Raises:
        RequestRefused: nothing is changed, or a field is not as an entry requires.
    """
    told = {name: told.get(name, "").replace("\r\n", "\n") for name in FIELDS}
    before = (entry if asked is None else asked).provider
    if told == {name: getattr(before, name) for name in FIELDS}:
        raise RequestRefused("correction", "change something", "the entry as it is", "Change a field.")
    _check_address(told["url"])
    values = entry.provider.model_dump() | told
    if told["city"] != entry.provider.city:
        # Those of the old place would show it on the map where it is no longer.
        values |= {"latitude": None, "longitude": None, "nuts": ""}
    if told["summary"] != entry.provider.summary:
        values.pop("summary_language")
    return Entry(provider=checked(Provider, values, "entry"))


def repeat_key(sent: str, told: Record | None) -> str | None:
    """The key under which a form counts once, however often the browser sends it; another text is another request.

    Args:
        sent: what the page gave the form to tell it by.
        told: what is asked for.
    """
    if _SENT.fullmatch(sent) is None:
        return None
    if told is None:
        return sent
    return f"{sent}-{hashlib.sha256(told.model_dump_json().encode()).hexdigest()[:16]}"


def _check_address(url: str) -> None:
    """Return if it may stand as a link on a page.

    Raises:
        RequestRefused: it is no address of the web.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("none")
    if url and not (parts.scheme in ("http", "https") and parts.netloc):
        remedy = "Write it as the browser shows it, for instance https://example.org."
        raise RequestRefused("url of the entry", "be an address that begins with https:// or http://", "another", remedy)
