"""The command `crossmatch`. Exit codes: 0 done, 1 refused input, 2 usage."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from typing import Annotated

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from embeddings.errors import Refusal
from service.cli import company, directory, importing, index, judge, keys, survey, workshop
from service.cli.batch import batch
from service.cli.console import err
from service.cli.evaluate import evaluate
from service.cli.gaps import gaps
from service.cli.log.commands import app as log_app
from service.cli.match import match
from service.cli.programme.commands import app as programme_app
from service.cli.serve import serve
from service.cli.train import train

app = typer.Typer(
    name="crossmatch",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(match)
app.command()(batch)
app.command()(serve)
app.command()(evaluate)
app.command()(train)
app.command()(gaps)
app.add_typer(index.app, name="index")
app.add_typer(directory.app, name="directory")
app.add_typer(importing.app, name="import")
app.add_typer(log_app, name="log")
app.add_typer(keys.app, name="keys")
app.add_typer(judge.app, name="judge")
app.add_typer(workshop.app, name="workshop")
app.add_typer(survey.app, name="survey")
app.add_typer(company.app, name="company")
app.add_typer(programme_app, name="programme")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"crossmatch {metadata.version('crossmatch')}")
        raise typer.Exit


@app.callback()
def crossmatch(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")] = False,
) -> None:
    """Find, for a small company's need, the right provider in another country."""


def main() -> None:
    """Run the command line; a refusal is one line on standard error."""
    try:
        try:
            app()
        finally:
            # Here, so that what cannot be written is told below and not by the interpreter as it closes.
            sys.stdout.flush()
    except Refusal as refusal:
        err().print(f"crossmatch: {refusal}", markup=False, soft_wrap=True)
        sys.exit(1)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(step) for step in first["loc"]).upper()
        err().print(f"crossmatch: The setting CROSSMATCH_{name} is refused: {first['msg']}.", markup=False, soft_wrap=True)
        sys.exit(1)
    except SettingsError as error:
        name = str(error).partition('"')[2].partition('"')[0].upper()
        err().print(f"crossmatch: The setting CROSSMATCH_{name} must be JSON. Got something else.", markup=False)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output has gone (`crossmatch … | head`); there is nobody left to tell.
        _let_go_of_output()
        sys.exit(0)
    except OSError as error:
        _let_go_of_output()
        place = f" {error.filename}" if error.filename else ""
        err().print(f"crossmatch: {error.strerror or error}{place}. Nothing was half-written.", markup=False, soft_wrap=True)
        sys.exit(1)


def _let_go_of_output() -> None:
    """What is still waiting to be written goes nowhere, instead of failing once more while the interpreter closes."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
