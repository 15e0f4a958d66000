"""Keys: how one looks, what is kept of it, where it is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal, Protocol

from pydantic import AfterValidator, Field, model_validator

from embeddings.errors import Refusal, check_encodable, shown
from matcher.records import Moment, Record, Signature
from service.access.caller import LOCAL, Role

Clock = Callable[[], datetime]
"""Tells the time in UTC."""

KeyState = Literal["valid", "expired", "revoked"]

USUAL_LIFE = timedelta(days=365)
LONGEST_LIFE = timedelta(days=3 * 365 + 1)
"""Three years: people leave, and a key that nobody remembers must end by itself."""

_ID_LENGTH, _SECRET_BYTES = 8, 32
_FORM = re.compile(r"cm_([A-Za-z0-9]{8})_[A-Za-z0-9_-]{43}")


class KeyRefused(Refusal):
    """A key that opens nothing. What was shown is never repeated."""


@dataclass(frozen=True)
class NewKey:
    """A key just made. `text` is shown once to its holder and kept nowhere."""

    text: str = field(repr=False)
    key_id: str
    digest: str


def new_key() -> NewKey:
    """`cm_`, the id of 8 letters and digits, `_`, and 256 random bits in 43 characters."""
    key_id = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(_ID_LENGTH))
    text = f"cm_{key_id}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    return NewKey(text, key_id, digest_of(text))


def digest_of(text: str) -> str:
    """SHA-256 of the whole key in hexadecimal: all that is stored of it.

    A slow hash (argon2, bcrypt) makes guessable passwords dearer to guess. 256 random bits cannot be guessed at any
    speed, and a slow hash would only cost time at each request.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def id_of(presented: str) -> str:
    """The id within a key that was shown.

    Raises:
        KeyRefused: it does not have the form of a key.
    """
    form = _FORM.fullmatch(presented)
    if form is None:
        wanted = f"be cm_, {_ID_LENGTH} letters or digits, _ and 43 further characters"
        raise KeyRefused("key", wanted, f"{len(presented):,} characters of another form", "Copy it again, whole.")
    return form[1]


def holds_key(text: str) -> bool:
    """Whether a text that is to be kept or logged has a key in it, put there by mistake."""
    return _FORM.search(text) is not None


def _name(name: str) -> str:
    check_encodable([name])
    # It stands in log lines and tables, so it must not break them.
    if not name.isprintable():
        raise Refusal("name", "be on one line, of characters that can be seen", shown(name), "Write the name alone.")
    if name.casefold() == LOCAL.name:
        raise Refusal("name", f"not be '{LOCAL.name}'", shown(name), "That name stands for whoever opened the link.")
    return name


class Key(Record):
    """What is known of a key: all but the key."""

    key_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{8}$")]
    holder: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_name)]
    """The person's office, or the system, that it was made for; who recorded what, in the record."""
    role: Role
    region: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_name)] | None
    """The region that it may see; `None` is all of them."""
    created_at: Moment
    created_by: Signature
    expires_at: Moment
    """From then on it opens nothing."""
    revoked_at: Moment | None = None

    @model_validator(mode="after")
    def _lives_for_a_while(self) -> Key:
        if not self.created_at < self.expires_at <= self.created_at + LONGEST_LIFE:
            wanted = f"expire after it is made and within three years, by {self.created_at + LONGEST_LIFE:%Y-%m-%d}"
            raise Refusal("key", wanted, f"{self.expires_at:%Y-%m-%d %H:%M}", "Choose another day.")
        return self

    def state(self, now: datetime) -> KeyState:
        """How it stands at that moment."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if now >= self.expires_at else "valid"


class KeyStore(Protocol):
    """Where keys are kept."""

    def add(self, key: Key, digest: str) -> None:
        """Keep a new key with the digest of its text.

        Raises:
            LogUnavailable: the record cannot be written.
        """

    def find(self, key_id: str) -> tuple[Key, str] | None:
        """The key of that id with its digest, or `None`.

        Raises:
            LogUnavailable: the record cannot be read.
        """

    def keys(self) -> list[Key]:
        """All keys, in order of making."""

    def revoke(self, key_id: str, by: str) -> Key:
        """The key, which opens nothing from now on. A second time changes nothing.

        Raises:
            NotFound: there is no key of that id.
            LogUnavailable: the record cannot be written.
        """
