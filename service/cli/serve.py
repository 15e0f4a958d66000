"""`crossmatch serve`: the HTTP service."""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from embeddings.errors import Refusal
from service.settings import Settings

if TYPE_CHECKING:
    from service.store.source import IndexSource


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Answer needs over HTTP. The interface describes itself at /docs.

    On this machine's own address a link is shown that lets the local user in, once; everybody else needs a key.
    """
    import uvicorn

    from service.access.hosts import is_loopback
    from service.access.keyring import Keyring, now_in_utc
    from service.access.local_link import LocalLink
    from service.api.application import create_app
    from service.desk import Desk, open_cached_encoder, open_log, open_matcher
    from service.operation.logs import set_up_logs
    from service.operation.metrics import Metrics
    from service.operation.reload import Reloading
    from service.operation.retention import Retention
    from service.record.sql_keys import SqlKeyStore
    from service.store.source import index_source

    settings, metrics = Settings(), Metrics()
    set_up_logs(settings.log_form or None)
    # Opened before the port is, so that what is wrong is said here and not to the first caller.
    source = index_source(settings)
    in_use = _named(source)
    encoder = open_cached_encoder(settings)
    desk = Desk(open_matcher(settings, encoder, source), log := open_log(settings, metrics), metrics)
    keyring = Keyring(SqlKeyStore(log))
    keys = keyring.keys()
    link = LocalLink() if is_loopback(host) else None
    if link is None and not any(key.state(now_in_utc()) == "valid" for key in keys):
        remedy = "Make one with crossmatch keys create, or listen on 127.0.0.1."
        raise Refusal(f"address {host}", "be this machine's own while there are no keys", "one open to others", remedy)
    metrics.watch_writing(lambda: log.writer.waiting, lambda: log.writer.lag_s)
    app = create_app(desk, keyring, settings, link=link, metrics=metrics)
    listening = _listen(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
    typer.echo(f"Crossmatch answers at {address}", err=True)
    if link is not None:
        typer.echo(f"Open this link, once: {address}{link.issue()}", err=True)
    reloading = Reloading(
        lambda: open_matcher(settings, encoder, source),
        lambda matcher: setattr(desk, "matcher", matcher),
        source.named_build,
        in_use=in_use,
        observer=metrics,
        interval_s=settings.reload_seconds,
    )
    with ExitStack() as running:
        running.callback(log.close)
        running.enter_context(Retention(log, settings.retention_days))
        running.enter_context(reloading)
        # In a terminal a hangup means that whoever started it has gone.
        if not sys.stderr.isatty():
            reloading.obey_hangup()
        # Uvicorn raises the signal that it stopped for once more. That must not end the process with the record still open.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        # Told to stop, it takes no new requests and ends when those in progress are answered.
        uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False)).run(sockets=[listening])


def _named(source: IndexSource) -> str:
    try:
        return source.named_build()
    except OSError:
        # Opening it says what is wrong.
        return ""


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By name, or asyncio does not take it for TCP and leaves Nagle's algorithm on: each answer would wait 40 ms for the caller.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # From here on a caller waits instead of being refused while the server starts.
        listening.listen(1024)
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise Refusal(f"address {host}:{port}", "be free to listen on", found, "Choose another with --port.") from error
    return listening
