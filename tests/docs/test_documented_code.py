"""What the documentation tells a reader to type is typed here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from service.cli.main import app
from service.desk import Desk
from tests.docs.pages import PAGES, README, ROOT, Block, blocks, calls_crossmatch, inline_code, shell_lines
from tests.unit.service.api import client_of

SHELL = [block for block in blocks("sh", PAGES) if any(calls_crossmatch(line) for line in shell_lines(block))]
MAKE = sorted(
    {word for block in blocks("sh", PAGES) for line in shell_lines(block) for word in re.findall(r"^make (\S+)", line)}
)
PYTHON = list(blocks("python", [README]))
TAKES_LONG = re.compile(r"crossmatch (serve|evaluate|gaps)\b")
"""One does not end by itself, the others take minutes; all are run whole in `tests/e2e`. Their options are checked below."""

WITH_KNOWN_VECTORS = """
import sys
from pathlib import Path
import embeddings.encoder
from embeddings.cache import CachedEncoder, VectorStore

opened = embeddings.encoder.open_encoder
store = VectorStore(Path(sys.argv[1]))
embeddings.encoder.open_encoder = lambda name: CachedEncoder(opened(name), passages=store)
exec(compile(sys.argv[2], sys.argv[3], "exec"), {"__name__": "__main__"})
"""
"""The code as it is printed; only passages that were encoded before are not encoded again, which saves a minute."""


@pytest.mark.parametrize("block", SHELL, ids=str)
def test_the_commands_of_a_page_succeed(block: Block, reader_environment: dict[str, str]) -> None:
    lines = [line for line in shell_lines(block) if calls_crossmatch(line)]
    script = [f"{found[0]} --help" if (found := TAKES_LONG.match(line)) else line for line in lines]
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(script)],
        cwd=ROOT,
        env=reader_environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, f"{block}\n{run.stdout}\n{run.stderr}"
    assert run.stdout.strip()


def test_the_readme_shows_commands_and_code() -> None:
    assert sum(block.page == README for block in SHELL) >= 3
    assert len(PYTHON) >= 1


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_the_code_of_the_readme_runs(block: Block, reader_environment: dict[str, str], reader_home: Path) -> None:
    store = reader_home / "passage-vectors.sqlite3"
    command = [sys.executable, "-c", WITH_KNOWN_VECTORS, str(store), block.code, str(block)]
    run = subprocess.run(
        command, cwd=ROOT, env=reader_environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()


@pytest.mark.parametrize("target", MAKE)
def test_every_target_of_make_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


def every_option() -> set[str]:
    """All options of all commands, as the command line itself lists them."""
    found: set[str] = set()
    commands = [typer.main.get_command(app)]
    while commands:
        command = commands.pop()
        found |= {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        commands += getattr(command, "commands", {}).values()
    return found | {"--help"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_option_of_crossmatch_that_is_named_exists(page: Path) -> None:
    lines = [line for block in blocks("sh", [page]) for line in shell_lines(block) if calls_crossmatch(line)]
    lines += [code for code in inline_code(page) if code.startswith(("crossmatch ", "--" if page == README else "crossmatch "))]
    named = {option for line in lines for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", re.sub(r'"[^"]*"', "", line))}
    assert named - every_option() == set()


def test_every_address_of_the_service_that_the_readme_names_exists(small_desk: Desk) -> None:
    named = {tuple(code.split()) for code in inline_code(README) if re.match(r"(GET|POST|PUT|DELETE) /", code)}
    with client_of(small_desk) as client:
        paths = client.get("/openapi.json").json()["paths"]
        assert client.get("/docs").status_code == 200
    known = {(method.upper(), re.sub(r"{\w+}", "{}", path)) for path, methods in paths.items() for method in methods}
    assert named
    assert {(method, re.sub(r"{\w+}", "{}", path)) for method, path in named} - known == set()
