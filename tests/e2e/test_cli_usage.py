"""Exit codes 0 and 2: what the command says about itself, and what it cannot understand."""

from __future__ import annotations

from functools import partial
from importlib import metadata

import pytest

from tests.e2e.command import NEED, Command, Result, run_all


def test_the_version_is_that_of_the_package(bare: Command) -> None:
    result = bare("--version")
    assert (result.code, result.out, result.err) == (0, f"crossmatch {metadata.version('crossmatch')}\n", "")


HELP: dict[str, tuple[str, ...]] = {
    "crossmatch": (),
    "match": ("match",),
    "serve": ("serve",),
    "index": ("index", "build"),
    "directory": ("directory", "check"),
    "log": ("log", "export"),
}
USAGE_ERRORS: dict[str, tuple[tuple[str, ...], str]] = {
    "nothing": ((), "Usage: crossmatch"),
    "unknown command": (("wish",), "No such command 'wish'"),
    "unknown option": (("match", "--wish"), "--wish"),
    "two sources of needs": (("match", "--need", NEED, "--samples"), "--need and --samples exclude each other"),
    "no country": (("match", "--need", NEED), "--country"),
    "length in words": (("match", "--need", NEED, "--country", "NL", "-k", "many"), "'-k'"),
    "bonus in words": (("match", "--need", NEED, "--country", "NL", "--beta", "much"), "'--beta'"),
    "option without value": (("match", "--need"), "--need"),
    "no list id": (("log", "show"), "list_id"),
    "no lists": (("log", "list", "--limit", "0"), "'--limit'"),
    "no directory file": (("directory", "check"), "files"),
    "port beyond all ports": (("serve", "--port", "65536"), "'--port'"),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    command = Command(tmp_path_factory.mktemp("home"))
    calls = {f"help {name}": partial(command, *group, "--help") for name, group in HELP.items()}
    return run_all(calls | {name: partial(command, *arguments) for name, (arguments, _) in USAGE_ERRORS.items()})


@pytest.mark.parametrize("name", HELP)
def test_every_command_has_help(results: dict[str, Result], name: str) -> None:
    result = results[f"help {name}"]
    assert result.code == 0
    assert result.out.startswith("Usage: crossmatch")
    assert result.err == ""


@pytest.mark.parametrize("name", USAGE_ERRORS)
def test_a_usage_error_ends_with_2_and_says_which(results: dict[str, Result], name: str) -> None:
    result = results[name]
    assert result.code == 2
    assert USAGE_ERRORS[name][1].casefold() in (result.err + result.out).casefold()
    assert "Traceback" not in result.err


def test_no_need_at_a_terminal_is_a_usage_error_and_does_not_wait(bare: Command) -> None:
    result = bare.in_terminal("match", "--country", "NL")
    assert result.code == 2
    assert "--need" in result.out
