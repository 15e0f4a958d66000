"""How a provider of the directory stands, and which ones have not been looked at for long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from matcher.records import Day, Evidence, Record
from matcher.upkeep import (
    MAY_FOLLOW,
    ON_LISTS,
    Entry,
    ProviderState,
    ProviderStep,
    corrections_waiting,
    entry_in_force,
    state_of_provider,
)


class Standing(Record):
    """A provider, how it stands, and what happened to it."""

    provider_id: str
    state: ProviderState
    region: str
    """The programme's region that looks after it; empty where none does."""
    may_follow: tuple[str, ...]
    """The steps that may come now."""
    entry: Entry | None
    """How it reads. `None` where it is in the files no longer, and nobody has told it since."""
    asked: Entry | None
    """How the provider itself asked it to read, where nobody has recorded that yet."""
    steps: tuple[ProviderStep, ...]

    @property
    def name(self) -> str:
        """Its name as far as known, else its id."""
        return self.provider_id if self.entry is None else self.entry.provider.name

    @property
    def newest(self) -> Day | None:
        """The day of its newest evidence or step, what the provider itself asks for left out; `None` if there is none."""
        days = [day for one in (self.entry.evidence if self.entry else ()) if (day := last_day(one)) is not None]
        days += [step.happened_on or step.recorded_at.date() for step in self.steps if step.kind != "asked"]
        return max(days, default=None)


def standing_of(provider_id: str, steps: Sequence[ProviderStep], filed: Entry | None) -> Standing:
    """How a provider stands.

    Args:
        provider_id: its id.
        steps: all of it in order of recording.
        filed: how the directory in use tells it.
    """
    entry = entry_in_force(steps, filed)
    state, waiting = state_of_provider(steps), corrections_waiting(steps)
    region = steps[-1].region if steps else "" if entry is None else entry.provider.region
    # Built from records that were checked: those of an index are not checked again.
    return Standing.model_construct(
        provider_id=provider_id,
        state=state,
        region=region,
        may_follow=MAY_FOLLOW[state],
        entry=entry,
        asked=waiting[-1].entry if waiting else None,
        steps=tuple(steps),
    )


def last_day(evidence: Evidence) -> Day | None:
    """The last day on which evidence may have come about: its date, or the end of its year."""
    if evidence.date is not None:
        return evidence.date
    return None if evidence.year is None else date(evidence.year, 12, 31)


def overdue(standings: Iterable[Standing], before: date) -> Iterator[Standing]:
    """Those on lists of which nothing is newer than that day; whose evidence has no day are among them.

    Args:
        standings: of providers.
        before: the first day that is new enough.
    """
    for one in standings:
        if one.state in ON_LISTS and (one.newest is None or one.newest < before):
            yield one
