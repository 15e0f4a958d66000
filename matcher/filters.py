"""Who may be on the list: filters, own organisation, contacts and the policy's `require`, as one mask before the search."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.errors import shown
from matcher.contacts import Contact
from matcher.errors import RequestRefused
from matcher.index import Column, ProviderIndex, RowMask
from matcher.records import Considered, MatchRequest


@dataclass(frozen=True)
class Allowed:
    """`mask` is `(providers,)` booleans; `considered` counts what each step left out; `notes` say it in words."""

    mask: RowMask
    considered: Considered
    notes: tuple[str, ...]


def allowed_providers(
    index: ProviderIndex, request: MatchRequest, contacts: Sequence[Contact] = (), off_lists: Collection[str] = ()
) -> Allowed:
    """Apply every rule of the request that a provider can fail.

    Each provider that is left out is counted once: as the company itself, else by the filters, the policy, the contacts,
    the upkeep of the directory.

    Args:
        index: whose providers they are.
        request: with the rules.
        contacts: whom the company knows already; those that are not in the directory are passed over.
        off_lists: ids of providers that are on no new list (`matcher.upkeep`); so with those.

    Raises:
        RequestRefused: a region that no provider belongs to.
    """
    need, filters = request.need, request.filters
    notes: list[str] = []
    for region in filters.regions:
        if region not in index.known_regions:
            remedy = f"Known regions: {', '.join(index.known_regions) or 'none'}."
            raise RequestRefused("regions of the filters", "be regions of the directory", shown(region), remedy)
    mask = np.ones(len(index), dtype=np.bool_)
    categories = filters.categories or need.categories
    wanted: tuple[tuple[Column, Sequence[str]], ...] = (
        ("category", categories),
        ("country", filters.countries),
        ("region", filters.regions),
    )
    for column, values in wanted:
        if values:
            mask &= index.having(column, values)
    if filters.excluded_countries:
        mask &= ~index.having("country", filters.excluded_countries)
    if filters.excluded_providers:
        excluded = index.rows_of(filters.excluded_providers)
        if len(set(excluded.tolist())) < len(set(filters.excluded_providers)):
            notes.append("Some of the providers to be excluded are not in the directory.")
        mask[excluded] = False

    own = index.rows_of(index.directory.own_organisation(need))
    mask[own] = True
    passed = int(np.count_nonzero(mask))
    mask[own] = False
    left_out = 0
    if request.policy.mode == "require":
        abroad = mask & ~index.having("country", [need.country])
        left_out = int(np.count_nonzero(mask) - np.count_nonzero(abroad))
        mask = abroad
    known = 0
    if filters.known_contacts == "leave out":
        rows = np.unique(index.rows_of(contact.provider_id for contact in contacts))
        known = int(np.count_nonzero(mask[rows]))
        mask[rows] = False
    gone = np.unique(index.rows_of(off_lists))
    off = int(np.count_nonzero(mask[gone]))
    mask[gone] = False
    considered = Considered(
        directory=len(index),
        own_organisation=len(own),
        filtered_out=len(index) - passed,
        domestic_left_out=left_out,
        known_contacts=known,
        off_lists=off,
        candidates=passed - len(own) - left_out - known - off,
    )
    if len(own):
        notes.append("The company itself is in the directory and was left out.")
    if known:
        whom = "provider that the company knows already was" if known == 1 else "providers that the company knows already were"
        notes.append(f"{known} {whom} left out.")
    # Where the list can be full all the same, who is off lists is missed by nobody.
    if off and considered.candidates < request.k:
        whom = "provider that passes is" if off == 1 else "providers that pass are"
        notes.append(f"{off} {whom} off lists at present: suspended, expired, or gone from the directory.")
    if considered.candidates == 0:
        notes.append(_why_nobody(considered))
    return Allowed(mask, considered, tuple(notes))


def _why_nobody(considered: Considered) -> str:
    causes = [
        f"{count} {what}"
        for count, what in (
            (considered.filtered_out, "do not pass the filters"),
            (considered.domestic_left_out, "are in the company's own country, which the policy 'require' leaves out"),
            (considered.known_contacts, "are known to the company already"),
            (considered.off_lists, "are off lists at present"),
            (considered.own_organisation, "is the company itself"),
        )
        if count
    ]
    return f"Nobody is left: of {considered.directory} providers {', '.join(causes)}. Widen the filters."
