"""The needs of a gap analysis: from the record, or as they are handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from embeddings.errors import Refusal, shown
from matcher.companies import company_key
from matcher.errors import NotFound
from matcher.gaps.findings import Skipped
from matcher.log import ListQuery, ListSummary, MatchLog
from matcher.records import Category, Need

_LISTS_AT_ONCE = 1_000
_Name = tuple[str, str, str]


@dataclass(frozen=True)
class PutNeed:
    """A need as it was put."""

    key: str
    """See `matcher.gaps.asked.AskedNeed.key`."""
    need: Need
    categories: tuple[Category, ...] = ()
    """Sought by the terms of the list; empty where the need itself says."""


@dataclass(frozen=True)
class NeedsRead:
    """The needs, and what is not among them."""

    needs: tuple[PutNeed, ...]
    skipped: Skipped = field(default_factory=Skipped)


def needs_on_record(
    log: MatchLog,
    *,
    region: str | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> NeedsRead:
    """Every need on record, once.

    Args:
        log: the record.
        region: only needs of that one.
        since: only lists given out on that day (UTC) or later.
        until: only lists given out on that day or before.
        on_progress: called with lists read and lists in all.
    """
    chosen = [one for one in _summaries(log, region) if _is_within(one.created_at, since, until)]
    erased, put = 0, []
    for done, summary in enumerate(chosen, start=1):
        entry = log.get(summary.list_id)
        if entry.erased_at is not None:
            erased += 1
        else:
            request = entry.answer.request
            put.append(PutNeed(entry.list_id, request.need, request.filters.categories))
        on_progress(done, len(chosen))
    needs = _last_of_each(put)
    return NeedsRead(needs, Skipped(erased=erased, repeated=len(put) - len(needs)))


def needs_given(needs: Sequence[Need], region: str | None = None) -> NeedsRead:
    """Needs that were handed in, once each; of two that are the same the later counts."""
    put = [PutNeed(f"{place:06}", need) for place, need in enumerate(needs, start=1) if region in (None, need.region)]
    kept = _last_of_each(reversed(put))
    return NeedsRead(kept, Skipped(repeated=len(put) - len(kept)))


def check_region(region: str, known: Iterable[str]) -> None:
    """Refuse a region that nobody knows: a slip of the pen would look like a region without needs.

    Raises:
        NotFound: with those that are known.
    """
    regions = sorted(set(known) - {""})
    if region not in regions:
        raise NotFound("option --region", f"be one of {', '.join(regions)}", shown(region), "Or leave it out.")


def day(written: str | None, option: str) -> dt.date | None:
    """The day that an option names.

    Raises:
        Refusal: it is none.
    """
    if written is None:
        return None
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise Refusal(f"option {option}", "be a day as in 2026-01-31", shown(written), "Write year, month and day.") from None


def _summaries(log: MatchLog, region: str | None) -> Iterator[ListSummary]:
    """All lists, newest first."""
    before = None
    while page := log.lists(ListQuery(need_region=region, before=before, limit=_LISTS_AT_ONCE)):
        yield from page
        before = page[-1].number


def _is_within(moment: dt.datetime, since: dt.date | None, until: dt.date | None) -> bool:
    given = moment.astimezone(dt.UTC).date()
    return (since is None or given >= since) and (until is None or given <= until)


def _last_of_each(newest_first: Iterable[PutNeed]) -> tuple[PutNeed, ...]:
    """Without the earlier lists of a need: of the same company, with the same id or the same words.

    Of needs that do not name their company only the words tell.
    """
    groups: list[tuple[set[_Name], PutNeed]] = []
    group_of: dict[_Name, int] = {}
    for one in newest_first:
        names = _names(one.need)
        # An earlier list may join later ones: it has the id of one and the words of another.
        joined = sorted({group_of[name] for name in names if name in group_of})
        first = joined[0] if joined else len(groups)
        if not joined:
            groups.append((set(), one))
        for name in names.union(*(groups[number][0] for number in joined)):
            groups[first][0].add(name)
            group_of[name] = first
    kept = set(group_of.values())
    return tuple(one for number, (_, one) in enumerate(groups) if number in kept)


def _names(need: Need) -> set[_Name]:
    """What tells that two lists are for one need, if they share any of it."""
    company = company_key(need.company, need.country)
    names = {(company, "words", " ".join(need.whole_text.casefold().split()))}
    if company and need.need_id:
        names.add((company, "id", need.need_id))
    return names
