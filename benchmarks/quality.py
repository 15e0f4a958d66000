"""The quality figures of this folder's README, from what `crossmatch evaluate --out FOLDER` wrote.

    python -m benchmarks.quality FOLDER [FOLDER_WITH_OBJECTIVES] [--write]

The first folder is an evaluation on the shipped benchmark, the second, if there is one, on an import of the raw CORDIS
files with `--objectives`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.report import table, write

SHOWN = ("nDCG@10", "MRR", "Recall@10", "Recall@50", "Success@10")


def interval(found: dict[str, float]) -> str:
    """A mean with its 95 % interval."""
    return f"{found['mean']:.3f} ({found['low']:.3f}–{found['high']:.3f})"


def cut_table(cut: dict[str, Any], name: str) -> str:
    """Rankers of one cut, what the learned one gains, and its calibration."""
    rows = [
        [
            ranker,
            interval(figures["nDCG@10"]),
            *(f"{figures[m]['mean']:.3f}" for m in SHOWN[1:]),
            f"{figures['exposure Gini']:.3f}",
        ]
        for ranker, figures in cut["rankers"].items()
    ]
    best = cut["best_baseline"]
    gain = cut["against"][best]
    errors = {what: f"{found['expected_error']:.4f}" for what, found in cut["calibration"].items()}
    lines = [
        f"**{cut['name'].capitalize()}, {name}**: {cut['needs']} needs of {cut['projects']} projects, "
        f"{cut['candidates']:,.0f} candidates each",
        "",
        table(["ranker", *SHOWN, "exposure Gini"], rows),
        "",
        f"Learned relevance minus {best}: {gain['mean']:+.3f} ({gain['low']:+.3f} to {gain['high']:+.3f}), "
        f"p = {gain['p_value']:.4f}. "
        f"Expected calibration error: {', '.join(f'{error} over {what}' for what, error in errors.items())}.",
    ]
    if cut["ablation"]:
        lost = [
            [
                row["without"],
                interval(row["nDCG@10"]),
                f"{row['difference']['mean']:+.4f}",
                f"{row['difference']['p_value']:.3f}",
            ]
            for row in cut["ablation"]
        ]
        lines += ["", table(["without the signal", "nDCG@10 (95 %)", "difference", "p"], lost)]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Print the tables, and with `--write` keep them."""
    folders = [Path(argument) for argument in arguments if argument != "--write"]
    parts = []
    for folder, name in zip(folders, ("titles and topics", "with objectives"), strict=False):
        data = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
        parts += [cut_table(cut, name) for cut in data["cuts"]]
    content = "\n\n".join(parts)
    print(content)
    if "--write" in arguments:
        write("quality", content)


if __name__ == "__main__":
    main(sys.argv[1:])
