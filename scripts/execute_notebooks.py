"""Run the notebooks top to bottom and keep their outputs in the files: python scripts/execute_notebooks.py [FILE ...]

What would differ from run to run without saying anything (times, the state of the editor) is not kept.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
SECONDS_A_CELL = 900
"""A machine that has never seen the benchmark's texts encodes about two thousand of them in one cell."""


def executed(file: Path) -> NotebookNode:
    """The notebook as it is after a run in a new kernel, from the folder it lies in.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed; the rest was not run.
    """
    notebook = nbformat.read(file, as_version=4)
    folder = {"metadata": {"path": str(file.parent)}}
    client = NotebookClient(notebook, kernel_name="python3", timeout=SECONDS_A_CELL, resources=folder)
    # tqdm, which bm25s imports, misses the widgets of an interactive session.
    client.execute(env=os.environ | {"PYTHONWARNINGS": "ignore:IProgress not found"})
    return without_traces(notebook)


def without_traces(notebook: NotebookNode) -> NotebookNode:
    """The notebook without times, widgets and versions; changed in place."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(kernel), language_info=NotebookNode(name="python"))
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
    return notebook


def main(names: list[str]) -> int:
    """Execute the named notebooks, or all."""
    for file in [Path(name).resolve() for name in names] or sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = executed(file)
        nbformat.validate(notebook)
        beside = file.with_name(f".{file.name}.new")
        nbformat.write(notebook, beside)
        beside.replace(file)
        print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
