"""Links that serve one purpose for one subject: whoever has one needs no key, and can do nothing else with it."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from embeddings.errors import Refusal
from matcher.records import Moment, Record, Signature

Purpose = Literal["after the event", "after six months", "provider entry", "company entry"]
"""The surveys, and looking at one's own entry."""

PAGE = "/answer"
"""Where whoever has a link looks at what it opens."""
USUAL_LIFE = timedelta(days=60)
LONGEST_LIFE = timedelta(days=366)
_FORM = re.compile(r"ct_([A-Za-z0-9]{10})_[A-Za-z0-9_-]{43}")
_LETTERS = string.ascii_letters + string.digits


class LinkRefused(Refusal):
    """A token that opens nothing, or not this. What was shown is never repeated."""


class Link(Record):
    """What is known of a link: all but its token."""

    link_id: str
    purpose: Purpose
    subject: str
    """The match (its number), the provider (its id) or the company (`NL:its name`) that it is for."""
    region: str
    made_at: Moment
    made_by: Signature
    expires_at: Moment

    def is_open(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return now < self.expires_at


@dataclass(frozen=True)
class NewToken:
    """A token just made. `text` goes out in the link, once, and is kept nowhere."""

    text: str = field(repr=False)
    link_id: str
    digest: str


def new_token() -> NewToken:
    """`ct_`, an id of 10 letters and digits, `_`, and 256 random bits in 43 characters."""
    link_id = "".join(secrets.choice(_LETTERS) for _ in range(10))
    text = f"ct_{link_id}_{secrets.token_urlsafe(32)}"
    return NewToken(text, link_id, token_digest(text))


def token_digest(text: str) -> str:
    """SHA-256 in hexadecimal: all that is stored. 256 random bits need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def link_id_of(token: str) -> str:
    """The id within a token that was shown.

    Raises:
        LinkRefused: it does not have the form of one.
    """
    form = _FORM.fullmatch(token)
    if form is None:
        raise wrong_token()
    return form[1]


def holds_token(text: str) -> bool:
    """Whether a text that is to be kept or logged has a token in it, put there by mistake."""
    return _FORM.search(text) is not None


def wrong_token() -> LinkRefused:
    """The one answer to all that is no token of ours: it must not tell what about it is wrong."""
    return LinkRefused("token", "be one that was sent", "one that opens nothing", "Open the link again, whole.")


def page_of(token: str) -> str:
    """Path of the page to send. The token stands behind the `#`, which browsers keep to themselves, so no server logs it."""
    return f"{PAGE}#{token}"
