from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.pages import copy_vectors


@pytest.fixture
def reader_home(real_home: Path, pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """The home folder of a reader who has built the index: what was encoded is not encoded again."""
    home = tmp_path / "home"
    shutil.copytree(real_home, home)
    copy_vectors(pytestconfig.cache.mkdir("vectors") / "passages.sqlite3", home / "passage-vectors.sqlite3")
    return home


@pytest.fixture
def reader_environment(reader_home: Path) -> dict[str, str]:
    """The reader's shell: `crossmatch` is on the path, no other setting is made."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("CROSSMATCH_", "PYTHON"))}
    scripts = Path(sys.executable).parent
    return inherited | {
        "CROSSMATCH_HOME": str(reader_home),
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
    }
