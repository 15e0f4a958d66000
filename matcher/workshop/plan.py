"""A plan as it comes out: who meets whom, when and where, and how good that is."""

from __future__ import annotations

from typing import Literal

from matcher.records import Record


class Meeting(Record):
    """A company and a provider (or another company) at a table in a slot."""

    company_id: str
    provider_id: str
    """In an event of companies only: the other company."""
    slot_id: str
    table: int
    """From 1."""
    probability: float
    """That it is useful, as the relevance model says."""
    value: float
    """The same with the border policy and a wish on its odds: what the plan adds up."""
    cross_border: bool
    wished: bool
    """By either, `must` included."""
    fixed: bool = False


class Quality(Record):
    """How good a plan is, and how good one could be."""

    meetings: int
    cross_border: int
    useful: float
    """Meetings expected to be useful: the sum of probabilities."""
    value: float
    """What was made as great as can be: the sum of values."""
    bound: float
    """No plan under the same rules has a greater value."""
    gap: float
    """(bound - value) / bound, from 0; 0 is the proven optimum."""
    worst_served: float
    """Value of the company that has least of it."""
    worst_served_bound: float
    """No plan serves its worst-served company better."""
    largest_provider_load: int
    seconds: float
    proven: Literal["optimal", "bound"]
    """`optimal`: nothing is better. `bound`: nothing is better by more than the gap."""
    stopped: bool = False
    """By the time limit: the best plan so far."""


class Plan(Record):
    """Who meets whom."""

    event: str
    meetings: tuple[Meeting, ...]
    """In order of slot, then table."""
    quality: Quality
    notes: tuple[str, ...] = ()
