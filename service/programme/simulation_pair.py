"""What happens to one company and one provider in the simulated history, from the introduction to the last survey."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from matcher.lifecycle import Anyway, Rating, Reason, Result
from matcher.programme.applicant import Accounts, Applicant
from matcher.programme.application import NewApplication
from matcher.surveys import SurveyAnswer
from service.programme.simulation_course import Course
from service.programme.simulation_plan import MEET, PlannedApplication, PlannedCompany, PlannedPair, Random, Wish

Choice = TypeVar("Choice")
_MILLION = 100_000_000
_REASONS: tuple[Reason, ...] = ("terms", "no capacity", "too early", "wrong field", "already in contact")
_RESULTS: Mapping[Wish, tuple[Result, ...]] = {
    "yes": ("agreement reached", "agreement reached", "negotiating", "valuable", "knowledge gain"),
    "no": ("no contact", "knowledge gain", "knowledge gain"),
    "cannot say": ("knowledge gain", "negotiating", "valuable"),
}
_RATINGS: Mapping[Wish, tuple[Rating, ...]] = {
    "yes": ("cooperation possible", "cooperation possible", "cooperation possible", "informative, no cooperation"),
    "no": ("insufficient interest", "informative, no cooperation", "informative, no cooperation"),
    "cannot say": ("informative, no cooperation", "cooperation possible"),
}
_ANYWAY: tuple[Anyway, ...] = (*("no",) * 7, *("yes",) * 2, "cannot say")
_TO_DECIDE, _HALF_A_YEAR = 52, 182
"""Days; a weekend is put on top, and the rules allow 60."""


class PairCourse:
    """One company and one provider."""

    def __init__(self, course: Course, company: PlannedCompany, pair: PlannedPair, match_id: int, random: Random) -> None:
        self._course, self._company, self._pair = course, company, pair
        self._match_id, self._random = match_id, random
        self._partner = f"simulated partner of {company.region_id}"
        self._applicant = self._figures()

    def begin(self) -> None:
        """They are introduced some days after today."""
        self._later(2, 14, self._introduced)

    def _introduced(self) -> None:
        self._course.step(self._match_id, "introduced", self._partner)
        self._later(5, 20, self._accepted if self._pair.accepts else self._declined)

    def _declined(self) -> None:
        self._course.step(self._match_id, "declined", self._partner, reason=self._one_of(_REASONS))

    def _accepted(self) -> None:
        self._course.step(self._match_id, "accepted", self._partner)
        applications = self._pair.applications
        if applications:
            first = applications[0]
            opens = first.call.opens.date()
            self._course.on(max(self._day(2, 12), opens + self._days(1, 8)), lambda: self._hand_in(first))
        if self._pair.meets and not (applications and applications[0].incentive_id == MEET and applications[0].fate == "paid"):
            self._later(4, 30, self._met)

    def _hand_in(self, planned: PlannedApplication) -> None:
        new = NewApplication(
            match_id=self._match_id,
            call_id=planned.call.call_id,
            incentive_id=planned.incentive_id,
            region_id=self._company.region_id,
            requested=planned.amount,
            applicant=self._applicant,
        )
        number, closes = self._course.hand_in(new, self._partner), planned.call.closes.date()
        if planned.fate == "withdrawn":
            self._course.on(closes + self._days(1, 15), lambda: self._course.decide(number, "withdrawn", self._partner))
            return
        for assessor in ("assessor 1", "assessor 2"):
            self._course.on(closes + self._days(3, 18), lambda code=assessor: self._assess(number, planned, code))  # type: ignore[misc]
        self._course.on(closes + self._days(22, _TO_DECIDE), lambda: self._decide(number, planned))

    def _assess(self, number: int, planned: PlannedApplication, assessor: str) -> None:
        low, high = (0.1, 0.6) if planned.fate == "rejected" else (0.6, 1.0)
        scores = {
            one.criterion_id: int(
                self._random.integers(round(low * one.most), round(high * one.most) + (planned.fate != "rejected"))
            )
            for one in self._course.criteria
        }
        self._course.decide(number, "assessed", assessor=assessor, scores=scores)

    def _decide(self, number: int, planned: PlannedApplication) -> None:
        if planned.fate == "rejected":
            self._course.decide(number, "rejected", reason="Simulated: below the pass mark.")
            return
        self._course.decide(number, "granted", amount=planned.amount)
        if planned.fate == "lapsed":
            self._later(31, 60, lambda: self._course.decide(number, "lapsed", reason="Simulated: not signed in time."))
            return
        self._later(4, 25, lambda: self._signed(number, planned))

    def _signed(self, number: int, planned: PlannedApplication) -> None:
        self._course.decide(number, "signed")
        if planned.incentive_id != MEET:
            self._later(110, 330, lambda: self._reported(number, planned))
            return
        meeting = self._day(5, 35)
        self._course.on(meeting, self._met)
        self._course.on(meeting + self._days(8, 40), lambda: self._reported(number, planned))

    def _reported(self, number: int, planned: PlannedApplication) -> None:
        self._course.decide(number, "reported")
        self._later(10, 52, lambda: self._course.decide(number, "paid", amount=planned.paid))

    def _met(self) -> None:
        for planned in self._pair.applications[1:]:
            opens = planned.call.opens.date()
            self._course.on(max(self._day(2, 9), opens + self._days(1, 60)), lambda one=planned: self._hand_in(one))  # type: ignore[misc]
        wish = self._pair.wish
        answers_at_once = wish is not None and self._random.random() < 0.7
        if not answers_at_once:
            rating = self._one_of(_RATINGS[wish or "yes"])
            self._course.step(self._match_id, "met", self._partner, rating=rating)
        self._later(2, 8, lambda: self._asked_after_the_event(answers_at_once))

    def _asked_after_the_event(self, answers: bool) -> None:
        token = self._course.ask(self._match_id, self._company.region_id, "after the event", self._partner)
        wish = self._pair.wish
        # Who answers at once need not do so again; who does not answers half a year later, or never.
        answers_again = wish is not None and (not answers or self._random.random() < 0.75)
        if answers and wish is not None:
            said: Wish = "cannot say" if answers_again and self._random.random() < 0.12 else wish
            told = SurveyAnswer(survey="after the event", rating=self._one_of(_RATINGS[said]), wishes_to_continue=said)
            self._later(1, 30, lambda: self._course.answer(token, told))
        self._later(_HALF_A_YEAR, _HALF_A_YEAR + 12, lambda: self._asked_after_six_months(answers_again))

    def _asked_after_six_months(self, answers: bool) -> None:
        token = self._course.ask(self._match_id, self._company.region_id, "after six months", self._partner)
        wish = self._pair.wish
        if not answers or wish is None:
            return
        told = SurveyAnswer(
            survey="after six months",
            result=self._one_of(_RESULTS[wish]),
            anyway=self._one_of(_ANYWAY),
            wishes_to_continue=wish,
        )
        self._later(1, 40, lambda: self._course.answer(token, told))

    def _figures(self) -> Applicant:
        """Of a company that is small or medium-sized whatever is drawn."""
        staff = float(self._random.integers(2, 120))
        turnover = int(staff * self._random.integers(6, 16)) * _MILLION // 100
        year = self._company.call.opens.year - 1
        periods = (
            Accounts(year=one, headcount=staff, turnover=turnover, balance_sheet=turnover // 2) for one in (year - 1, year)
        )
        return Applicant(accounts=tuple(periods), de_minimis=100_000 * int(self._random.integers(0, 60)))

    def _one_of(self, choices: Sequence[Choice]) -> Choice:
        return choices[int(self._random.integers(len(choices)))]

    def _days(self, low: int, high: int) -> timedelta:
        return timedelta(days=int(self._random.integers(low, high + 1)))

    def _day(self, low: int, high: int) -> date:
        return self._course.today + self._days(low, high)

    def _later(self, low: int, high: int, action: Callable[[], None]) -> None:
        self._course.on(self._day(low, high), action)
