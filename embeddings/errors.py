"""Refusals in one form: the place, what was required, what was found, and what to do about it."""

from __future__ import annotations

import re

_UNCARRIED = re.compile("[\0\ud800-\udfff]")
"""What C strings and UTF-8 cannot carry: NUL, and halves of a character."""


def shown(value: object, limit: int = 60) -> str:
    """A value as an error message may show it: quoted, on one line, never longer than `limit` characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


class Refusal(ValueError):
    """Something given from outside that cannot be accepted.

    `place` names the parameter or file, `required` what had to hold, `found` what was there, `remedy` the way out.
    """

    def __init__(self, place: str, required: str, found: str, remedy: str = "") -> None:
        self.place, self.required, self.found, self.remedy = place, required, found, remedy
        sentences = [f"The {place} must {required}.", f"Got {found}."]
        super().__init__(" ".join([*sentences, remedy] if remedy else sentences))


class TextRefused(Refusal):
    """A text that no encoder can take: NUL characters or half characters (lone surrogates)."""


class EncoderUnavailable(Refusal):
    """The encoder asked for cannot be opened: unknown name, missing package or missing weights."""


class IndexMissing(Refusal):
    """There is no index in the folder."""


class IndexDamaged(Refusal):
    """A file of the index is missing, cut short or altered."""


class IndexMismatch(Refusal):
    """The index was built with another encoder, or by a version with another layout."""


class CacheUnusable(Refusal):
    """The file of kept vectors cannot be opened or is none."""


def check_encodable(texts: list[str]) -> None:
    """Refuse what C strings and UTF-8 cannot carry, naming the text and the place in it.

    Raises:
        TextRefused: a NUL character or a lone surrogate.
    """
    for number, text in enumerate(texts, start=1):
        if (found := _UNCARRIED.search(text)) is not None:
            kind = "a NUL character" if found[0] == "\0" else f"half a character (U+{ord(found[0]):04X})"
            where = f"text {number}" if len(texts) > 1 else "text"
            place = f"{kind} at character {found.start() + 1}"
            raise TextRefused(where, "be whole Unicode text", place, "Remove that character.")
