"""The sections of the report's page: which pictures and tables stand under which heading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel import Locale

from matcher.pairs import NO_REGION
from matcher.programme.report_records import FEW, Absorbed, Answers, Granted, ProgrammeReport
from matcher.rates import Rate
from service.programme import report_plots
from service.programme.report_cells import ReportTable, as_text
from service.programme.report_flow_plots import Ribbon, colours_of, sankey
from service.programme.report_map import Arc, Spot, region_map
from service.programme.report_places import Places
from service.programme.report_plots import COLOURS, PALE, Estimate, Part, Stage, marked
from service.programme.report_tables import SIMULATED, name_in, tables_of
from service.report.parts import Picture, Section, Table, picture
from service.report.plots import BLUE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BEFORE_INTRODUCTION = 2
"""Steps of the funnel that count matches on lists."""
_THOUSAND_EUROS = 100_000


def sections_of(report: ProgrammeReport, places: Places) -> Iterator[Section]:
    """All sections; made within `service.report.svg.drawing`."""
    made = _Sections(report, places)
    yield made.incentives()
    yield made.budgets()
    yield made.flows()
    yield made.funnel()
    yield made.answers()


@dataclass(frozen=True)
class ReportPageTable(Table):
    """A table of the page."""

    words: frozenset[int] = frozenset()
    """Numbers of the columns, from 0, that hold words and no numbers."""


class _Sections:
    def __init__(self, report: ProgrammeReport, places: Places) -> None:
        self._report, self._places = report, places
        self._tables = tables_of(report)
        self._mark = SIMULATED if report.simulated else ""

    def incentives(self) -> Section:
        figures = self._report.grants
        says = "How many incentives of each kind. Beside each bar: all of them."
        parts: list[Picture | Table] = [
            self._grants(
                "incentives-by-kind",
                "Incentives by kind",
                figures.by_incentive,
                self._report.incentives,
                "How many of each kind were given.",
            ),
            self._grants("incentives-in-calls", "Incentives in each call", figures.by_call, self._report.calls, says),
            self._grants("incentives-of-regions", "Incentives of each region", figures.by_region, self._report.regions, says),
            *self._told("incentives", "incentives-by-call", "incentives-by-region", "applications", "days"),
        ]
        return Section("incentives", "Incentives", (), parts)

    def budgets(self) -> Section:
        figures, report = self._report.absorption, self._report
        says = "Beside each bar: what is reserved or paid, of the budget."
        drawn = (
            ("budgets-of-regions", "Budgets of the regions", figures.by_region, report.regions),
            ("budgets-of-calls", "Budgets of the calls", figures.by_call, report.calls),
        )
        parts: list[Picture | Table] = [
            self._absorbed(name, title, rows, names, says) for name, title, rows, names in drawn if rows
        ]
        parts += self._told("budgets-by-region", "budgets-by-call", "budgets")
        return Section("budgets", "Budgets", (), parts)

    def flows(self) -> Section:
        report = self._report
        parts: list[Picture | Table] = []
        colours = colours_of([*(one.company_country for one in report.flows), *(one.provider_country for one in report.flows)])
        if report.flows:
            ribbons = [Ribbon(one.company_country, one.provider_country, one.count) for one in report.flows]
            territories = Locale("en").territories
            names = {one: str(territories.get(one, one)) for one in colours}
            figure = sankey(ribbons, names, colours)
            says = (
                "To the left the companies' countries, to the right the providers'. Each ribbon is as wide as there are "
                "matches, and has the colour of the companies' country."
            )
            parts.append(self._picture(figure, "flows-of-countries", "Cross-border matches from country to country", says))
        if (drawn := self._map(colours)) is not None:
            parts.append(drawn)
        intro = (
            f"{report.cross_border.total:,} cross-border matches; {report.domestic:,} within one country are not counted.",
        )
        return Section(
            "flows",
            "Across the borders",
            intro,
            [*parts, *self._told("flows-by-country", "flows-by-region", "cross-border-matches")],
        )

    def funnel(self) -> Section:
        stages = [Stage(one.name, one.count, _beside(one.of_before, one.per_before)) for one in self._report.funnel]
        figure = report_plots.funnel(stages[:_BEFORE_INTRODUCTION], stages[_BEFORE_INTRODUCTION:])
        says = "Beside each bar: how many, and which share of those of the step before with its 95 % interval."
        drawn = self._picture(figure, "funnel-steps", "From the match list to the agreement", says)
        return Section("funnel", "From list to agreement", (), [drawn, *self._told("funnel")])

    def answers(self) -> Section:
        wish, told = self._report.wish, self._report.additionality
        rows: dict[str, Answers] = {
            "all, latest answer": wish.total,
            **dict(wish.by_survey.items()),
            **{name_in(self._report.regions, one): answers for one, answers in wish.by_region.items()},
        }
        asked = wish.total.response.denominator
        silent = asked - wish.total.response.numerator
        counts = {"yes": wish.total.yes, "no": wish.total.no, "cannot say": wish.total.cannot_say, "no answer": silent}
        colours = (COLOURS[0], COLOURS[1], COLOURS[4], PALE)
        stack = report_plots.stacked(
            ["wish to continue"],
            [Part(name, colour, [count]) for (name, count), colour in zip(counts.items(), colours, strict=True)],
            [f"{asked:,} asked"],
            "companies and providers",
            least=0.03,
        )
        dots = report_plots.estimates(
            [_wish(name, one) for name, one in rows.items()], "wish to continue, of those that say yes or no (95 %)"
        )
        says = f"Beside each line: yes, of yes and no. Grey and hollow are shares of fewer than {FEW}."
        anyway = report_plots.estimates([_estimate("would not have come about", told.would_not)], "no, of no and yes (95 %)")
        parts: list[Picture | Table] = [
            self._picture(stack, "wish-answers", "What the companies answered", "All that were asked, by their latest answer."),
            self._picture(dots, "wish-shares", "Who wishes to continue", says),
            *self._told("wish-to-continue"),
            self._picture(
                anyway, "anyway-share", "Would it have come about without the programme?", "By the latest outcome of each pair."
            ),
            *self._told("additionality"),
        ]
        return Section("answers", "What the companies say", (), parts)

    def _grants(self, name: str, title: str, rows: Mapping[str, Granted], names: Mapping[str, str], says: str) -> Picture:
        incentives = list(self._report.grants.total.by_incentive)
        parts = [
            Part(
                name_in(self._report.incentives, one),
                COLOURS[place % len(COLOURS)],
                [row.by_incentive.get(one, 0) for row in rows.values()],
            )
            for place, one in enumerate(incentives)
        ]
        labels = [name_in(names, one) for one in rows]
        figure = report_plots.stacked(labels, parts, [f"{one.count:,}" for one in rows.values()], "incentives given")
        return self._picture(figure, name, title, says)

    def _absorbed(self, name: str, title: str, rows: Mapping[str, Absorbed], names: Mapping[str, str], says: str) -> Picture:
        shades = (("paid", BLUE), ("reserved", COLOURS[1]), ("left", PALE))
        parts = [
            Part(part, colour, [max(0, getattr(one, part)) / _THOUSAND_EUROS for one in rows.values()])
            for part, colour in shades
        ]
        beside = ["" if one.used_share is None else f"{one.used_share:.0%}" for one in rows.values()]
        figure = report_plots.stacked(
            [name_in(names, one) for one in rows], parts, beside, "thousand euros", written="{:,.0f}", least=0.06
        )
        return self._picture(figure, name, title, says)

    def _map(self, colours: Mapping[str, str]) -> Picture | None:
        flows, known = self._report.region_flows, self._places.of_regions
        drawn = [one for one in flows if one.company_region in known and one.provider_region in known]
        if not drawn:
            return None
        involved = {one.company_region for one in drawn} | {one.provider_region for one in drawn}
        asked = {region: sum(one.count for one in drawn if one.company_region == region) for region in involved}
        spots = [
            Spot(one, name_in(self._report.regions, one), self._places.countries[one], *known[one], asked[one])
            for one in sorted(involved)
        ]
        arcs = [
            Arc(one.company_region, one.provider_region, one.count)
            for one in drawn
            if one.company_region != one.provider_region
        ]
        figure = region_map(spots, self._places.of_providers, arcs, colours)
        says = (
            "Each region stands where its providers are on average; grey dots are towns of providers. Under its name: matches "
            "of its companies. Arcs go from the company's region to the provider's, wider and darker where there are "
            "more matches; the table has all numbers."
        )
        left_out = sum(one.count for one in flows) - sum(one.count for one in drawn)
        if left_out:
            says += f" {left_out:,} matches are not on the map: {NO_REGION} in which region, or no place of it is known."
        return self._picture(figure, "flows-on-the-map", "Cross-border matches between the regions", says)

    def _picture(self, figure: Figure, name: str, title: str, says: str) -> Picture:
        return picture(marked(figure, self._mark), name, f"{title} (simulated)" if self._mark else title, says)

    def _told(self, *names: str) -> list[Table]:
        return [_as_page_table(self._tables[name]) for name in names]


def _as_page_table(table: ReportTable) -> ReportPageTable:
    words = frozenset(place for place in range(1, len(table.columns)) if all(isinstance(row[place], str) for row in table.rows))
    rows = [[as_text(cell) for cell in row] for row in table.rows]
    return ReportPageTable(table.caption, table.columns, rows, table.folded, words)


def _beside(of_before: Rate | None, per_before: float | None) -> str:
    if per_before is not None:
        return f"({per_before:.1f} for each list)"
    if of_before is None or of_before.value is None or of_before.low is None or of_before.high is None:
        return ""
    return f"({of_before.value:.0%}, {of_before.low:.0%} to {of_before.high:.0%})"


def _wish(label: str, one: Answers) -> Estimate:
    return _estimate(label, one.wishes)


def _estimate(label: str, rate: Rate) -> Estimate:
    said = f"{rate.numerator:,} of {rate.denominator:,}"
    if rate.value is not None:
        said += f", {rate.value:.0%}"
    return Estimate(label, rate.value, rate.low, rate.high, said, rate.denominator >= FEW)
