"""Quality against time, one point a contender."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "peers.png"


def draw(seconds: Mapping[str, float], quality: Mapping[str, float], providers: int, file: Path = PICTURE) -> None:
    """Write the picture.

    Args:
        seconds: contender → median time of a need.
        quality: contender → mean nDCG@10.
        providers: of the directory that the time was taken on.
        file: where to.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.2), dpi=110, layout="constrained")
    for place, (name, time) in enumerate(sorted(seconds.items(), key=lambda one: one[1])):
        # Above and below in turn: those who are about as fast would stand on each other.
        above = place % 2 == 0
        ours = name == "Crossmatch"
        axes.plot(1000 * time, quality[name], "o", markersize=9, color="#0b6e4f" if ours else "#8a8f98")
        axes.annotate(
            name, (1000 * time, quality[name]), xytext=(8, 6 if above else -14), textcoords="offset points", fontsize=9
        )
    axes.set_xscale("log")
    axes.set_xlim(1000 * min(seconds.values()) / 1.5, 1000 * max(seconds.values()) * 3.5)
    axes.set_ylim(0, 1.25 * max(quality.values()))
    axes.set_xlabel(f"milliseconds from a new need to ten of {providers:,} providers (median)")
    axes.set_ylabel("nDCG@10, consortium completion")
    axes.grid(alpha=0.3)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file)
    plt.close(figure)
