"""The project's Python files and what they import, read as text: nothing is imported to find out."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("embeddings", "matcher", "service")
FOLDERS = (*PACKAGES, "scripts", "benchmarks", "tests")


@cache
def modules(folder: str) -> tuple[Path, ...]:
    return tuple(sorted((ROOT / folder).rglob("*.py")))


def imported_names(source: str) -> Iterator[str]:
    """Every module named by an import anywhere in the source, inside functions too, and by `import_module("…")`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            # A relative import stays within its package whatever it names, unless it climbs out of it.
            yield node.module if node.level == 0 and node.module else "." * node.level
        elif isinstance(node, ast.Call) and _called(node.func) in ("import_module", "__import__") and node.args:
            first = node.args[0]
            yield first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else "?"


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def packages_imported_by(folder: str) -> dict[str, set[str]]:
    """Top package → the files of the folder that import it."""
    found: dict[str, set[str]] = {}
    for file in modules(folder):
        for name in imported_names(file.read_text(encoding="utf-8")):
            found.setdefault(name.partition(".")[0], set()).add(str(file.relative_to(ROOT)))
    return found


def run_python(code: str, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own. Settings of Crossmatch come from the call only, never from who runs the tests."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("CROSSMATCH_", "PYTHON"))}
    return subprocess.run(
        [sys.executable, *arguments, "-c", code],
        cwd=cwd,
        env=inherited | {"PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
