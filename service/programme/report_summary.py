"""The report in a few sentences, and what it cannot say."""

from __future__ import annotations

from matcher.programme.money import in_euros
from matcher.programme.report_records import FEW, NOT_TOLD, ProgrammeReport, Span
from service.programme.report_cells import rate_as_text

LIMITS = (
    "Intervals are those of a share among like cases drawn by chance (Wilson). Who answers a survey is not drawn by chance: "
    "the lower the response, the less the answers tell of those who are silent.",
    f"A share of fewer than {FEW} is marked as one of few: one more case would move it by ten percent or more.",
    "Whether something would have come about anyway is what companies say, half a year later, and not what was measured.",
    "An incentive that was withdrawn or lapsed after the grant is not among those given; that it was granted once stays in "
    "the funnel.",
)
GLOSSARY = {
    "cross-border match": "A company and a provider of two countries that were introduced to each other; each two count once, "
    "over however many lists.",
    "given": "An incentive that was granted, and neither withdrawn nor lapsed after that.",
    "reserved": "Granted and not paid yet. What is not paid in the end can be granted again.",
    "of those of the step before": "Of all that came to the step before, those that came to this one too.",
    "response": "Answered, of those that were asked. Of a company and a provider the latest answer counts.",
    "95 %": "Where the share would lie in 95 of 100 such samples (Wilson).",
}


def in_short(report: ProgrammeReport) -> list[str]:
    """The most important first."""
    grants, used = report.grants.total, report.absorption.total
    kinds = ", ".join(f"{one.count:,} {report.incentives.get(name, name)}" for name, one in report.grants.by_incentive.items())
    said = [f"{_counted(grants.count, 'incentive')} given ({kinds}), {in_euros(grants.granted)} granted."]
    if used.used_share is not None:
        said.append(
            f"Of the budgets of {in_euros(used.budget)}, {used.used_share:.1%} are used: {in_euros(used.paid)} paid, "
            f"{in_euros(used.reserved)} reserved, {in_euros(used.left)} left."
        )
    seekers = {kind: one.count for kind, one in report.grants.by_need_kind.items() if kind != NOT_TOLD}
    said.append(
        f"{seekers.get('expertise', 0):,} incentives went to companies that seek expertise, "
        f"{seekers.get('collaboration', 0):,} to companies that seek a partner."
    )
    said.append(f"{report.cross_border.total:,} cross-border matches{_strongest(report)}.")
    wish = report.wish.total
    if wish.response.denominator:
        said.append(
            f"{rate_as_text(wish.wishes)} of the companies that say yes or no wish to continue with their new partner; "
            f"{_counted(wish.cannot_say, 'company', 'companies')} cannot say. Asked were {wish.response.denominator:,}, "
            f"of whom {wish.response.numerator:,} answered ({wish.response.value:.0%})."
        )
    if report.additionality.would_not.denominator:
        said.append(f"Would not have come about anyway: {rate_as_text(report.additionality.would_not)}.")
    said += [f"{what}: {_days(span)}." for what, span in _spans(report) if span.n]
    if overdue := report.applications["total"].overdue:
        said.append(f"Of {_counted(overdue, 'application')} something is overdue.")
    return said


def _spans(report: ProgrammeReport) -> tuple[tuple[str, Span], ...]:
    return (
        ("From application to decision", report.to_decision.total),
        ("From application to payment", report.to_payment.total),
    )


def _days(span: Span) -> str:
    return f"{span.median:g} days in the middle, {span.shortest} to {span.longest}"


def _strongest(report: ProgrammeReport) -> str:
    if not report.flows:
        return ""
    first = report.flows[0]
    return f", most of them from {first.company_country} to {first.provider_country} ({first.count:,})"


def _counted(number: int, one: str, more: str = "") -> str:
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"
