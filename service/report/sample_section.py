"""What the page says of the sample needs: border policies, languages, categories sought, kinds of need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from babel import Locale

from service.report import plots
from service.report.parts import Data, Picture, Section, Table, interval, means, number, percent, picture

_NAME = "samples"
_QUALITY = "nDCG@10"


def sample_section(samples: Data) -> Section:
    """The section, from what `matcher.evaluation.samples` found."""
    intro = (
        f"{samples['needs']} needs in five languages, for the directory of {samples['providers']} providers, with "
        f"{samples['judgements']} judgements. Settings of the engine were once chosen with these judgements: the figures "
        "compare variants and prove no quality. What nobody judged counts as useless.",
    )
    parts: list[Picture | Table] = [_policies(samples), _policy_table(samples)]
    parts += [_languages(samples), _overlap(samples), _kinds(samples), _preferences(samples), _preference_table(samples)]
    return Section(_NAME, "The sample needs", intro, parts)


def _policies(samples: Data) -> Picture:
    rows = samples["policies"]

    def dots(measure: str) -> list[plots.Dot]:
        chosen = samples["default_policy"]
        colours = {row["policy"]: plots.BLUE if row["policy"] == chosen else plots.GREY for row in rows}
        return [plots.Dot(row["policy"], *means(row[measure]), colour=colours[row["policy"]]) for row in rows]

    share = plots.Panel(dots("cross-border share@10"), "abroad, of the first ten", ends_at=1.0, written="{:.0%}")
    figure = plots.dot_plot(plots.Panel(dots(_QUALITY), _QUALITY), share)
    first, last = rows[0], rows[-1]
    abroad = [percent(row["cross-border share@10"]["mean"]) for row in (first, last)]
    quality = [number(row[_QUALITY]["mean"]) for row in (first, last)]
    says = (
        f"From {first['policy']} to {last['policy']} the share of other countries among the first ten goes from "
        f"{abroad[0]} to {abroad[1]} and nDCG@10 from {quality[0]} to {quality[1]}; the default, {samples['default_policy']}, "
        "is blue."
    )
    return picture(figure, f"{_NAME}-policies", "By border policy", says)


def _policy_table(samples: Data) -> Table:
    columns = [
        "policy",
        "nDCG@10 (95 %)",
        "judged of the first ten",
        "first is abroad",
        "abroad",
        "Gini",
        "coverage",
        "answered",
    ]
    rows = [
        [
            row["policy"],
            interval(row[_QUALITY]),
            *(percent(row[name]["mean"]) for name in ("judged@10", "first across the border", "cross-border share@10")),
            number(row["exposure Gini"]),
            percent(row["catalogue coverage"]),
            f"{row['answered']} of {samples['needs']}",
        ]
        for row in samples["policies"]
    ]
    return Table("Border policies on the sample needs, as the companies wrote them.", columns, rows)


def _languages(samples: Data) -> Picture:
    rows = samples["languages"]
    dots = [plots.Dot(f"{_language(row['language'])} ({row['needs']})", *means(row[_QUALITY])) for row in rows]
    figure = plots.dot_plot(plots.Panel(dots, _QUALITY))
    best, worst = (which(rows, key=lambda row: row[_QUALITY]["mean"]) for which in (max, min))
    says = (
        f"The same needs are answered best in {_language(best['language'])} ({number(best[_QUALITY]['mean'])}) and worst in "
        f"{_language(worst['language'])} ({number(worst[_QUALITY]['mean'])}); in brackets is the number of needs, and where "
        "lines overlap the difference may be chance."
    )
    return picture(figure, f"{_NAME}-languages", "By language", says)


def _overlap(samples: Data) -> Picture:
    overlap = samples["overlap"]
    dots = [plots.Dot("all languages", *means(overlap), colour=plots.BLUE)]
    for pair in sorted(overlap["pairs"], key=lambda pair: -pair["mean"]):
        label = f"{_language(pair['one'])} and {_language(pair['other'])}"
        dots.append(plots.Dot(label, pair["mean"], pair["mean"], pair["mean"]))
    target = overlap["target"]
    axis = "rank-biased overlap of the first ten: 1 is the same list"
    panel = plots.Panel(dots, axis, line_at=target, line_says=f"target {target:.2f}", ends_at=1.0)
    reached = "reaches" if overlap["mean"] >= target else "misses"
    says = (
        f"Lists for one need in two languages are alike to {interval(overlap)} on average, which {reached} the target of "
        f"{target:.2f}."
    )
    return picture(plots.dot_plot(panel), f"{_NAME}-overlap", "Does a need find the same providers in every language?", says)


def _kinds(samples: Data) -> Picture:
    by: Mapping[str, str] = {"categories": "sought: ", "kinds": "kind: "}
    dots = [
        plots.Dot(f"{before}{row['name']} ({row['needs']})", *means(row[_QUALITY]))
        for rows, before in by.items()
        for row in samples[rows]
    ]
    figure = plots.dot_plot(plots.Panel(dots, _QUALITY))
    rows = samples["categories"]
    best, worst = (which(rows, key=lambda row: row[_QUALITY]["mean"]) for which in (max, min))
    says = (
        f"By category sought, needs for {best['name']} are answered best ({number(best[_QUALITY]['mean'])}) and those for "
        f"{worst['name']} worst ({number(worst[_QUALITY]['mean'])}); in brackets is the number of needs, and a few needs say "
        "little."
    )
    return picture(figure, f"{_NAME}-categories", "By category sought and kind of need", says)


def _preferences(samples: Data) -> Picture:
    rows = samples["preferences"]
    dots = [
        plots.Dot(_setting(row), *means(row[_QUALITY]), colour=plots.GREY if _is_off(rows, row) else plots.BLUE) for row in rows
    ]
    figure = plots.dot_plot(plots.Panel(dots, _QUALITY))
    dearest = min(rows, key=lambda row: row[_QUALITY]["mean"])
    says = (
        f"Grey is each preference switched off, blue what it costs as it grows; the dearest is {_setting(dearest)} "
        f"({number(dearest[_QUALITY]['mean'])}). The table says what each buys."
    )
    return picture(figure, f"{_NAME}-preferences", "What further preferences cost", says)


def _preference_table(samples: Data) -> Table:
    rows = [[_setting(row), interval(row[_QUALITY]), f"{row['bought']:,.3g}", row["what"]] for row in samples["preferences"]]
    caption = "Further preferences, each alone, in log-odds (the exposure cap in lists that a provider may be on)."
    return Table(caption, ["preference", "nDCG@10 (95 %)", "what it buys", "which is"], rows)


def _setting(row: Data) -> str:
    return f"{row['preference'].replace('_', ' ')} {row['setting']:g}"


def _is_off(rows: Sequence[Data], row: Data) -> bool:
    """Whether it is the first setting of its preference."""
    return next(one for one in rows if one["preference"] == row["preference"]) is row


def _language(code: str) -> str:
    return str(Locale("en").languages.get(code, code))
