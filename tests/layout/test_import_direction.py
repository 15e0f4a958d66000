from __future__ import annotations

import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.layout.source_tree import PACKAGES, ROOT, imported_names, modules, packages_imported_by

EDGE = ("sqlalchemy", "fastapi", "typer", "rich", "uvicorn", "alembic", "starlette", "click", "pydantic_settings", "sqlite3")
OUTSIDE = ("tests", "scripts", "benchmarks", "notebooks", "datasets")
FORBIDDEN = {
    "embeddings": ("matcher", "service", *(name for name in EDGE if name != "sqlite3"), *OUTSIDE),
    "matcher": ("service", *EDGE, "argparse", *OUTSIDE),
    "service": OUTSIDE,
}

COMES_WITH = {"starlette": "fastapi", "anyio": "fastapi", "torch": "sentence-transformers"}
"""Packages that a declared one is built on and hands through in its own interface."""


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_run_one_way(package: str) -> None:
    found = packages_imported_by(package)
    assert len(modules(package)) > 5
    assert {name: sorted(files) for name, files in found.items() if name in FORBIDDEN[package]} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_import_is_relative_or_made_up_while_running(package: str) -> None:
    found = packages_imported_by(package)
    assert {name: sorted(files) for name, files in found.items() if name in ("", "?")} == {}


def test_the_flow_is_wired_from_service_to_matcher_to_embeddings() -> None:
    assert "matcher" in packages_imported_by("service")
    assert "embeddings" in packages_imported_by("matcher")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import service.api", "service.api"),
        ("def late():\n    from service.desk import Desk", "service.desk"),
        ("if True:\n    import numpy as np, service", "service"),
        ("import importlib\nimportlib.import_module('service.desk')", "service.desk"),
        ("__import__('service')", "service"),
        ("from ..service import desk", ".."),
    ],
)
def test_an_import_is_found_wherever_it_stands(source: str, name: str) -> None:
    assert name in list(imported_names(source))


def test_every_package_that_is_imported_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["judging"], *extras["ray"]]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    known = {*PACKAGES, *sys.stdlib_module_names, *(name for name, owner in COMES_WITH.items() if owner in declared)}
    owners = packages_distributions()
    undeclared = {}
    for package in PACKAGES:
        for name, files in packages_imported_by(package).items():
            if name not in known and not {canonicalize_name(owner) for owner in owners.get(name, [])} & declared:
                undeclared[name] = sorted(files)
    assert undeclared == {}
