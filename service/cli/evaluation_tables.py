"""An evaluation as tables for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

Data = Mapping[str, Any]

_Figures = Mapping[str, Callable[[Data], str]]
"""Heading → what stands under it."""
_QUALITY: _Figures = {
    "nDCG@10 (95 %)": lambda row: _interval(row["nDCG@10"]),
    "MRR": lambda row: f"{row['MRR']['mean']:.3f}",
    "Recall@10": lambda row: f"{row['Recall@10']['mean']:.3f}",
    "Recall@50": lambda row: f"{row['Recall@50']['mean']:.3f}",
    "Success@10": lambda row: f"{row['Success@10']['mean']:.0%}",
}
_SPREAD: _Figures = {
    "abroad": lambda row: f"{row['cross-border share@10']['mean']:.0%}",
    "entropy": lambda row: f"{row['country entropy@10']['mean']:.2f}",
    "Gini": lambda row: f"{row['exposure Gini']:.3f}",
    "coverage": lambda row: f"{row['catalogue coverage']:.1%}",
}
_WIDE_ENOUGH = 119
"""Columns for both beside the longest name of a ranker; in a narrower terminal they make two tables."""


def print_cut(console: Console, cut: Data) -> None:
    """All tables of one cut of the benchmark."""
    needs = f"{cut['needs']} needs of {cut['projects']} projects, {cut['known_matches']} known matches abroad"
    console.print(Text(f"\nConsortium completion, {cut['name']}", style="bold"))
    left_out = f" {cut['needs_left_out']} needs without one are left out." if cut["needs_left_out"] else ""
    console.print(Text(f"{needs}, {cut['candidates']:.0f} candidates a need on average.{left_out}", style="dim"))
    _print_rankers(console, "ranker", cut["rankers"])
    best, ahead = cut["best_baseline"], cut["against"][cut["best_baseline"]]
    console.print(Text(f"\nlearned relevance minus {best}: {_difference(ahead)}"))
    if cut["ablation"]:
        lines = [[row["without"], _interval(row["nDCG@10"]), _difference(row["difference"])] for row in cut["ablation"]]
        _print_table(console, ["without the signal", "nDCG@10 (95 %)", "difference (95 %)"], lines)
    found = [[name, f"{one['expected_error']:.4f}", f"{one['pairs']:,}"] for name, one in cut["calibration"].items()]
    _print_table(console, ["calibration", "expected error", "pairs"], found)
    _print_rankers(console, "border policy", {row["name"]: row for row in cut["border"]})
    _print_rankers(console, "experience counts", {row["name"]: row for row in cut["experience"]})


def print_samples(console: Console, samples: Data) -> None:
    """All tables of the sample needs."""
    console.print(Text(f"\n{samples['needs']} sample needs, {samples['judgements']} judgements", style="bold"))
    console.print(Text("Settings were once chosen with these judgements: the figures compare variants.", style="dim"))
    lines = [
        [
            row["policy"],
            _interval(row["nDCG@10"]),
            f"{row['judged@10']['mean']:.0%}",
            f"{row['first across the border']['mean']:.0%}",
            f"{row['cross-border share@10']['mean']:.0%}",
            f"{row['exposure Gini']:.3f}",
            f"{row['catalogue coverage']:.0%}",
        ]
        for row in samples["policies"]
    ]
    heading = ["border policy", "nDCG@10 (95 %)", "judged", "first abroad", "abroad", "Gini", "coverage"]
    _print_table(console, heading, lines)
    for column, rows in (("language", "languages"), ("category sought", "categories"), ("kind", "kinds")):
        lines = [[row.get("language") or row["name"], str(row["needs"]), _interval(row["nDCG@10"])] for row in samples[rows]]
        _print_table(console, [column, "needs", "nDCG@10 (95 %)"], lines)
    lines = [
        [f"{row['preference']} {row['setting']:g}", _interval(row["nDCG@10"]), f"{row['bought']:,.3g}", row["what"]]
        for row in samples["preferences"]
    ]
    _print_table(console, ["preference", "nDCG@10 (95 %)", "buys", "of what"], lines)
    overlap = samples["overlap"]
    console.print(f"\nrank-biased overlap between languages: {_interval(overlap)}, target {overlap['target']:.2f}")


def print_comparison(console: Console, comparison: Data) -> None:
    """What differs from another evaluation."""
    console.print(Text(f"\n{comparison['ranker']} against {comparison['name']}", style="bold"))
    lines = [
        [
            cut["name"],
            str(cut["needs"]),
            f"{cut['this']:.3f}",
            f"{cut['other']:.3f}",
            _difference(cut["difference"]),
            f"{cut['better']} / {cut['worse']}",
        ]
        for cut in comparison["cuts"]
    ]
    heading = ["cut", "needs", "this", "other", "nDCG@10 difference (95 %)", "better / worse"]
    _print_table(console, heading, lines)


def _print_rankers(console: Console, heading: str, rows: Mapping[str, Data]) -> None:
    parts: list[_Figures] = [{**_QUALITY, **_SPREAD}] if console.width >= _WIDE_ENOUGH else [_QUALITY, _SPREAD]
    for figures in parts:
        lines = [[name, *(figure(row) for figure in figures.values())] for name, row in rows.items()]
        _print_table(console, [heading, *figures], lines)


def _interval(found: Data) -> str:
    return f"{found['mean']:.3f} ({found['low']:.3f}–{found['high']:.3f})"


def _difference(found: Data) -> str:
    return f"{found['mean']:+.3f} ({found['low']:+.3f} to {found['high']:+.3f}), p = {found['p_value']:.4f}"


def _print_table(console: Console, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """The first column is of words, the others of numbers."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=0)
    for place, name in enumerate(columns):
        table.add_column(name, justify="right" if place else "left", overflow="fold", no_wrap=place > 0)
    for row in rows:
        # As text: what stands in brackets is a name, not a style.
        table.add_row(*(Text(cell) for cell in row))
    console.print()
    console.print(table)
