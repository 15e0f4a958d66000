"""What the programme's report tells, as plain records. Sums of money are whole cents."""

from __future__ import annotations

from matcher.indicators import PairCounts
from matcher.rates import Rate
from matcher.records import Moment, Record
from matcher.surveys import SurveyKind

FEW = 10
"""A share of fewer than this many is told as one of few, wherever it is shown."""
TOTAL = "total"
NOT_TOLD = "not told"
"""Stands for the kind of a need that names none."""


class Granted(Record):
    """Incentives given: granted, and neither withdrawn nor lapsed after that."""

    count: int
    granted: int
    """What was granted for them."""
    paid: int
    """What was paid of that so far."""
    by_incentive: dict[str, int]
    by_need_kind: dict[str, int]
    """`expertise`, `collaboration`, or `not told`."""


class GrantFigures(Record):
    """Incentives given, in total and by each of four ways to tell them apart; each way adds up to the total."""

    total: Granted
    by_incentive: dict[str, Granted]
    by_region: dict[str, Granted]
    by_call: dict[str, Granted]
    by_need_kind: dict[str, Granted]


class ApplicationCounts(Record):
    """Applications by what became of them; all but the first and the last two add up to the first."""

    handed_in: int = 0
    undecided: int = 0
    granted: int = 0
    """And neither withdrawn nor lapsed after that."""
    rejected: int = 0
    withdrawn: int = 0
    """Before they were decided."""
    given_back: int = 0
    """Withdrawn or lapsed after the grant: its money can be granted again."""
    requested: int = 0
    """Cents that all of them asked for."""
    overdue: int = 0
    """Something is due of them, and its last day is past."""


class Flow(Record):
    """Cross-border matches from one country to another."""

    company_country: str
    provider_country: str
    count: int


class RegionFlow(Record):
    """Cross-border matches from one region to another; a region that nobody told is `not told`."""

    company_region: str
    provider_region: str
    company_country: str
    provider_country: str
    count: int


class FunnelStep(Record):
    """One step from a match list to an agreement."""

    name: str
    count: int
    of_before: Rate | None = None
    """Those of the step before that came to this one too; nothing for the first, and where it is no share."""
    per_before: float | None = None
    """How many for one of the step before, where that is no share."""


class Answers(Record):
    """What those said who were asked, each company and provider counted once, by the latest answer."""

    response: Rate
    """Answered, of those that were asked."""
    yes: int
    no: int
    cannot_say: int
    wishes: Rate
    """`yes`, of `yes` and `no`."""


class WishFigures(Record):
    """Whether companies wish to continue with their new partners."""

    total: Answers
    by_region: dict[str, Answers]
    by_survey: dict[SurveyKind, Answers]


class AdditionalityFigures(Record):
    """Whether cooperations would have come about without the programme, by the latest outcome of each company and provider."""

    no: int
    yes: int
    cannot_say: int
    would_not: Rate
    """`no`, of `no` and `yes`."""


class Absorbed(Record):
    """How much of a budget is used."""

    budget: int = 0
    granted: int = 0
    """Granted for incentives given; what was not paid of that in the end is in `left` again."""
    reserved: int = 0
    """Granted and not paid yet."""
    paid: int = 0
    left: int = 0
    used_share: float | None = None
    """Reserved and paid, of the budget; nothing where there is no budget."""
    paid_share: float | None = None


class AccountAbsorbed(Absorbed):
    """How much one region used of its budget in one call."""

    region_id: str
    call_id: str


class AbsorptionFigures(Record):
    """Budgets. A region's own may be more than its calls have: what is not divided among them is in its `left`."""

    total: Absorbed
    by_region: dict[str, Absorbed]
    by_call: dict[str, Absorbed]
    by_account: tuple[AccountAbsorbed, ...]


class Span(Record):
    """Days over several applications; nothing where there are none."""

    n: int = 0
    median: float | None = None
    shortest: int | None = None
    longest: int | None = None


class SpanFigures(Record):
    """Days from the application to a step."""

    total: Span
    by_call: dict[str, Span]


class ProgrammeReport(Record):
    """The figures of a programme, or of one region of it. No need's words, no company's name."""

    programme_id: str
    name: str
    version: str
    """Of the rules in force."""
    simulated: bool
    """Something in it is made up: wherever it is shown it must say so."""
    region: str | None
    """Told of this region alone; `None`: of all."""
    as_of: Moment
    incentives: dict[str, str]
    """Id → name; so with the next two."""
    regions: dict[str, str]
    calls: dict[str, str]
    grants: GrantFigures
    applications: dict[str, ApplicationCounts]
    """By call; `total` is all of them."""
    cross_border: PairCounts
    domestic: int
    """Companies and providers of one country that were introduced: counted here and nowhere else."""
    flows: tuple[Flow, ...]
    """The strongest first."""
    region_flows: tuple[RegionFlow, ...]
    """The strongest first."""
    funnel: tuple[FunnelStep, ...]
    wish: WishFigures
    additionality: AdditionalityFigures
    absorption: AbsorptionFigures
    to_decision: SpanFigures
    to_payment: SpanFigures
