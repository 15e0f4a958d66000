from __future__ import annotations

import configparser
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.layout.source_tree import PACKAGES, ROOT, modules, run_python

pytest.importorskip("hatchling", reason="hatchling, of the test extras, is not installed")

READ = """
import matcher, service, embeddings
from matcher.log import ListQuery
from matcher.shipped import shipped_directory, shipped_needs, shipped_needs_in_all_languages, shipped_regions
for package in (embeddings, matcher, service):
    print(package.__file__)
print(len(shipped_directory()), len(shipped_needs()), len(shipped_needs_in_all_languages()), len(shipped_regions()))
"""
LOG = """
import service
from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
log = SqlMatchLog("sqlite:///log.sqlite3")
print(service.__file__)
print(log.lists(ListQuery(limit=1)))
log.close()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def unzipped(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unzipped")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_installs_exactly_the_three_packages(wheel: Path, names: set[str]) -> None:
    info = "-".join(wheel.name.split("-")[:2]) + ".dist-info"
    assert {name.partition("/")[0] for name in names} == {*PACKAGES, info}


def test_the_wheel_holds_every_module_of_the_packages_and_no_other(names: set[str]) -> None:
    sources = {file.relative_to(ROOT).as_posix() for package in PACKAGES for file in modules(package)}
    assert {name for name in names if name.endswith(".py")} == sources


def test_the_wheel_holds_the_shipped_data(names: set[str]) -> None:
    shipped = {file.relative_to(ROOT / "datasets").as_posix() for file in (ROOT / "datasets").rglob("*") if file.is_file()}
    assert shipped >= {"providers.csv", "evidence.csv", "regions.csv", "needs.jsonl", "need_translations.jsonl"}
    assert {name.removeprefix("matcher/shipped_data/") for name in names if name.startswith("matcher/shipped_data/")} == shipped


def test_the_wheel_holds_the_templates_of_the_report(names: set[str]) -> None:
    templates = {file.relative_to(ROOT).as_posix() for file in (ROOT / "service" / "report" / "templates").iterdir()}
    assert len(templates) == 5
    assert {name for name in names if name.startswith("service/report/templates/")} == templates


@pytest.mark.parametrize("folder", ["templates", "static", "locale"])
def test_the_wheel_holds_what_the_pages_are_made_of(names: set[str], folder: str) -> None:
    files = {file.relative_to(ROOT).as_posix() for file in (ROOT / "service" / "console" / folder).iterdir()}
    assert len(files) > 2
    assert {name for name in names if name.startswith(f"service/console/{folder}/")} == files


def test_the_wheel_holds_no_tests_no_caches_and_no_logs(names: set[str]) -> None:
    unwanted = (".pyc", ".sqlite3", ".log", ".env", ".ipynb")
    assert [name for name in names if name.endswith(unwanted) or "test" in name or "__pycache__" in name] == []


def test_the_wheel_brings_the_command_and_the_licence(unzipped: Path) -> None:
    (info,) = unzipped.glob("*.dist-info")
    entries = configparser.ConfigParser()
    entries.read(info / "entry_points.txt", encoding="utf-8")
    assert dict(entries["console_scripts"]) == {"crossmatch": "service.cli.main:main"}
    assert (info / "licenses" / "LICENSE").read_text(encoding="utf-8") == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_wheel_states_the_version_that_is_installed_here(wheel: Path) -> None:
    assert wheel.name.split("-")[1] == metadata.version("crossmatch")


def test_the_shipped_data_is_found_without_the_source_tree(unzipped: Path, tmp_path: Path) -> None:
    run = run_python(READ, "-P", cwd=tmp_path, PYTHONPATH=str(unzipped))
    assert run.returncode == 0, run.stderr
    *files, counts = run.stdout.split("\n")[:4]
    assert [file for file in files if not Path(file).is_relative_to(unzipped)] == []
    assert counts == "311 28 140 8"


def test_the_match_log_is_set_up_without_the_source_tree(unzipped: Path, tmp_path: Path) -> None:
    run = run_python(LOG, "-P", cwd=tmp_path, PYTHONPATH=str(unzipped))
    assert run.returncode == 0, run.stderr
    file, lists = run.stdout.splitlines()
    assert Path(file).is_relative_to(unzipped)
    assert lists == "[]"
