"""A link with a token, shown once on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from matcher.links import Link

Days = Annotated[int, typer.Option(min=1, max=366, help="Days until it expires.")]
Address = Annotated[str, typer.Option(help="Address of the service, as https://match.example.eu; only the page if left out.")]


def whole_link(token: str, address: str = "") -> str:
    """The link to send, on the service of that address."""
    from matcher.links import page_of

    return f"{address.rstrip('/')}{page_of(token)}"


def tell_link(token: str, link: Link, address: str) -> None:
    """Say what it is for on standard error, and the link alone on standard output."""
    what = f"{link.purpose} of {link.subject}"
    typer.echo(f"Link {link.link_id} for {what}, until {link.expires_at:%Y-%m-%d}. It is shown only now:", err=True)
    typer.echo(whole_link(token, address))
