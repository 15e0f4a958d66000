"""`crossmatch keys`: who may use the service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from embeddings.errors import shown
from matcher.errors import RequestRefused
from service.access.caller import ROLES
from service.cli.console import cell, out
from service.cli.log.opening import open_record
from service.settings import Settings

if TYPE_CHECKING:
    from service.access.keyring import Keyring

app = typer.Typer(no_args_is_help=True, help="Keys of the service: make, list, revoke.")


@app.callback()
def group() -> None:
    """Who may use the service, as what, and for which region."""


@app.command()
def create(
    holder: Annotated[str, typer.Argument(help="Whom it is for: an office or a system, as it will stand in the record.")],
    role: Annotated[str, typer.Option(help=f"{', '.join(ROLES)}.")],
    region: Annotated[str, typer.Option(help="Id of the region that it may see, or 'all'.")],
    days: Annotated[int, typer.Option(min=1, max=1096, help="Days until it expires.")] = 365,
    by: Annotated[str, typer.Option(help="Who makes it, for the record.")] = "command line",
) -> None:
    """Make a key. It is shown once, on standard output, and kept nowhere."""
    known = _known_regions()
    if region != "all" and region not in known:
        remedy = f"Known regions: {', '.join(sorted(known))}; or 'all'."
        raise RequestRefused("option --region", "be a region of the programme, or 'all'", shown(region), remedy)
    expires_at = datetime.now(UTC) + timedelta(days=days)
    text, key = _keyring().create(holder, role, None if region == "all" else region, by=by, expires_at=expires_at)
    what = f"{key.role} for {'all regions' if key.region is None else f'region {key.region}'}"
    typer.echo(f"Key {key.key_id} for {key.holder}: {what}, until {key.expires_at:%Y-%m-%d}. It is shown only now:", err=True)
    typer.echo(text)


@app.command("list")
def list_keys(as_json: Annotated[bool, typer.Option("--json", help="JSON, one key a line.")] = False) -> None:
    """All keys that were ever made, without the keys themselves."""
    now = datetime.now(UTC)
    found = _keyring().keys()
    if as_json:
        for key in found:
            typer.echo(key.model_dump_json())
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in ("Key", "Holder", "Role", "Region", "Made", "Expires", "State"):
        table.add_column(column, no_wrap=column in ("Key", "Made", "Expires"))
    for key in found:
        days = (f"{key.created_at:%Y-%m-%d}", f"{key.expires_at:%Y-%m-%d}")
        table.add_row(key.key_id, cell(key.holder), key.role, cell(key.region or "all"), *days, key.state(now))
    out().print(table)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's id, as keys list shows it.")],
    by: Annotated[str, typer.Option(help="Who revokes it, for the record.")] = "command line",
) -> None:
    """From now on the key opens nothing; a running service knows within seconds."""
    key = _keyring().revoke(key_id, by)
    typer.echo(f"Key {key.key_id} of {key.holder} is revoked.")


def _keyring() -> Keyring:
    # Only here, so that `--help` opens no database.
    from service.access.keyring import Keyring
    from service.record.sql_keys import SqlKeyStore

    return Keyring(SqlKeyStore(open_record()))


def _known_regions() -> frozenset[str]:
    """The programme's, and those that vet providers of a directory of one's own."""
    from matcher.directory import load_directory
    from matcher.shipped import shipped_regions

    settings = Settings()
    own = load_directory(settings.directory_files).providers if settings.directory else ()
    return frozenset(region.region_id for region in shipped_regions()) | {one.region for one in own if one.region}
