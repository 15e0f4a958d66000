"""Puts measured tables into `benchmarks/README.md`, so that no figure there is written by hand."""

from __future__ import annotations

import os
import platform
from pathlib import Path

README = Path(__file__).resolve().parent / "README.md"


def machine() -> str:
    """Processor, cores and Python, for the line above a table."""
    names = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write(name: str, content: str) -> None:
    """Replace what stands between the marks of that name in `benchmarks/README.md`."""
    write_to(README, name, content)


def write_to(file: Path, name: str, content: str) -> None:
    """Replace what stands between the marks of that name in a file."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    text = file.read_text(encoding="utf-8")
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    if not rest or not after:
        raise SystemExit(f"{file} must hold the marks {start} and {end}.")
    file.write_text(f"{before}{start}\n{content}\n{end}{after}", encoding="utf-8")
