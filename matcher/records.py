"""The records of the domain: frozen, typed, checked when they are made from outside values."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from embeddings.errors import Refusal
from embeddings.language import UNKNOWN
from matcher.fields import LONGEST_NEED as LONGEST_NEED
from matcher.fields import MOST_MATCHES as MOST_MATCHES
from matcher.fields import WHOLE, Count, Language, LogOdds, NeedText, PositiveLogOdds, Several
from matcher.fields import Country as Country
from matcher.fields import Day as Day
from matcher.fields import Line as Line
from matcher.fields import Moment as Moment
from matcher.fields import Signature as Signature

Category = Literal["technology", "finance", "commercial"]
NeedKind = Literal["expertise", "collaboration"]
EvidenceKind = Literal["project", "investment", "service"]
CATEGORIES: tuple[str, ...] = get_args(Category)


class Record(BaseModel):
    """Frozen; a field that does not exist is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Provider(Record):
    """An organisation of the directory that offers something."""

    provider_id: Annotated[Line, Field(min_length=1, max_length=100)]
    name: Annotated[Line, Field(min_length=1)]
    category: Category
    country: Country
    city: Line = ""
    region: Line = ""
    """Id of the programme's region that vets it."""
    nuts: Line = ""
    """NUTS code of the place, as far as known."""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    url: Line = ""
    source_ids: Line = ""
    """Identifiers in the sources, separated by semicolons, each `scheme:id`."""
    summary: Annotated[str, Field(max_length=5_000), WHOLE] = ""
    summary_language: Language = UNKNOWN


class Evidence(Record):
    """One dated, checkable fact about a provider."""

    evidence_id: Annotated[Line, Field(min_length=1, max_length=300)]
    provider_id: Annotated[Line, Field(min_length=1, max_length=100)]
    kind: EvidenceKind
    title: Annotated[str, Field(min_length=1, max_length=2_000), WHOLE]
    topics: Annotated[str, Field(max_length=5_000), WHOLE] = ""
    """Subjects, separated by semicolons."""
    description: Annotated[str, Field(max_length=20_000), WHOLE] = ""
    """What it was about, in whoever's words."""
    year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    role: Line = ""
    reference: Line = ""
    """An address where the fact can be looked up."""
    language: Language = "en"
    date: Day | None = None
    """Day it began, where known exactly; evidence counts only for needs of a later day when quality is evaluated."""


class Need(Record):
    """What a company is looking for, in its own words and language."""

    text: NeedText
    country: Country
    """The company's country."""
    title: Line = ""
    kind: NeedKind | None = None
    language: Language | None = None
    """Guessed from the text where it is not given."""
    region: Line = ""
    """Id of the programme's region that serves the company."""
    company: Line = ""
    company_url: Line = ""
    company_ids: Several[Line] = ()
    """Identifiers of the company as in `Provider.source_ids`, so that it is never matched with itself."""
    categories: Several[Category] = ()
    """Categories sought; empty means any."""
    need_id: Line = ""
    asked_on: Day | None = None
    """Day the need was put. Only used when quality is evaluated on past needs."""

    @property
    def whole_text(self) -> str:
        """Title and text as they are matched."""
        return f"{self.title}. {self.text}" if self.title else self.text


class Filters(Record):
    """Who may be on the list. Applied inside the search, so that a filter never empties a list that had answers."""

    categories: Several[Category] = ()
    """Wanted categories; empty takes those of the need."""
    countries: Several[Country] = ()
    excluded_countries: Several[Country] = ()
    regions: Several[Line] = ()
    excluded_providers: Several[Line] = ()
    known_contacts: Literal["note", "leave out"] = "note"
    """Providers that the company has met before, or is in contact with, by the record: told on the list, or left out."""


class Floor(Record):
    """At least `at_least` of the first `of_first` are in another country, as far as there are any."""

    at_least: Count
    of_first: Count

    @model_validator(mode="after")
    def _fits(self) -> Floor:
        if self.at_least > self.of_first:
            wanted = f"have at_least no greater than of_first ({self.of_first})"
            raise Refusal("floor", wanted, str(self.at_least), "Lower at_least.")
        return self


class BorderPolicy(Record):
    """How much a provider in another country is favoured.

    `favour` adds `beta` to the log-odds of a foreign provider: it outranks a domestic one whose odds are up to
    e^beta times better. `neutral` adds nothing. `require` leaves domestic providers out.
    """

    mode: Literal["require", "favour", "neutral"] = "favour"
    beta: PositiveLogOdds = 1.0
    """Log-odds; used by `favour` only. The default is explained in docs/decisions/0003-border-bonus.md."""
    floor: Floor | None = None


class Preferences(Record):
    """Further preferences, in log-odds; each is off by default and a part of the score with its own name."""

    shared_language: LogOdds = 0.0
    """For a provider in a country where the need's language is official."""
    neighbour: LogOdds = 0.0
    """For a provider in a country that borders on the company's."""
    nearness: LogOdds = 0.0
    """Lost for each 100 km between the company's region and the provider's town."""
    diversity: LogOdds = 0.0
    """Lost by a provider whose subjects are those of one listed before it, in proportion to their likeness."""


class MatchRequest(Record):
    """A need and the terms under which it is to be matched."""

    need: Need
    filters: Filters = Filters()
    policy: BorderPolicy = BorderPolicy()
    preferences: Preferences = Preferences()
    k: Count = 10
    """Length of the list."""


class ScorePart(Record):
    """A named number of the score, in log-odds."""

    name: str
    value: float


class SpokenEvidence(Record):
    """A passage that spoke for the provider, beside the sentence of the need that it answers."""

    evidence_id: str
    """Empty for the provider's profile and for a portfolio as a whole."""
    kind: Literal["profile", "project", "investment", "service"]
    text: str
    language: str
    year: int | None
    role: str
    reference: str
    contribution: float
    """How much lower the score would be without it, in log-odds."""
    similarity: float
    """Cosine between the need and the passage."""
    need_sentence: str
    terms: tuple[str, ...]
    """Words that need and passage share, as the need writes them."""


class Match(Record):
    """A ranked candidate."""

    rank: int
    provider_id: str
    name: str
    category: Category
    country: str
    city: str
    region: str
    url: str
    cross_border: bool
    score: float
    parts: tuple[ScorePart, ...]
    """Add up to `score` exactly, in this order."""
    probability: float | None = None
    """That the provider is one of the company's partners, by the relevance model; the border policy has no part in it.
    `None` in lists from before there was a model."""
    evidence: tuple[SpokenEvidence, ...]
    because: tuple[str, ...] = ()
    """What else spoke for it, in words: whom the need names, and earlier projects with the company."""
    contact: Line = ""
    """In words, where the company knows the provider already: that and how they met, as far as the record tells."""
    signals: tuple[float, ...] = ()
    """What the relevance model was given, in the order of `matcher.relevance.SIGNALS`; empty in lists from before. What
    becomes of the match is learned from these, whatever the engine would see today."""


class Considered(Record):
    """How many providers there were, and what each step left out: the cause when a list is short."""

    directory: int
    own_organisation: int
    filtered_out: int
    domestic_left_out: int
    """By the policy `require`."""
    known_contacts: int = 0
    """Left out because the company knows them already."""
    off_lists: int = 0
    """Left out because they are on no new list: suspended, expired, or gone from the directory."""
    candidates: int


class MatchList(Record):
    """The answer to one need under one policy."""

    request: MatchRequest
    language: str
    """The need's language, given or guessed; `und` where it could not be told."""
    verdict: Literal["matches", "no good match"]
    notes: tuple[str, ...]
    considered: Considered
    matches: tuple[Match, ...]
    engine: str
    """Fingerprint of everything that produced the list; its components are in the match log."""
