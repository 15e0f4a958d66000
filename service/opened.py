"""What a link shows to whoever has it, and what it takes from them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from matcher.lifecycle import in_force
from matcher.links import Link, Purpose
from matcher.log import MatchHistory, Once
from matcher.records import Day, Moment, Record
from matcher.standing import Standing
from matcher.surveys import Answered, Question, SurveyAnswer, SurveyKind, questions_of
from matcher.upkeep import Entry, NewProviderStep, ProviderState
from service.company_entry import CompanyCorrection, CompanyEntries, CompanyOpened
from service.record.sql_links import SqlLinks
from service.record.sql_log import SqlMatchLog
from service.upkeep import Upkeep

SURVEYS: tuple[SurveyKind, ...] = ("after the event", "after six months")
_ALL: tuple[Purpose, ...] = (*SURVEYS, "provider entry", "company entry")


class SurveyOpened(Record):
    """A survey: which match it is about, without a word of the need, and what it asks."""

    survey: SurveyKind
    match_id: int
    provider: str
    provider_country: str
    listed_on: Day
    """The day of the list that the provider was on."""
    met_on: Day | None
    """The day the two met, where it is on record."""
    questions: tuple[Question, ...]
    answered: bool


class ProviderOpened(Record):
    """A provider's own entry, as it reads now."""

    provider_id: str
    state: ProviderState
    entry: Entry | None
    asked: Entry | None
    """How the provider itself asked it to read, where its regional partner has not recorded that yet."""
    may_ask: bool
    may_leave: bool


class Opened(Record):
    """What a link shows: one of the three, by its purpose."""

    purpose: Purpose
    expires_at: Moment
    survey: SurveyOpened | None = None
    provider: ProviderOpened | None = None
    company: CompanyOpened | None = None


class Taken(Record):
    """What was taken through a link is on record."""

    what: Literal["answer", "correction asked for", "left"]
    at: Moment


class Office(Protocol):
    """Opens the upkeep of the directory in use; only links of providers need it."""

    def __call__(self) -> Upkeep:
        """The upkeep."""


class OpenLinks:
    """Links as their holders use them."""

    def __init__(self, links: SqlLinks, log: SqlMatchLog, upkeep: Office) -> None:
        self._links = links
        self._log = log
        self._companies = CompanyEntries(log)
        self._upkeep = upkeep

    def link(self, token: str, *purposes: Purpose) -> Link:
        """What is known of a link.

        Raises:
            LinkRefused: the token opens nothing, or not this.
        """
        return self._links.opened(token, *(purposes or _ALL))

    def opened(self, token: str) -> Opened:
        """What a token shows.

        Raises:
            LinkRefused: it opens nothing.
        """
        link = self.link(token)
        told = Opened(purpose=link.purpose, expires_at=link.expires_at)
        if link.purpose == "provider entry":
            return told.model_copy(update={"provider": _provider(self._upkeep().standing(link.subject))})
        if link.purpose == "company entry":
            return told.model_copy(update={"company": self._companies.of(link)})
        history, answered = self._log.history(int(link.subject)), self._links.answered(token)
        return told.model_copy(update={"survey": _survey(link.purpose, history, answered)})

    def answer(self, token: str, answer: SurveyAnswer, once: Once | None = None) -> Taken:
        """Take the answer to a survey.

        Raises:
            LinkRefused: the token opens no such survey, or it was answered before.
        """
        given: Answered = self._links.answer(token, answer, once)
        return Taken(what="answer", at=given.answered_at)

    def ask(self, token: str, entry: Entry, once: Once | None = None) -> Taken:
        """Put on record how a provider asks its entry to read; its regional partner records the correction, or does not.

        Raises:
            LinkRefused: the token opens no provider's entry.
            Refusal: the entry is of another provider, or moves to another region.
            StepRefused: nothing can be asked for now.
        """
        link = self.link(token, "provider entry")
        upkeep = self._upkeep()
        told = upkeep.check_asked(entry, link.subject)
        new = NewProviderStep(provider_id=link.subject, kind="asked", entry=told)
        return Taken(what="correction asked for", at=_recorded(upkeep, new, link, once))

    def ask_company(self, token: str, correction: CompanyCorrection, once: Once | None = None) -> Taken:
        """Put on record what a company says is wrong with what is on record about it; its regional partner answers.

        Raises:
            LinkRefused: the token opens no company's entry.
            NotFound: the list or the match is not one that the link shows.
            StepRefused: too many corrections wait, or the words of the list were erased.
        """
        link = self.link(token, "company entry")
        note = self._companies.ask(link, correction, f"link {link.link_id}", once)
        return Taken(what="correction asked for", at=note.written_at)

    def leave(self, token: str, once: Once | None = None) -> Taken:
        """A provider leaves the directory: it is on no new list from now on.

        Raises:
            LinkRefused: the token opens no provider's entry.
            StepRefused: it has left already.
        """
        link = self.link(token, "provider entry")
        new = NewProviderStep(provider_id=link.subject, kind="left", reason="told by the provider itself")
        return Taken(what="left", at=_recorded(self._upkeep(), new, link, once))


def _survey(survey: SurveyKind, history: MatchHistory, answered: bool) -> SurveyOpened:
    match = history.match
    met = [step.happened for step in in_force(history.steps) if step.kind == "met"]
    return SurveyOpened(
        survey=survey,
        match_id=match.match_id,
        provider=match.match.name,
        provider_country=match.match.country,
        listed_on=match.created_at.date(),
        met_on=met[-1] if met else None,
        questions=questions_of(survey),
        answered=answered,
    )


def _provider(standing: Standing) -> ProviderOpened:
    # Made of what was checked; an index's records are not checked again.
    return ProviderOpened.model_construct(
        provider_id=standing.provider_id,
        state=standing.state,
        entry=standing.entry,
        asked=standing.asked,
        may_ask="asked" in standing.may_follow,
        may_leave="left" in standing.may_follow,
    )


def _recorded(upkeep: Upkeep, new: NewProviderStep, link: Link, once: Once | None) -> datetime:
    return upkeep.step(new, f"link {link.link_id}", once=once).recorded_at
