"""`crossmatch serve`: the HTTP service."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from embeddings.errors import Refusal
from service.settings import Settings


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Answer needs over HTTP. The interface describes itself at /docs."""
    import uvicorn

    from service.api import create_app
    from service.desk import open_desk

    settings = Settings()
    # Opened before the port is, so that what is wrong is said here and not to the first caller.
    desk = open_desk(settings)
    app = create_app(lambda: desk, largest_body=settings.largest_body)
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # From here on a caller waits instead of being refused while the server starts.
        listening.listen(128)
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise Refusal(f"address {host}:{port}", "be free to listen on", found, "Choose another with --port.") from error
    typer.echo(f"Crossmatch answers at http://{host}:{listening.getsockname()[1]}", err=True)
    uvicorn.Server(uvicorn.Config(app, log_level="info", access_log=False)).run(sockets=[listening])
