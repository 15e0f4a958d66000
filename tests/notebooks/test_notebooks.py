"""The notebooks are kept as they were executed, and say the same when they are executed again."""

from __future__ import annotations

import html
import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat import NotebookNode

from embeddings.cache import CachedEncoder

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "execute_notebooks.py"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PICTURES = {"01_directory": 2, "02_match": 5, "03_border_policy": 3, "04_quality": 5}
WITHOUT_ENCODER = {"01_directory"}
LARGEST_BYTES = 600_000
TOLERANCE = 0.02
LEAST_ALIKE = 0.9
"""The encoder differs in its last digits between makes of processor: of two that stand nearly level at the end of a list now
one is shown and now the other."""

A_PATH = re.compile(r"(?<![\w.:/-])/(?:work|root|tmp|home|Users|private)/|\b[A-Z]:\\")
TAG = re.compile(r"<style.*?</style>|<[^>]+>", re.S)
WORD = re.compile(r"[^\W\d_]+")
NUMBER = re.compile(r"\d+(?:\.\d+)?")

EVERY_NOTEBOOK = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)


def read(file: Path) -> NotebookNode:
    return nbformat.read(file, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def pictures(notebook: NotebookNode) -> int:
    return sum("image/png" in output.get("data", {}) for output in outputs(notebook))


def said(cell: NotebookNode) -> str:
    """What a reader sees in words below the cell; nothing of what is written to standard error."""
    texts = [output.text for output in cell.outputs if output.get("name") == "stdout"]
    for output in cell.outputs:
        data = output.get("data", {})
        texts.append(html.unescape(TAG.sub(" ", data["text/html"])) if "text/html" in data else data.get("text/plain", ""))
    return "\n".join(texts)


def share_in_common(one: list[str], other: list[str]) -> float:
    """Of the words, in whatever order: neighbours of a list may have changed places."""
    common = sum((Counter(one) & Counter(other)).values())
    return common / max(len(one), len(other), 1) if one or other else 1.0


def share_of_level_numbers(one: list[float], other: list[float]) -> float:
    """Of the numbers that have an equal one on the other side, to the tolerance, in whatever order."""
    left, right, level = sorted(one), sorted(other), 0
    while left and right:
        if abs(left[-1] - right[-1]) <= TOLERANCE * max(1.0, left[-1]):
            level += 1
            left.pop()
            right.pop()
        else:
            (left if left[-1] > right[-1] else right).pop()
    return level / max(len(one), len(other)) if one or other else 1.0


def are_alike(one: str, other: str) -> bool:
    words = share_in_common(WORD.findall(one), WORD.findall(other))
    numbers = share_of_level_numbers(*([float(found) for found in NUMBER.findall(text)] for text in (one, other)))
    return min(words, numbers) >= LEAST_ALIKE


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("execute_notebooks", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def home(real_encoder: CachedEncoder, pytestconfig: pytest.Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader's home folder, in which the vectors that the tests keep are known."""
    (tmp_path / "passage-vectors.sqlite3").symlink_to(pytestconfig.cache.mkdir("vectors") / "passages.sqlite3")
    monkeypatch.setenv("CROSSMATCH_HOME", str(tmp_path))
    return tmp_path


def test_there_are_four_notebooks() -> None:
    assert [file.stem for file in NOTEBOOKS] == list(PICTURES)


@EVERY_NOTEBOOK
def test_a_notebook_runs_and_says_what_is_kept_in_its_file(file: Path, script: ModuleType, home: Path) -> None:
    kept, fresh = read(file), script.executed(file)
    assert pictures(fresh) == pictures(kept)
    pairs = [(said(old), said(new)) for old, new in zip(code_cells(kept), code_cells(fresh), strict=True)]
    exact = file.stem in WITHOUT_ENCODER
    changed = [pair for pair in pairs if not (pair[0] == pair[1] if exact else are_alike(*pair))]
    assert changed == [], "The notebook no longer says what is true. Run: make notebooks, and read whether its words still fit."


@EVERY_NOTEBOOK
def test_the_kept_notebook_was_executed_top_to_bottom(file: Path) -> None:
    cells = code_cells(read(file))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@EVERY_NOTEBOOK
def test_the_kept_notebook_holds_no_error_and_no_warning(file: Path) -> None:
    found = outputs(read(file))
    assert [output for output in found if output.output_type == "error" or output.get("name") == "stderr"] == []


@EVERY_NOTEBOOK
def test_the_kept_notebook_holds_its_pictures_and_stays_small(file: Path) -> None:
    assert pictures(read(file)) == PICTURES[file.stem]
    assert file.stat().st_size < LARGEST_BYTES


@EVERY_NOTEBOOK
def test_no_notebook_names_a_folder_of_the_machine_it_was_made_on(file: Path) -> None:
    notebook = read(file)
    texts = [cell.source for cell in notebook.cells] + [said(cell) for cell in code_cells(notebook)]
    assert [text for text in texts if A_PATH.search(text)] == []


@EVERY_NOTEBOOK
def test_the_kept_notebook_is_valid_and_holds_nothing_that_changes_by_itself(file: Path, script: ModuleType) -> None:
    notebook = read(file)
    nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert script.without_traces(read(file)) == notebook


@EVERY_NOTEBOOK
def test_every_piece_of_code_is_introduced_in_words(file: Path) -> None:
    """One cell may prepare what the next one shows; a third would leave a reader behind."""
    kinds = "".join("m" if cell.cell_type == "markdown" else "c" for cell in read(file).cells)
    assert kinds.startswith("m")
    assert kinds.endswith("m")
    assert "ccc" not in kinds


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("nDCG 0.181 (0.12 to 0.24)", "nDCG 0.183 (0.12 to 0.25)", True),
        ("1. Inserm 2. UMC Utrecht", "1. UMC Utrecht 2. Inserm", True),
        ("nDCG 0.181 (0.12 to 0.24)", "nDCG 0.281 (0.12 to 0.24)", False),
        ("1. Inserm 2. UMC Utrecht", "1. Inserm 2. Institut Pasteur", False),
        ("311 providers", "", False),
        ("", "", True),
    ],
)
def test_outputs_are_alike_whatever_the_last_digits(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("File /work/main/matcher/x.py", True),
        ("'/root/.cache'", True),
        ("https://example.org/home/page", False),
        ("the need/home pair", False),
    ],
)
def test_a_path_is_told_from_an_address(text: str, found: bool) -> None:
    assert bool(A_PATH.search(text)) is found
