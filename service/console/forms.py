"""What a page's form sends: fields by name, several of one name in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from fastapi import Request

from matcher.errors import RequestRefused

_MOST_FIELDS = 500


@dataclass
class Form:
    """Fields as they were sent; an empty one is as good as none."""

    fields: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    async def of(cls, request: Request) -> Form:
        """Read the body of a form.

        Raises:
            RequestRefused: it is no form, or one of far too many fields.
        """
        body = await request.body()
        try:
            told = parse_qsl(body.decode("utf-8"), keep_blank_values=False, max_num_fields=_MOST_FIELDS)
        except ValueError as error:
            wanted, remedy = "be one that a page of this service sends", "Open the page anew."
            raise RequestRefused("form", wanted, "another body", remedy) from error
        form = cls()
        for name, value in told:
            form.fields.setdefault(name, []).append(value)
        return form

    def one(self, name: str, otherwise: str = "") -> str:
        """The value of a field."""
        return self.fields.get(name, [otherwise])[0].strip()

    def all(self, name: str) -> list[str]:
        """The values of a field that may come several times."""
        return self.fields.get(name, [])
