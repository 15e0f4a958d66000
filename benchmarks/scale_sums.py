"""What it would take to match every small company of Europe: sums on paper over figures that were measured.

    python -m benchmarks.scale_sums [--write]

Reads the tables of `benchmarks/README.md` and multiplies. Nothing is run; `--write` puts the tables into `docs/scale.md`. What
a sum takes for granted beside them stands in `ASSUMED`.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass

from benchmarks.report import README, table, write_to

DOCUMENT = README.parents[1] / "docs" / "scale.md"
COMPANIES, PROVIDERS = 26_000_000, 1_000_000
ASSUMED = {
    "euros for an hour of a core": 0.04,
    "euros for a month of a GB of disk": 0.05,
    "machines": 20.0,
    "cores of each": 16.0,
}
_CORES = 2
"""Of the machine that the tables were made on; its two cores were busy in each figure that is used."""
_NUMBERS = 384
"""Of a vector."""


@dataclass(frozen=True)
class Measured:
    """Figures of the tables."""

    needs_encoded: float
    """A second, on all cores."""
    needs_matched: float
    """A second, encodings cached, with their recording, on all cores; the shipped directory."""
    record_kb: float
    """Kilobytes of the record, a need."""
    build_s: float
    """Seconds to encode and index the shipped directory."""
    nearest_ms: float
    """The 5,000 nearest of a million passages."""
    products_ms: float
    """Products with those, and all the other steps of a match at 100,000 passages."""
    code_mb: float
    """Codes of a million vectors, in each process's own memory."""


def measured(text: str) -> Measured:
    """Read them from the tables."""
    small = "99,522 passages of 16,794 providers (Flat)"
    return Measured(
        needs_encoded=_figure(text, "batch", "encoder alone, texts sorted by length", 1),
        needs_matched=_figure(text, "batch", "batch, in 2 processes that match", 1),
        record_kb=_figure(text, "batch", "100,000", 5),
        build_s=_figure(text, "speed", "index built from nothing", 1),
        nearest_ms=_figure(text, "index-scale", "1,000,000 | 5,000 | all", 3),
        products_ms=_figure(text, "index-scale", f"**{small}**", 1) - _figure(text, "index-scale", "nearest passages", 1),
        code_mb=_figure(text, "index-scale", "1,000,000 | files", 2),
    )


def _figure(text: str, section: str, row: str, column: int) -> float:
    """The first number of a cell.

    Args:
        text: with all tables.
        section: name of the marks around the table.
        row: how it begins.
        column: of the cell, 0 for the first.
    """
    part = text.partition(f"<!-- {section} -->")[2].partition(f"<!-- /{section} -->")[0]
    for line in part.splitlines():
        if line.startswith(f"| {row} |"):
            found = re.search(r"\d[\d,]*(\.\d+)?", line.strip("| ").split(" | ")[column])
            if found is not None:
                return float(found[0].replace(",", ""))
    raise SystemExit(f"{README} must have a row '{row}' in section {section}. Run that benchmark first.")


def costs(found: Measured, passages_each: float) -> str:
    """What a million cost, as a table."""
    euros = ASSUMED["euros for an hour of a core"]
    encode = 1e6 / found.needs_encoded / 3600 * _CORES
    match = 1e6 / found.needs_matched / 3600 * _CORES
    passages = 1e6 / (passages_each * 311 / found.build_s) / 3600 * _CORES
    rows = [
        ["a million needs encoded (new texts of about 100 words)", f"{encode:,.0f}", f"{encode * euros:,.2f}", ""],
        ["a million needs matched and recorded, encodings there", f"{match:,.1f}", f"{match * euros:,.2f}", ""],
        ["… their record", "", "", f"{found.record_kb:,.0f} GB of disk"],
        ["a million passages encoded and indexed", f"{passages:,.0f}", f"{passages * euros:,.2f}", ""],
        ["… their vectors", "", "", f"{4 * _NUMBERS / 1e3:,.1f} GB mapped, {found.code_mb:,.0f} MB a process"],
    ]
    return table(["by the figures measured", "hours of a core", f"euros at {euros} an hour", "room"], rows)


def sums(found: Measured, passages_each: float) -> str:
    """Every company once, against a million providers, as a table."""
    passages = PROVIDERS * passages_each
    times = passages / 1e6
    encode_passages = passages / (passages_each * 311 / found.build_s) / 3600 * _CORES
    encode_needs = COMPANIES / found.needs_encoded / 3600 * _CORES
    match_ms = found.nearest_ms * times + found.products_ms + 1e3 * _CORES / found.needs_matched
    match = COMPANIES * match_ms / 1e3 / 3600
    together = encode_passages + encode_needs + match
    cores = ASSUMED["machines"] * ASSUMED["cores of each"]
    euros = ASSUMED["euros for an hour of a core"]
    disk = COMPANIES * found.record_kb / 1e6
    rows = [
        ["passages", f"{passages / 1e6:,.1f} million", "as many a provider as the shipped directory has"],
        ["passages encoded", f"{encode_passages:,.0f} hours of a core", "rate of the index built from nothing"],
        ["needs encoded", f"{encode_needs:,.0f} hours of a core", "rate of the encoder in a batch; one text a company"],
        ["a match", f"{match_ms:,.0f} ms of a core", "nearest passages grow with their number; the other steps do not"],
        ["needs matched and recorded", f"{match:,.0f} hours of a core", "the same, 26 million times"],
        ["together", f"{together:,.0f} hours of a core", ""],
        ["with 20 machines of 16 cores", f"{together / cores:,.1f} hours", "nothing lost to what they say to each other"],
        ["euros for computing", f"{together * euros:,.0f}", f"{euros} an hour of a core"],
        ["vectors", f"{passages * _NUMBERS * 4 / 1e9:,.1f} GB", "mapped once a machine, shared by its processes"],
        ["codes", f"{found.code_mb * times / 1e3:,.2f} GB", "in each process"],
        ["record", f"{disk / 1e3:,.1f} TB", f"{disk * ASSUMED['euros for a month of a GB of disk']:,.0f} euros a month"],
    ]
    return table(["26 million companies, a million providers", "computed", "from"], rows)


def main() -> None:
    """Print the tables, or put them into the document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the tables into docs/scale.md")
    asked = parser.parse_args()
    from matcher.passages import passages_of
    from matcher.shipped import shipped_directory

    directory = shipped_directory()
    each = len(passages_of(directory)) / len(directory.providers)
    found = measured(README.read_text(encoding="utf-8"))
    for name, content in (("costs", costs(found, each)), ("sums", sums(found, each))):
        print(content, end="\n\n")
        if asked.write:
            write_to(DOCUMENT, name, content)


if __name__ == "__main__":
    main()
