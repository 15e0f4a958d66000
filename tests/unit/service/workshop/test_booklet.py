from __future__ import annotations

import re
from html.parser import HTMLParser

from service.workshop.booklet import booklet
from service.workshop.final import next_version
from service.workshop.plan_file import PlannedEvent
from service.workshop.programme import Programme
from tests.unit.service.workshop.planned_events import (
    SLOTS,
    event,
    final,
    final_programme,
    meeting,
    participants,
    planned,
    programme,
    slot,
)


class _Outline(HTMLParser):
    """Elements that are open at the end, ids, and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.open.append(tag)
        self.ids += [one for one in [told.get("id")] if one]
        self.links += [one for one in [told.get("href"), told.get("src")] if one]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(page: str) -> _Outline:
    found = _Outline()
    found.feed(page)
    return found


def page_of(whole: str, name: str) -> str:
    """What the page of that participant says, without markup."""
    (section,) = [part for part in whole.split("<section")[3:] if f">{name}</h2>" in part]
    text = re.sub(r"<[^>]+>", " ", section)
    return re.sub(r"\s+", " ", text)


def test_every_participant_has_a_page_that_the_overview_leads_to() -> None:
    found = outline(booklet(programme()))
    assert found.open == []
    assert len(set(found.ids)) == len(found.ids)
    assert [one for one in found.links if one.startswith("#") and one[1:] not in found.ids] == []
    assert len([one for one in found.links if one.startswith("#participant-")]) == 4


def test_a_page_says_when_where_with_whom_and_why() -> None:
    whole = booklet(programme())
    mine = page_of(whole, "Lungs BV")
    assert "Netherlands, 1 meeting" in mine
    assert "09:30–09:50 1 Bruno Institute (DE) wished for" in mine
    assert "Your question: We look for inhalation toxicology with lung models." in mine
    assert "Speaks for them: Lung on a chip &lt;i&gt;for&lt;/i&gt; inhalation toxicology example.org/b1" in mine
    assert "Also: the need names Germany" in mine
    theirs = page_of(whole, "Bruno Institute")
    assert "Looks for: Lung models. We look for inhalation toxicology with lung models." in theirs
    assert "Your work that fits: Lung on a chip" in theirs


def test_free_time_and_breaks_are_lines_of_their_own() -> None:
    assert "09:55–10:15 free 10:15–13:00 break 13:00–13:20 free" in page_of(booklet(programme()), "Lungs BV")


def test_free_slots_that_follow_each_other_are_one_line() -> None:
    told = page_of(booklet(programme(meeting("lungs", "carla", "s03"))), "Lungs BV")
    assert "09:30–10:15 free 10:15–13:00 break 13:00–13:20 1 Carla Plant" in told


def test_when_somebody_is_away_nothing_is_told() -> None:
    told = page_of(booklet(programme()), "Bruno Institute")
    assert "09:55–10:15 free" in told
    assert "13:00–" not in told
    assert "break" not in told


def test_days_are_told_where_there_are_several() -> None:
    slots = (*SLOTS, slot("s04", "09:30", "09:50", "2027-03-12"))
    told = page_of(booklet(programme(meeting("lungs", "carla", "s04"), slots=slots)), "Lungs BV")
    assert "2027-03-11 09:30–10:15 free" in told
    assert "2027-03-12 09:30–09:50 1 Carla Plant" in told
    assert told.count("2027-03-11") == 1


def test_who_meets_nobody_is_told_so() -> None:
    assert "No meetings are planned." in page_of(booklet(programme(meeting("lungs", "bruno", "s01"))), "Carla Plant")


def test_names_are_text_and_never_markup() -> None:
    whole = booklet(programme())
    assert "<Søn>" not in whole
    assert "=Vials &amp; &lt;Søn&gt;" in whole
    assert "<i>" not in whole


def test_addresses_that_are_none_of_the_web_are_no_links() -> None:
    told = planned()
    reason = told.reasons[0].model_copy(update={"reference": "javascript:alert(1)"})
    whole = booklet(Programme(told.model_copy(update={"reasons": (reason,)})))
    assert [one for one in outline(whole).links if "javascript" in one] == []
    assert "javascript:alert(1)" in whole


def test_long_texts_are_cut_between_words() -> None:
    told = planned()
    reason = told.reasons[0].model_copy(update={"text": "lung " * 200})
    mine = page_of(booklet(Programme(told.model_copy(update={"reasons": (reason,)}))), "Lungs BV")
    assert "lung lung …" in mine
    assert len(mine) < 1000


def test_the_more_meetings_the_shorter_the_texts() -> None:
    slots = [slot(f"s{number}", f"{number:02}:00", f"{number:02}:30") for number in range(8, 18)]
    people = [
        one.model_copy(
            update={"slots": (), "participant_id": f"{one.participant_id}-{number}"} if one.side == "provider" else {}
        )
        for number in range(10)
        for one in participants()
        if one.side == "provider" or number == 0
    ]
    meetings = [meeting("lungs", f"bruno-{number}", f"s{number + 8}") for number in range(10)]
    told = planned(*meetings, participants=people, slots=slots, wishes=())
    long = [planned().reasons[0].model_copy(update={"provider_id": f"bruno-{n}", "text": "lung " * 200}) for n in range(10)]
    whole = booklet(Programme(told.model_copy(update={"reasons": tuple(long)})))
    assert page_of(whole, "Lungs BV").count("lung") < 10 * 20


def test_it_needs_nothing_from_elsewhere_and_is_the_same_every_time() -> None:
    whole = booklet(programme())
    assert "<script" not in whole
    assert "<link" not in whole
    assert "url(" not in whole
    assert booklet(Programme(PlannedEvent.model_validate_json(planned().as_json))) == whole


def test_companies_among_themselves_have_one_list() -> None:
    people = [one for one in participants() if one.side == "company"]
    told = event(kind="company to company", participants=people, wishes=())
    whole = booklet(
        programme(
            meeting("lungs", "vials", "s01"), **{name: getattr(told, name) for name in ("kind", "participants", "wishes")}
        )
    )
    assert "<h3>Providers</h3>" not in whole
    assert "Table, company and company" in whole


def test_every_page_of_a_draft_says_so_and_none_of_a_final_plan() -> None:
    draft, done = booklet(programme()), booklet(final_programme())
    pages = draft.split("<section")[1:]
    assert len(pages) == 6
    assert all("<strong>DRAFT</strong> of 1 March 2027, 13:00: may still change" in page for page in pages)
    assert draft.count('class="watermark"') == 1
    assert "DRAFT" not in done
    assert all("Final, version 1 of 2 March 2027, 09:30" in page for page in done.split("<section")[1:])


def test_a_later_version_marks_whose_page_is_another_and_tells_what_was_cancelled() -> None:
    now = planned(meeting("vials", "carla", "s01", 2, fixed=True))
    whole = booklet(Programme(next_version(final(), now)))
    assert outline(whole).open == []
    mine, other = page_of(whole, "Lungs BV"), page_of(whole, "Carla Plant")
    assert "changed in version 2" in mine
    assert "No meetings are planned. Cancelled: Bruno Institute (DE), 09:30–09:50" in mine
    assert "changed" not in other
    assert "Cancelled" not in other
    assert whole.count('<span class="changed">changed</span>') == 2
