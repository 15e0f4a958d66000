"""The report as tables: for the page, the terminal and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from matcher.programme.report_records import (
    NOT_TOLD,
    TOTAL,
    Absorbed,
    Answers,
    Granted,
    ProgrammeReport,
    Span,
)
from service.programme.report_cells import Cell, Money, ReportTable, Share

SIMULATED = "SIMULATED"
"""The mark of everything that is made up."""
_KINDS = {"expertise": "seeks expertise", "collaboration": "seeks a partner", NOT_TOLD: "need of no told kind"}
_BUDGET = ("budget EUR", "granted EUR", "reserved EUR", "paid EUR", "left EUR", "used of budget", "paid of budget")


def tables_of(report: ProgrammeReport) -> dict[str, ReportTable]:
    """Every table by its name, in the order of the page. Where the report is simulated every caption says so."""
    mark = f"{SIMULATED}. " if report.simulated else ""
    made = (_grants(report), _applications(report), _matches(report), _outcomes(report), _budgets(report))
    return {
        one.name: ReportTable(one.name, f"{mark}{one.caption}", one.columns, one.rows, one.folded)
        for some in made
        for one in some
    }


def name_in(names: Mapping[str, str], one: str) -> str:
    """What an id is called; the id itself where the rules no longer know it."""
    return names.get(one, "all" if one == TOTAL else one)


def _grants(report: ProgrammeReport) -> Iterator[ReportTable]:
    figures = report.grants
    kinds = list(dict.fromkeys([*figures.by_need_kind, *figures.total.by_need_kind]))
    incentives = list(dict.fromkeys([*report.incentives, *figures.total.by_incentive]))
    of_kinds = [_KINDS.get(kind, kind) for kind in kinds]

    def row(name: str, one: Granted) -> list[Cell]:
        counts = [one.by_need_kind.get(kind, 0) for kind in kinds]
        return [name, one.count, *counts, Money(one.granted), Money(one.paid)]

    def wide(name: str, one: Granted) -> list[Cell]:
        first, count, *rest = row(name, one)
        return [first, *(one.by_incentive.get(incentive, 0) for incentive in incentives), count, *rest]

    columns = ["given", *of_kinds, "granted EUR", "paid EUR"]
    names = [name_in(report.incentives, one) for one in incentives]
    yield ReportTable(
        "incentives",
        "Incentives given, by kind, and how many to companies that seek expertise and that seek a partner.",
        ["incentive", *columns],
        [
            *(row(name_in(report.incentives, one), given) for one, given in figures.by_incentive.items()),
            row("all", figures.total),
        ],
    )
    yield ReportTable(
        "incentives-by-call",
        "Incentives given in each call.",
        ["call", *names, *columns],
        [*(wide(name_in(report.calls, one), given) for one, given in figures.by_call.items()), wide("all", figures.total)],
    )
    yield ReportTable(
        "incentives-by-region",
        "Incentives given by each region.",
        ["region", *names, *columns],
        [*(wide(name_in(report.regions, one), given) for one, given in figures.by_region.items()), wide("all", figures.total)],
    )


def _applications(report: ProgrammeReport) -> Iterator[ReportTable]:
    fields = ("handed_in", "granted", "rejected", "withdrawn", "given_back", "undecided", "overdue")
    yield ReportTable(
        "applications",
        "Applications, and what became of them. Given back: withdrawn or lapsed after the grant.",
        ["call", *(name.replace("_", " ") for name in fields), "requested EUR"],
        [
            [name_in(report.calls, call), *(getattr(one, name) for name in fields), Money(one.requested)]
            for call, one in report.applications.items()
        ],
    )
    decisions, payments = report.to_decision, report.to_payment
    spans = {
        **{call: (one, payments.by_call.get(call, Span())) for call, one in decisions.by_call.items()},
        TOTAL: (decisions.total, payments.total),
    }
    yield ReportTable(
        "days",
        "Days from the application to its decision, and to its payment.",
        [
            "call",
            *("decided", "median days to decision", "shortest", "longest"),
            *("paid", "median days to payment", "shortest to payment", "longest to payment"),
        ],
        [[name_in(report.calls, call), *_span(one), *_span(other)] for call, (one, other) in spans.items()],
    )


def _span(one: Span) -> list[Cell]:
    return [one.n, one.median, one.shortest, one.longest]


def _matches(report: ProgrammeReport) -> Iterator[ReportTable]:
    counts = report.cross_border
    groups = {
        "region of the company": {name_in(report.regions, one): count for one, count in counts.by_region.items()},
        "category of the provider": counts.by_category,
        "month of the introduction": counts.by_month,
    }
    rows: list[list[Cell]] = [["all", "", counts.total]]
    rows += [[what, name, count] for what, some in groups.items() for name, count in some.items()]
    yield ReportTable(
        "cross-border-matches",
        "Cross-border matches: companies and providers of two countries that were introduced, each two counted once.",
        ["by", "", "matches"],
        rows,
        folded=True,
    )
    into = list(dict.fromkeys(sorted(one.provider_country for one in report.flows)))
    cells = {(one.company_country, one.provider_country): one.count for one in report.flows}
    matrix: list[list[Cell]] = [
        [country, *(cells.get((country, other)) for other in into), sum(n for (c, _), n in cells.items() if c == country)]
        for country in dict.fromkeys(sorted(one.company_country for one in report.flows))
    ]
    matrix.append(["all", *(sum(n for (_, c), n in cells.items() if c == other) for other in into), sum(cells.values())])
    yield ReportTable(
        "flows-by-country",
        "Cross-border matches by country: a row for the companies' country, a column for the providers'.",
        ["from", *into, "all"],
        matrix,
    )
    yield ReportTable(
        "flows-by-region",
        "Cross-border matches by region, the strongest first.",
        ["from region", "to region", "from", "to", "matches"],
        [
            [
                name_in(report.regions, one.company_region),
                name_in(report.regions, one.provider_region),
                one.company_country,
                one.provider_country,
                one.count,
            ]
            for one in report.region_flows
        ],
        folded=True,
    )


def _outcomes(report: ProgrammeReport) -> Iterator[ReportTable]:
    yield ReportTable(
        "funnel",
        "From the match list to the agreement. From the introduction on each company and provider counts once.",
        ["step", "count", "of those of the step before"],
        [
            [one.name, one.count, one.of_before or (f"{one.per_before:.1f} for each" if one.per_before else None)]
            for one in report.funnel
        ],
    )
    wish = report.wish
    rows: dict[str, Answers] = {
        "all, latest answer": wish.total,
        **dict(wish.by_survey.items()),
        **{name_in(report.regions, one): answers for one, answers in wish.by_region.items()},
    }
    yield ReportTable(
        "wish-to-continue",
        "Whether companies wish to continue with their new partners.",
        ["asked", "answered", "yes", "no", "cannot say", "yes, of yes and no"],
        [_answers(name, one) for name, one in rows.items()],
    )
    told = report.additionality
    yield ReportTable(
        "additionality",
        "Would it have come about without the programme? By the latest outcome of each company and provider.",
        ["", "no", "yes", "cannot say", "no, of no and yes"],
        [["without the programme", told.no, told.yes, told.cannot_say, told.would_not]],
    )


def _answers(name: str, one: Answers) -> list[Cell]:
    return [name, one.response, one.yes, one.no, one.cannot_say, one.wishes]


def _budgets(report: ProgrammeReport) -> Iterator[ReportTable]:
    figures = report.absorption
    yield ReportTable(
        "budgets-by-region",
        "Budgets of the regions, all calls together.",
        ["region", *_BUDGET],
        [
            *([name_in(report.regions, one), *_absorbed(used)] for one, used in figures.by_region.items()),
            ["all", *_absorbed(figures.total)],
        ],
    )
    yield ReportTable(
        "budgets-by-call",
        "Budgets of the calls.",
        ["call", *_BUDGET],
        [[name_in(report.calls, one), *_absorbed(used)] for one, used in figures.by_call.items()],
    )
    yield ReportTable(
        "budgets",
        "Budgets of each region in each call.",
        ["region", "call", *_BUDGET],
        [
            [name_in(report.regions, one.region_id), name_in(report.calls, one.call_id), *_absorbed(one)]
            for one in figures.by_account
        ],
        folded=True,
    )


def _absorbed(one: Absorbed) -> list[Cell]:
    sums = (one.budget, one.granted, one.reserved, one.paid, one.left)
    return [*map(Money, sums), Share(one.used_share), Share(one.paid_share)]
