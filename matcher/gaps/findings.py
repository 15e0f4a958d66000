"""What a gap analysis finds. Holds no need text and no company; titles only where they were asked for."""

from __future__ import annotations

from typing import Literal

from matcher.gaps.nearest import NearProvider, NearRegion
from matcher.rates import Rate
from matcher.records import Record

ThemeKind = Literal["wait", "ask first", "pitch event", "webinar", "recruit"]


class Theme(Record):
    """What to do about a gap, and why."""

    kind: ThemeKind
    reason: str


class Member(Record):
    """An unmet need of a gap, for own use only."""

    need_id: str
    title: str
    region: str
    country: str
    expected: float
    line: float


class Gap(Record):
    """A subject with unmet needs."""

    number: int
    """From 1, in the order of the report."""
    label: str
    """Words that at least two companies use; empty where there are none."""
    label_language: str
    like: str
    """The ordinary need of the shipped bank that it is nearest to; empty where none is near."""
    is_anecdote: bool
    """There are too few needs or companies to speak of a gap."""
    unmet: Rate
    """Of the needs on the subject, those without a good provider abroad."""
    of_all: Rate
    """Unmet needs on the subject, of all needs of the analysis."""
    companies: int
    """Behind the unmet needs, at least."""
    why: dict[str, int]
    """Reason → unmet needs (`matcher.gaps.unmet.Why`)."""
    near_line: int
    """Unmet needs that another wording might have put over the line."""
    at_home: int
    """Unmet needs whose nearest provider of all is in the company's own country."""
    in_question: float
    """Median number of providers abroad, among the first, that are as probable as a list requires."""
    fields: dict[str, int]
    """Category sought → unmet needs; `any` for those that name none. A need may seek several."""
    regions: dict[str, int]
    """Region that asks → unmet needs."""
    countries: dict[str, int]
    nearest: tuple[NearProvider, ...]
    recruit: tuple[NearRegion, ...]
    theme: Theme
    title: str = ""
    """Of the most central unmet need."""
    members: tuple[Member, ...] = ()


class Cell(Record):
    """Needs of a region that seek a category."""

    region: str
    field: str
    unmet: Rate


class Point(Record):
    """One need, or one ordinary need, where it lies beside its line."""

    language: str
    expected: float
    is_unmet: bool


class Alike(Record):
    """How often one need, put in two languages, is judged alike."""

    pairs: Rate
    """Of pairs of two languages of one need, those judged alike."""
    by_chance: float
    """What the share would be if each wording were judged by a throw of dice."""


class Reworded(Record):
    """What becomes of the sample needs when they are put in other languages."""

    needs: int
    languages: tuple[str, ...]
    on_one_subject: int
    """Needs whose wordings in all languages fall on one subject."""
    alike: Alike


class Skipped(Record):
    """What is not among the needs, and why."""

    erased: int = 0
    """Lists whose need was erased."""
    repeated: int = 0
    """Lists for a need that the same company put again later; the last one counts."""


class GapAnalysis(Record):
    """All findings."""

    source: str
    """Where the needs come from, in words."""
    needs: int
    companies: int
    """At least."""
    skipped: Skipped
    k: int
    """Providers abroad that count for a need."""
    least_probability: float
    unmet: Rate
    why: dict[str, int]
    """Reason → unmet needs (`matcher.gaps.unmet.Why`)."""
    near_line: int
    """Needs on either side that lie so near their line that another wording might have put them on the other."""
    lines: dict[str, float]
    """Language → expected number under which a need is unmet."""
    line_overall: float
    ordinary_unmet: Rate
    """Of the bank's ordinary needs, in all languages and from all countries, by the same rules."""
    ordinary_alike: Alike
    ordinary: tuple[Point, ...]
    """What ordinary needs get, on average over the countries that they are asked from."""
    expected: tuple[Point, ...]
    """What the needs get; in order of language and number, so that none can be told."""
    subjects: int
    """On how many subjects all the needs are."""
    gaps: tuple[Gap, ...]
    """Largest first, anecdotes last."""
    cells: tuple[Cell, ...]
    reworded: Reworded | None = None
    shows_titles: bool = False
