"""What the page says of one cut of the benchmark: rankers, signals, probabilities, border, experience, countries."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.countries import country_names
from matcher.evaluation.rankers import LEARNED
from service.report import plots
from service.report.parts import (
    Data,
    Picture,
    Section,
    Table,
    chance,
    change,
    interval,
    is_more_than_chance,
    means,
    number,
    percent,
    picture,
)

QUALITY = "nDCG@10: quality of the first ten, 0 to 1"
_MEASURES = ("nDCG@10", "MRR", "Recall@10", "Recall@50", "Success@10", "abroad", "entropy", "Gini", "coverage")
_SIGNALS = {"text": "what texts say", "acquainted": "earlier projects together", "experience": "amount of experience"}
"""Signals whose names need other words."""
_OTHERS = "others"
_LEAST_NEEDS = 5
"""Of a country's companies: what fewer say is chance."""
_MOST_ROWS, _MOST_COLUMNS = 14, 12
"""Of the heat map; the other countries are put together."""


def cut_section(cut: Data, name: str) -> Section:
    """The section.

    Args:
        cut: from `report_cut`.
        name: of the section, letters and hyphens; pictures are called after it.
    """
    parts: list[Picture | Table] = [_rankers(cut, name), _ranker_table(cut), _against_table(cut)]
    if cut["ablation"]:
        parts += [_ablation(cut, name)]
    parts += [_border(cut, name), _policy_table(cut), _experience(cut, name), _experience_table(cut)]
    parts += [_reliability(cut, name), *_countries(cut, name), _pairs(cut, name)]
    left_out = cut["needs_left_out"]
    without = (
        f" {left_out} more {'has' if left_out == 1 else 'have'} none there and {'is' if left_out == 1 else 'are'} left out."
    )
    intro = (
        f"{cut['needs']:,} needs of small companies, put by {cut['projects']:,} projects. Each has a known partner in another "
        f"country, {cut['known_matches']:,} in all.{without if left_out else ''} A need has {cut['candidates']:,.0f} "
        "candidates abroad on average; only what was known of them the day before counts.",
    )
    return Section(name, f"Finding past partners: {cut['name']}", intro, parts)


def verdict(cut: Data) -> str:
    """Whether the learned relevance beats what a user could have instead, in a sentence."""
    best = cut["best_baseline"]
    ahead = cut["against"][best]
    mine, theirs = (number(cut["rankers"][name]["nDCG@10"]["mean"]) for name in (LEARNED, best))
    sure = is_more_than_chance(ahead)
    found = f"{change(ahead)}, {chance(ahead)}"
    said = (
        f"it is {'better' if ahead['mean'] > 0 else 'worse'} by {found}" if sure else f"the difference, {found}, may be chance"
    )
    return f"The learned relevance reaches {mine} in nDCG@10, the best of the simple rankers ({best}) {theirs}: {said}."


def _rankers(cut: Data, name: str) -> Picture:
    dots = [
        plots.Dot(ranker, *means(row["nDCG@10"]), colour=plots.BLUE if ranker == LEARNED else plots.GREY)
        for ranker, row in sorted(cut["rankers"].items(), key=lambda one: -one[1]["nDCG@10"]["mean"])
    ]
    figure = plots.dot_plot(plots.Panel(dots, QUALITY))
    return picture(figure, f"{name}-rankers", "Rankers by quality", verdict(cut))


def _ranker_table(cut: Data) -> Table:
    return Table(
        "Rankers, means over the needs; 95 % intervals for nDCG@10.",
        ["ranker", *_MEASURES],
        [[ranker, *_measured(row)] for ranker, row in cut["rankers"].items()],
    )


def _against_table(cut: Data) -> Table:
    return Table(
        "The learned relevance minus each other ranker, in nDCG@10, need by need.",
        ["minus", "difference (95 %)", "chance"],
        [[ranker, change(ahead), chance(ahead)] for ranker, ahead in cut["against"].items()],
    )


def _ablation(cut: Data, name: str) -> Picture:
    lost = {row["without"]: row["difference"] for row in cut["ablation"]}
    order = sorted(lost, key=lambda signal: lost[signal]["mean"])
    dots = [
        plots.Dot(
            f"without {_signal(signal)}",
            *means(lost[signal]),
            colour=plots.ORANGE if is_more_than_chance(lost[signal]) else plots.GREY,
        )
        for signal in order
    ]
    panel = plots.Panel(dots, "change of nDCG@10", line_at=0.0, line_says="as it is", starts_at=None, written="{:+.3f}")
    worst, nothing = order[0], [signal for signal in order if not lost[signal]["mean"]]
    losing = f"would lose most without {_signal(worst)}, {change(lost[worst])}"
    if lost[worst]["mean"] >= 0:
        losing = "would lose nothing without any one of them"
    says = f"The ranking {losing}; where a line crosses zero, the change may be chance."
    if nothing:
        says += f" Here nothing hangs on {_listed(map(_signal, nothing))}."
    return picture(plots.dot_plot(panel), f"{name}-ablation", "What each signal is worth", says)


def _border(cut: Data, name: str) -> Picture:
    marks = {
        "neutral": ("o", plots.BLUE, "neutral, and favour with growing β"),
        "favour": ("o", plots.BLUE, "neutral, and favour with growing β"),
        "require": ("s", plots.ORANGE, "require: other countries only"),
        "floor": ("D", plots.GREEN, "neutral with a floor"),
    }
    points = []
    for row in cut["border"]:
        mark, colour, legend = marks.get(row["kind"], ("^", plots.GREY, row["kind"]))
        label = f"β {row['setting']:g}" if row["kind"] == "favour" else row["name"].removeprefix("neutral, ")
        _, low, high = quality = means(row["nDCG@10"])
        share = row["cross-border share@10"]["mean"]
        points.append(plots.Point(label, share, quality[0], low, high, colour, mark, legend))
    first, last = points[0], max((point for point in points if point.mark == "o"), key=lambda point: point.x)
    says = (
        f"From {first.label} to {last.label} the share of other countries among the first ten goes from {percent(first.x)} to "
        f"{percent(last.x)}, and nDCG@10 from {number(first.y)} to {number(last.y)}: that is what the preference costs where "
        "partners of the company's own country count as right too."
    )
    axes = "share of the first ten that is across the border", QUALITY
    figure = plots.trade_off(points, *axes, joined="o", x_as_percent=True)
    return picture(figure, f"{name}-border", "Border policies: quality against share abroad", says)


def _policy_table(cut: Data) -> Table:
    rows = [[row["name"], *_measured(row)] for row in cut["border"]]
    return Table("Border policies, own country included.", ["policy", *_MEASURES], rows, folded=True)


def _experience(cut: Data, name: str) -> Picture:
    points = [plots.Point(f"× {row['setting']:g}", row["exposure Gini"], *means(row["nDCG@10"])) for row in cut["experience"]]
    engine = cut["rankers"][LEARNED]
    gini, quality = engine["exposure Gini"], means(engine["nDCG@10"])
    points.append(plots.Point("as set", gini, *quality, colour=plots.ORANGE, mark="s", legend="the engine as it is set"))
    not_counted = min(cut["experience"], key=lambda row: row["setting"])
    in_full = min(cut["experience"], key=lambda row: abs(row["setting"] - 1))
    told = engine, in_full, not_counted
    shown = [percent(row["catalogue coverage"]) for row in told]
    reached = [number(row["nDCG@10"]["mean"]) for row in told]
    says = (
        f"The further left, the more evenly providers are shown: as the engine is set, {shown[0]} of them are shown at least "
        f"once, with nDCG@10 at {reached[0]}; were experience counted in full (× 1), it would be {shown[1]} at {reached[1]}, "
        f"and without it (× 0) {shown[2]} at {reached[2]}."
    )
    axes = "exposure Gini: 0 all shown alike, 1 one has everything", QUALITY
    figure = plots.trade_off(points, *axes, joined="o")
    return picture(figure, f"{name}-experience", "Experience: quality against even exposure", says)


def _experience_table(cut: Data) -> Table:
    rows = [[row["name"], *_measured(row)] for row in cut["experience"]]
    return Table("What a provider's experience counts.", ["experience", *_MEASURES], rows, folded=True)


def _reliability(cut: Data, name: str) -> Picture:
    found = {of: [plots.Bin(one["predicted"], one["matched"]) for one in row["bins"]] for of, row in cut["calibration"].items()}
    said = []
    for of, row in cut["calibration"].items():
        pairs = sum(one["pairs"] for one in row["bins"])
        given, true = (sum(one["pairs"] * one[what] for one in row["bins"]) / pairs for what in ("predicted", "matched"))
        said.append(f"{of}: {percent(given)} were expected to be partners, {percent(true)} were")
    errors = " and ".join(f"{100 * row['expected_error']:.2f}" for row in cut["calibration"].values())
    says = (
        "A point on the dashed line means that the probability holds, one below it that it is too high, "
        f"one above it too low ({'; '.join(said)}). "
        f"Probabilities are off by {errors} percentage points on average."
    )
    return picture(plots.reliability(found), f"{name}-reliability", "Do probabilities mean what they say?", says)


def _countries(cut: Data, name: str) -> list[Picture | Table]:
    rows = sorted(cut["by_country"], key=lambda row: (-row["needs"], row["country"]))
    table = Table(
        "nDCG@10 by the company's country.",
        ["country", "needs", "nDCG@10 (95 %)"],
        [[_country(row["country"]), str(row["needs"]), interval(row)] for row in rows],
        folded=True,
    )
    many = [row for row in rows if row["needs"] >= _LEAST_NEEDS]
    if not many:
        return [table]
    dots = [plots.Dot(f"{_country(row['country'])} ({row['needs']})", *means(row)) for row in many]
    best, worst = max(many, key=lambda row: row["mean"]), min(many, key=lambda row: row["mean"])
    others = len(rows) - len(many)
    says = (
        f"Best served are companies from {_country(best['country'])} ({number(best['mean'])}), worst those from "
        f"{_country(worst['country'])} ({number(worst['mean'])}); in brackets is the number of needs, and where lines overlap "
        "the difference may be chance."
    )
    if others:
        says += f" Countries with fewer than {_LEAST_NEEDS} needs ({others}) stand in the table only."
    figure = plots.dot_plot(plots.Panel(dots, QUALITY))
    return [picture(figure, f"{name}-countries", "Quality by the company's country", says), table]


def _pairs(cut: Data, name: str) -> Picture:
    counts = {(pair["company"], pair["provider"]): (pair["listed"], pair["right"]) for pair in cut["country_pairs"]}
    rows, columns = _most_often(counts, 0, _MOST_ROWS), _most_often(counts, 1, _MOST_COLUMNS)
    together: dict[tuple[str, str], tuple[int, int]] = {}
    for (home, abroad), (listed, right) in counts.items():
        cell = home if home in rows else _OTHERS, abroad if abroad in columns else _OTHERS
        before = together.get(cell, (0, 0))
        together[cell] = before[0] + listed, before[1] + right
    rows += [_OTHERS] if any(home == _OTHERS for home, _ in together) else []
    columns += [_OTHERS] if any(abroad == _OTHERS for _, abroad in together) else []
    cells = [[together.get((home, abroad), (0, 0)) for abroad in columns] for home in rows]
    (home, abroad), (listed, right) = max(counts.items(), key=lambda one: (one[1][0], one[0]))
    places, found = (sum(pair[which] for pair in counts.values()) for which in (0, 1))
    says = (
        "Each cell says how often providers of a country stood in a first ten, and how often that was right; an empty one, "
        f"that none did. The most frequent pair is {_country(home)} and {_country(abroad)} ({listed} times, {right} right); of "
        f"all {places:,} places {found:,} were right ({percent(found / places)})."
    )
    figure = plots.heat_map(cells, [_country(code) for code in rows], [_country(code) for code in columns])
    return picture(figure, f"{name}-pairs", "Who is shown to whom, and how often rightly", says)


def _most_often(counts: dict[tuple[str, str], tuple[int, int]], side: int, most: int) -> list[str]:
    """Countries of one side, those listed most often first, as many as there is room for."""
    listed: dict[str, int] = {}
    for pair, (places, _) in counts.items():
        listed[pair[side]] = listed.get(pair[side], 0) + places
    return sorted(listed, key=lambda code: (-listed[code], code))[:most]


def _measured(row: Data) -> list[str]:
    return [
        interval(row["nDCG@10"]),
        *(number(row[measure]["mean"]) for measure in ("MRR", "Recall@10", "Recall@50")),
        percent(row["Success@10"]["mean"]),
        percent(row["cross-border share@10"]["mean"]),
        f"{row['country entropy@10']['mean']:.2f}",
        number(row["exposure Gini"]),
        percent(row["catalogue coverage"]),
    ]


def _country(code: str) -> str:
    return country_names().get(code, code)


def _signal(name: str) -> str:
    return _SIGNALS.get(name, name.replace("_", " "))


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
