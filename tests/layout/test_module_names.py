from __future__ import annotations

import ast
import re

import pytest

from tests.layout.source_tree import FOLDERS, PACKAGES, ROOT, modules, run_python

LONGEST_FILE = 400
NAMELESS = re.compile(r"^_*(utils?|helpers?|common|misc|managers?|process(ors?|ing)?|tools?|lib)$")
EVERY_MODULE = [file for folder in FOLDERS for file in modules(folder)]


def test_no_module_is_called_what_says_nothing() -> None:
    names = [file for file in EVERY_MODULE if any(NAMELESS.match(part) for part in (*file.parent.parts, file.stem))]
    assert names == []


def test_no_class_or_function_is_called_a_helper_or_a_manager() -> None:
    nameless = re.compile(r"util|helper|manager", re.I)
    found = [
        f"{file.relative_to(ROOT)}: {node.name}"
        for package in PACKAGES
        for file in modules(package)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and nameless.search(node.name)
    ]
    assert found == []


def test_every_file_is_short_enough_to_be_one_idea() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in EVERY_MODULE}
    assert {name: length for name, length in lengths.items() if length >= LONGEST_FILE} == {}


def test_two_test_files_never_share_a_name() -> None:
    names = [file.name for file in modules("tests") if file.name not in ("conftest.py", "__init__.py")]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_the_data_folder_holds_no_python() -> None:
    assert (ROOT / "datasets").is_dir()
    assert [str(file) for pattern in ("*.py", "*.pyi", "*.pyc", "*.so") for file in (ROOT / "datasets").rglob(pattern)] == []


@pytest.mark.parametrize("package", ["sentence_transformers", "transformers"])
def test_the_data_folder_does_not_stand_in_the_way_of_hugging_face(package: str) -> None:
    """Run where `datasets/` is on `sys.path`: in the repository root, with `-c`."""
    run = run_python(f"import {package}; print({package}.__name__)", cwd=ROOT)
    assert (run.returncode, run.stdout.strip()) == (0, package), run.stderr
