"""What a company sees through its link of what is on record about it, and what it says is wrong with that."""

from __future__ import annotations

import re

from embeddings.errors import shown
from matcher.companies import company_key
from matcher.errors import NotFound
from matcher.lifecycle import State
from matcher.links import Link
from matcher.log import ListQuery, ListSummary, MatchLog, MatchQuery, Once
from matcher.notes import ANSWERS, NewNote, Note, NoteKind, NoteText
from matcher.records import Line, Moment, Record
from service.record.sql_log import SqlMatchLog
from service.record.sql_notes import SqlNotes

_COMPANY = re.compile(r"([A-Z]{2}):(.*\S.*)")
MOST_LISTS = 500
"""Lists of a company that its link shows, the newest."""


class CompanyMatch(Record):
    """A match of a company, and how it stands."""

    match_id: int
    rank: int
    provider_id: str
    provider: str
    provider_country: str
    state: State


class CorrectionShown(Record):
    """A correction that was asked for, and what became of it."""

    match_id: int | None
    """The match it is about; the whole list where there is none."""
    asked_at: Moment
    text: str | None
    """What was asked; only where it was asked through this link, for who has another might be somebody else."""
    stands: NoteKind
    """`correction asked`: it waits."""
    answer: str = ""
    """What the regional partner says to it."""


class CompanyList(Record):
    """A match list that was made for a company."""

    list_id: str
    made_at: Moment
    verdict: str
    matches: tuple[CompanyMatch, ...]
    corrections: tuple[CorrectionShown, ...] = ()
    """Asked for through any link of the company, in order."""


class CompanyOpened(Record):
    """What is on record about a company, newest first."""

    company: str
    country: str
    lists: tuple[CompanyList, ...]
    complete: bool
    """Whether these are all its lists."""


class CompanyCorrection(Record):
    """What a company says is wrong."""

    list_id: Line
    match_id: int | None = None
    """The match it is about; the whole list where there is none."""
    text: NoteText


class CompanyEntries:
    """Companies' entries, as links show them."""

    def __init__(self, log: SqlMatchLog) -> None:
        self._log = log
        self._notes = SqlNotes(log)

    def of(self, link: Link) -> CompanyOpened:
        """What is on record about the company that a link is for."""
        country, company = company_of(link.subject)
        found = company_lists(self._log, country, company, link.region or None)
        shown_lists = found[:MOST_LISTS]
        states = {one.match.match_id: one.state for one in self._log.histories_of(company, country)}
        notes = self._notes.of_lists([one.list_id for one in shown_lists])
        lists = tuple(self._list(one, states, notes.get(one.list_id, []), link) for one in shown_lists)
        return CompanyOpened(company=company, country=country, lists=lists, complete=len(found) <= MOST_LISTS)

    def ask(self, link: Link, correction: CompanyCorrection, by: str, once: Once | None = None) -> Note:
        """Put on record what a company says is wrong.

        Raises:
            NotFound: the list or the match is not one that the link shows.
            StepRefused: too many corrections wait, or the words of the list were erased.
        """
        country, company = company_of(link.subject)
        found = company_lists(self._log, country, company, link.region or None)
        if correction.list_id not in {one.list_id for one in found[:MOST_LISTS]}:
            raise NotFound("match list", "be one that the link shows", shown(correction.list_id), "Open the link again.")
        return self._notes.write(NewNote(kind="correction asked", **correction.model_dump()), by, once)

    def _list(self, summary: ListSummary, states: dict[int, State], notes: list[Note], link: Link) -> CompanyList:
        matches = self._log.matches(MatchQuery(list_id=summary.list_id, limit=1000))
        told = tuple(
            CompanyMatch(
                match_id=one.match_id,
                rank=one.match.rank,
                provider_id=one.match.provider_id,
                provider=one.match.name,
                provider_country=one.match.country,
                state=states.get(one.match_id, "proposed"),
            )
            for one in matches
        )
        return CompanyList(
            list_id=summary.list_id,
            made_at=summary.created_at,
            verdict=summary.verdict,
            matches=told,
            corrections=tuple(_corrections(notes, f"link {link.link_id}")),
        )


def _corrections(notes: list[Note], by: str) -> list[CorrectionShown]:
    answers = {one.answers: one for one in notes if one.kind in ANSWERS}
    return [
        CorrectionShown(
            match_id=asked.match_id,
            asked_at=asked.written_at,
            text=asked.text if asked.written_by == by else None,
            stands=answers[asked.note_id].kind if asked.note_id in answers else asked.kind,
            answer=answers[asked.note_id].text if asked.note_id in answers else "",
        )
        for asked in notes
        if asked.kind == "correction asked"
    ]


def company_of(subject: str) -> tuple[str, str]:
    """Country and name of a link's company.

    Raises:
        NotFound: it is not of the form `NL:its name`.
    """
    form = _COMPANY.fullmatch(subject)
    if form is None:
        raise NotFound("company", "be its country, a colon and its name", shown(subject), "For instance NL:Example BV.")
    return form[1], form[2]


def company_lists(log: MatchLog, country: str, company: str, region: str | None) -> list[ListSummary]:
    """The newest lists of a company, at most one more than a link shows.

    Args:
        log: the record.
        country: the company's.
        company: its name in any spelling.
        region: of the lists; `None` for all.
    """
    if not company_key(company, country):
        return []
    found: list[ListSummary] = []
    before = None
    # A company of that name in another country has lists under the same name.
    while len(found) <= MOST_LISTS:
        page = log.lists(ListQuery(company=company, need_region=region, before=before, limit=MOST_LISTS + 1))
        found += [one for one in page if one.country == country]
        if len(page) <= MOST_LISTS:
            break
        before = page[-1].number
    return found[: MOST_LISTS + 1]
