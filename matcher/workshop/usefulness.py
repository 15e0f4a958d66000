"""How probable it is that a meeting is useful: the relevance model's number for every pair of an event.

A company's need is judged against each provider as a match list would, listed or not. Where there is nothing to judge by,
the mean stands in: of a provider that is not in the directory, the company's mean over the other providers; of a company
without a need, the provider's mean over the other companies; of neither, the mean over all pairs. So they are neither
better nor worse than others.

Companies among themselves are another matter: no model was fitted on meetings of companies. Pairs are ordered by how alike
their needs are (the cosine of what sets the needs apart): who looks for the same has the same subject to talk about, which
says nothing about whether one can give what the other lacks. The numbers are borrowed: the pair whose likeness has the
quantile q among all pairs gets the quantile q of what the relevance model says of these needs and the providers of the
directory. Their order means something, their sum does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pipeline import EncodedNeed, Matcher
from matcher.workshop.event import Event, Participant

Floats = NDArray[np.float64]
UNKNOWN = 0.02
"""Where no pair of the event can be judged. All pairs being alike, it decides nothing but what the border policy is worth."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Usefulness:
    """What meetings are worth before any rule of the event."""

    probabilities: Floats
    """`(companies, providers)` in the order of the event's participants; `(companies, companies)`, symmetric with zeros on
    the diagonal, where companies meet each other."""
    notes: tuple[str, ...] = ()
    """Of whom too little is known, and what stands in."""


def usefulness(event: Event, matcher: Matcher, on_progress: Progress = lambda done, total: None) -> Usefulness:
    """How probable it is that each pair of the event meets to some use.

    Args:
        event: with needs of companies and ids of providers.
        matcher: over the directory that the ids are of.
        on_progress: called with needs done and needs in all.
    """
    companies = [one for one in event.participants if one.side == "company"]
    providers = [one for one in event.participants if one.side == "provider"]
    encoded = _encoded(companies, matcher, on_progress)
    notes = _notes("has no need", companies, [need is None for need in encoded])
    if event.kind == "company to company":
        return _between_companies(encoded, matcher, notes)
    judged, told = _judged(companies, encoded, providers, matcher)
    unknown = [matcher.index.rows_of([one.provider_id]).size == 0 for one in providers]
    notes += _notes("is not in the directory", providers, unknown)
    return Usefulness(_filled(judged), (*notes, *told))


def _encoded(companies: Sequence[Participant], matcher: Matcher, on_progress: Progress) -> list[EncodedNeed | None]:
    found = []
    for done, company in enumerate(companies, start=1):
        found.append(None if company.need is None else matcher.encode(company.need))
        on_progress(done, len(companies))
    return found


def _judged(
    companies: Sequence[Participant],
    encoded: Sequence[EncodedNeed | None],
    providers: Sequence[Participant],
    matcher: Matcher,
) -> tuple[Floats, list[str]]:
    """`(companies, providers)` probabilities, `nan` where there is nothing to judge by; and notes."""
    index = matcher.index
    judged = np.full((len(companies), len(providers)), np.nan)
    columns = [column for column, one in enumerate(providers) if index.rows_of([one.provider_id]).size]
    rows = index.rows_of(providers[column].provider_id for column in columns)
    choosy = []
    for line, (company, need) in enumerate(zip(companies, encoded, strict=True)):
        if need is None or not columns:
            continue
        probabilities = matcher.probabilities(need, rows)
        if wanted := need.need.categories:
            probabilities = np.where(index.having("category", wanted)[rows], probabilities, 0.0)
            choosy.append(company.participant_id)
        judged[line, columns] = probabilities
    if not choosy:
        return judged, []
    return judged, [f"Companies that look for some categories only, for whom others count 0: {', '.join(choosy)}."]


def _filled(judged: Floats) -> Floats:
    """Means in place of what could not be judged. Zeros (the company itself, or not sought) have no part in them."""
    usable: NDArray[np.bool_] = np.isfinite(judged) & (judged > 0)
    values = np.where(usable, judged, 0.0)
    overall = values.sum() / usable.sum() if usable.any() else UNKNOWN
    by_company = _mean(values.sum(axis=1), usable.sum(axis=1), overall)[:, None]
    by_provider = _mean(values.sum(axis=0), usable.sum(axis=0), overall)[None, :]
    is_judged: NDArray[np.bool_] = np.isfinite(judged)
    stand_in = np.where(is_judged.any(axis=1, keepdims=True), by_company, by_provider)
    return np.asarray(np.where(is_judged, judged, stand_in), dtype=np.float64)


def _mean(sums: Floats, counts: NDArray[np.int_], otherwise: float) -> Floats:
    return np.asarray(np.divide(sums, counts, out=np.full(len(sums), otherwise), where=counts > 0), dtype=np.float64)


def _between_companies(encoded: Sequence[EncodedNeed | None], matcher: Matcher, notes: list[str]) -> Usefulness:
    told = [place for place, need in enumerate(encoded) if need is not None]
    needs = [need for need in encoded if need is not None]
    everybody = np.arange(len(matcher.index), dtype=np.int64)
    likeness = np.full((len(encoded), len(encoded)), np.nan)
    if len(needs) > 1:
        apart = np.array([need.parts.apart[0] for need in needs], dtype=np.float64)
        borrowed = np.concatenate([matcher.probabilities(need, everybody) for need in needs])
        upper = np.triu_indices(len(needs), 1)
        cosines = (apart @ apart.T)[upper]
        # Equal cosines get equal numbers, whatever order they come in.
        below = np.searchsorted(np.sort(cosines), cosines, side="left")
        upto = np.searchsorted(np.sort(cosines), cosines, side="right")
        scale = borrowed[borrowed > 0] if borrowed.any() else np.array([UNKNOWN])
        values = np.quantile(scale, (below + upto) / 2 / len(cosines))
        block = np.full((len(needs), len(needs)), np.nan)
        block[upper] = block[upper[::-1]] = values
        likeness[np.ix_(told, told)] = block
    usable = np.isfinite(likeness)
    overall = float(likeness[usable].mean()) if usable.any() else UNKNOWN
    values = np.where(usable, likeness, 0.0)
    of_each = _mean(values.sum(axis=1), usable.sum(axis=1), overall)
    # With one whose need is not known, a company has its own mean; two of them have that of all.
    known = np.zeros(len(encoded), dtype=np.bool_)
    known[told] = True
    stand_in = np.where(known[:, None], of_each[:, None], np.where(known[None, :], of_each[None, :], overall))
    found = np.where(usable, likeness, stand_in)
    np.fill_diagonal(found, 0.0)
    honest = (
        "Companies among themselves: pairs are ordered by how alike their needs are; how many meetings are useful is a guess."
    )
    return Usefulness(found, (*notes, honest))


def _notes(what: str, participants: Sequence[Participant], missing: Iterable[bool]) -> list[str]:
    return [
        f"{_named(one)} {what}: the mean of the others stands in."
        for one, is_missing in zip(participants, missing, strict=True)
        if is_missing
    ]


def _named(one: Participant) -> str:
    return f"{one.name} ({one.participant_id})"
