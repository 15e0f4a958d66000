from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "dependencies.md"


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


RUNTIME = [Requirement(line) for line in project()["dependencies"]]
EXTRAS = [
    requirement
    for lines in project()["optional-dependencies"].values()
    for requirement in map(Requirement, lines)
    if requirement.name != project()["name"]
]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line.partition("==") for line in lines if line.strip() and not line.startswith("#")]
    return {canonicalize_name(name.strip()): version.strip() for name, _, version in pinned}


@pytest.mark.parametrize("requirement", RUNTIME, ids=lambda requirement: requirement.name)
def test_every_runtime_dependency_earns_its_place_in_a_line(requirement: Requirement) -> None:
    lines = [line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    purposes = [cells[2].strip() for cells in lines if f"`{requirement.name}`" in cells[1]]
    assert len(purposes) == 1, f"{PAGE.name} must name `{requirement.name}` in one row. Got {len(purposes)}."
    assert purposes[0]


@pytest.mark.parametrize("requirement", [*RUNTIME, *EXTRAS], ids=lambda requirement: requirement.name)
def test_every_dependency_is_pinned_within_its_range(requirement: Requirement) -> None:
    pinned = pins()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(pinned)


@pytest.mark.parametrize("requirement", RUNTIME, ids=lambda requirement: requirement.name)
def test_every_runtime_dependency_has_a_lower_and_an_upper_bound(requirement: Requirement) -> None:
    operators = {specifier.operator for specifier in requirement.specifier}
    assert {">=", "<"} <= operators


def test_every_line_of_the_constraints_is_an_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not re.fullmatch(r"#.*|[\w.-]+==[\w.+!]+( *;.*)?", line)] == []


def test_the_build_of_torch_is_the_one_that_the_makefile_installs() -> None:
    (installed,) = re.findall(r"torch==(\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert pins()["torch"] == installed == "2.13.0"
