"""What is embedded: one passage for a provider's profile, one for each piece of evidence, one for a portfolio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from matcher.directory import Directory
from matcher.records import Evidence, Provider, Record

LONGEST_PORTFOLIO = 60
"""Company names in the passage of an investor; a vector of more would say nothing."""


class Passage(Record):
    """A text about one provider, and where it comes from."""

    provider_id: str
    evidence_id: str
    """Empty for a profile and for a portfolio, which stand for no single piece of evidence."""
    kind: Literal["profile", "project", "investment", "service"]
    text: str
    language: str
    year: int | None = None
    role: str = ""
    reference: str = ""


def passages_of(directory: Directory) -> list[Passage]:
    """All passages, provider by provider in order of id; the profile first, then evidence in order of id."""
    return [passage for provider in directory.providers for passage in _of_provider(directory, provider)]


def _of_provider(directory: Directory, provider: Provider) -> Iterator[Passage]:
    evidence = directory.evidence_of(provider.provider_id)
    # A bare name says less than the evidence does: it stands in only where there is nothing else.
    if provider.summary or not evidence:
        yield Passage(
            provider_id=provider.provider_id,
            evidence_id="",
            kind="profile",
            text=f"{provider.name}. {provider.summary}" if provider.summary else provider.name,
            language=provider.summary_language,
            reference=provider.url,
        )
    for item in evidence:
        if item.kind != "investment":
            yield _of_evidence(item)
    portfolio = [item for item in evidence if item.kind == "investment"]
    if portfolio:
        yield _of_portfolio(portfolio)


def _of_evidence(item: Evidence) -> Passage:
    return Passage(
        provider_id=item.provider_id,
        evidence_id=item.evidence_id,
        kind=item.kind,
        text=". ".join(part for part in (item.title, item.topics, item.description) if part),
        language=item.language,
        year=item.year,
        role=item.role,
        reference=item.reference,
    )


def _of_portfolio(portfolio: list[Evidence]) -> Passage:
    """One passage for all investments: alone, a company's name says nothing about what an investor looks for."""
    names = ", ".join(item.title for item in portfolio[:LONGEST_PORTFOLIO])
    first = portfolio[0]
    return Passage(
        provider_id=first.provider_id,
        evidence_id="",
        kind="investment",
        text=f"Portfolio: {names}",
        language=first.language,
        role=first.role,
        reference=first.reference,
    )
