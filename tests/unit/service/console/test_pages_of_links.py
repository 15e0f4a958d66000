"""The page behind a link: what each purpose shows and takes, and that a token alone opens it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient

from matcher.links import new_token
from matcher.upkeep import ProviderState
from scripts.extract_texts import CONSOLE, ROOT, TRANSLATED
from service.access.rules import RULES
from service.desk import Desk
from service.record.sql_links import SqlLinks
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import now_in_utc
from tests.unit.service.api import app_of, client_of
from tests.unit.service.console.browser_like import ORIGIN, read, text_of
from tests.unit.service.console.test_pages_in_languages import english_remnants
from tests.unit.service.entries import COMPONENTS, entry

SECRET = "A secret about our inhaler."
COMPANY = "Nasovax & <i>Co</i>"
RATED = {"survey": "after the event", "rating": "cooperation possible", "wishes_to_continue": "yes"}


@pytest.fixture
def desk(small_desk: Desk, log: SqlMatchLog) -> Desk:
    """Match 1, with bruno, is accepted."""
    log.record(entry("l-1", ("bruno", "DE"), ("dora", "DE"), text=SECRET, company=COMPANY), COMPONENTS)
    with client_of(small_desk) as client:
        for kind in ("introduced", "accepted"):
            assert client.post("/v1/matches/1/steps", json={"kind": kind}).status_code == 201
    return small_desk


@pytest.fixture
def reader(desk: Desk) -> TestClient:
    """A browser in which nobody has signed in."""
    return TestClient(app_of(desk), base_url=ORIGIN)


def made(desk: Desk, purpose: str, subject: str) -> str:
    answer = client_of(desk).post("/v1/links", json={"purpose": purpose, "subject": subject})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


def sent(page: str) -> str:
    """What the page gave its form to tell it by."""
    return str(next(attrs["value"] for tag, attrs in read(page).tags if attrs.get("name") == "sent"))


def shown(reader: TestClient, token: str, **more: Any) -> str:
    answer = reader.post("/answer", data={"token": token}, **more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.text


def test_the_first_page_asks_for_the_token_and_offers_no_other_page(reader: TestClient) -> None:
    page = reader.get("/answer")
    assert page.status_code == 200
    assert "ct_" in text_of(page.text)
    assert "<nav" not in page.text
    assert "/console/sign-out" not in page.text


def test_a_survey_is_shown_and_answered(desk: Desk, reader: TestClient, log: SqlMatchLog) -> None:
    token = made(desk, "after the event", "1")
    page = shown(reader, token)
    for words in ("Bruno Institute", "cooperation possible", "Do you wish to go on with each other?"):
        assert words in text_of(page)
    assert "inhaler" not in page
    thanks = reader.post("/answer/survey", data={"token": token, "sent": sent(page), **RATED})
    assert (thanks.status_code, "Your answer is on record." in thanks.text) == (200, True)
    assert log.history(1).state == "met"
    assert "This survey is answered" in shown(reader, token)


def test_a_page_sent_twice_counts_once_and_another_answer_is_refused(desk: Desk, reader: TestClient) -> None:
    token = made(desk, "after the event", "1")
    told = {"token": token, "sent": sent(shown(reader, token)), **RATED}
    first, again = (reader.post("/answer/survey", data=told) for _ in range(2))
    assert (first.status_code, again.status_code, text_of(first.text)) == (200, 200, text_of(again.text))
    other = reader.post("/answer/survey", data={**told, "sent": "x" * 22})
    assert other.status_code == 403
    assert "answered already" in text_of(other.text)
    assert "Tell your regional partner" in text_of(other.text)


def test_a_question_left_out_is_told_and_the_others_stay_chosen(desk: Desk, reader: TestClient) -> None:
    token = made(desk, "after the event", "1")
    answer = reader.post("/answer/survey", data={"token": token, "survey": "after the event", "wishes_to_continue": "yes"})
    assert answer.status_code == 422
    assert "rating" in text_of(answer.text)
    [chosen] = [attrs["value"] for tag, attrs in read(answer.text).tags if tag == "input" and "checked" in attrs]
    assert chosen == "yes"


def test_the_later_survey_asks_what_came_of_it(desk: Desk, reader: TestClient) -> None:
    page = shown(reader, made(desk, "after six months", "1"), headers={"accept-language": "de"})
    assert "Was daraus wurde" in page
    assert "Vereinbarung getroffen" in page
    assert "Wie es lief" not in page


def test_a_provider_asks_for_a_correction_which_waits(desk: Desk, reader: TestClient) -> None:
    token = made(desk, "provider entry", "bruno")
    page = shown(reader, token)
    told = {"token": token, "sent": sent(page), "name": "Bruno <b>GmbH</b>", "city": "Ulm", "url": "https://bruno.example"}
    answers = [reader.post("/answer/correction", data={**told, "summary": "Lung models.\r\nFor all."}) for _ in range(2)]
    assert ["waits for your regional partner" in text_of(one.text) for one in answers] == [True, True]
    standing = client_of(desk).get("/v1/providers/bruno/steps").json()
    assert [step["kind"] for step in standing["steps"]] == ["asked"]
    asked = standing["asked"]["provider"]
    assert (asked["name"], asked["city"], asked["url"]) == ("Bruno <b>GmbH</b>", "Ulm", "https://bruno.example")
    assert (asked["summary"], asked["latitude"]) == ("Lung models.\nFor all.", None)
    page = shown(reader, token)
    assert "Bruno &lt;b&gt;GmbH&lt;/b&gt;" in page
    assert "<b>GmbH" not in page
    unchanged = {name: asked[name] for name in ("name", "city", "url", "summary")}
    same = reader.post("/answer/correction", data={"token": token, **unchanged})
    assert (same.status_code, "change something" in text_of(same.text)) == (422, True)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("url", "javascript:alert(1)", "begins with https://"), ("url", "https://[", "begins with"), ("name", "", "not be empty")],
)
def test_what_an_entry_cannot_say_is_refused_beside_what_was_written(
    desk: Desk, reader: TestClient, field: str, value: str, words: str
) -> None:
    token = made(desk, "provider entry", "bruno")
    told = {"token": token, "name": "Bruno", "city": "Bonn on the Rhine", field: value}
    answer = reader.post("/answer/correction", data=told)
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert "Bonn on the Rhine" in answer.text
    assert client_of(desk).get("/v1/providers/bruno/steps").json()["asked"] is None


def test_a_provider_leaves_only_after_saying_so_twice(desk: Desk, reader: TestClient) -> None:
    token = made(desk, "provider entry", "bruno")
    asked = reader.post("/answer/leave", data={"token": token})
    assert "Leave the directory?" in text_of(asked.text)
    assert desk.off_lists() == set()
    told = {"token": token, "sent": sent(asked.text), "sure": "yes"}
    for _ in range(2):
        assert "You have left the directory" in text_of(reader.post("/answer/leave", data=told).text)
    assert desk.off_lists() == {"bruno"}
    again = reader.post("/answer/leave", data={"token": token, "sure": "yes"})
    assert again.status_code == 409
    assert "no longer in the directory" in text_of(again.text)
    assert "/answer/correction" not in again.text


def test_a_company_sees_its_lists_and_no_word_of_its_needs(desk: Desk, reader: TestClient) -> None:
    page = shown(reader, made(desk, "company entry", f"NL:{COMPANY}"))
    seen = text_of(page)
    assert COMPANY in seen
    assert "<i>Co" not in page
    for words in ("Bruno Institute", "accepted", "Dora Institute", "proposed"):
        assert words in seen
    assert "inhaler" not in page


PATHS = sorted(path for method, path in RULES if path.startswith("/answer") and method == "POST")


@pytest.mark.parametrize("path", PATHS)
def test_all_that_is_no_token_is_answered_alike(desk: Desk, reader: TestClient, path: str) -> None:
    token = made(desk, "after the event", "1")
    before = desk.log.verify()
    pages = set()
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), new_token().text, "nonsense", "", "x" * 5000, token[3:]):
        answer = reader.post(path, data={"token": wrong, "sure": "yes", "name": "x", **RATED})
        assert answer.status_code == 403
        assert len(wrong) < 5 or wrong not in answer.text
        pages.add(answer.text)
    assert len(pages) == 1
    assert "Open the link again as it was sent" in text_of(pages.pop())
    assert desk.log.verify() == before


def test_an_expired_link_says_to_ask_for_a_new_one(desk: Desk, reader: TestClient, log: SqlMatchLog) -> None:
    links = SqlLinks(log, lambda: now_in_utc() - timedelta(days=61))
    token, _ = links.make("after the event", "1", region="", by="a test")
    for path in ("/answer", "/answer/survey"):
        answer = reader.post(path, data={"token": token, **RATED})
        assert answer.status_code == 403
        assert "expired" in text_of(answer.text)
        assert "Ask your regional partner for a new one." in text_of(answer.text)


def test_a_link_takes_nothing_but_what_it_is_for(desk: Desk, reader: TestClient) -> None:
    survey, company = made(desk, "after the event", "1"), made(desk, "company entry", f"NL:{COMPANY}")
    assert reader.post("/answer/leave", data={"token": survey, "sure": "yes"}).status_code == 403
    assert "Your contact with" in text_of(reader.post("/answer/leave", data={"token": survey}).text)
    assert "Your contact with" in text_of(reader.post("/answer/correction", data={"token": survey, "name": "x"}).text)
    assert reader.post("/answer/survey", data={"token": company, **RATED}).status_code == 403
    assert desk.off_lists() == set()


def test_the_whole_link_may_be_put_in(desk: Desk, reader: TestClient) -> None:
    token = made(desk, "after the event", "1")
    assert "Bruno Institute" in shown(reader, f" https://match.example/answer#{token} ")


def test_the_language_is_chosen_without_opening_the_link_again(desk: Desk, reader: TestClient) -> None:
    token = made(desk, "after the event", "1")
    assert "Wie es lief" in reader.post("/answer", data={"token": token, "language": "de"}).text
    assert "Wie es lief" in shown(reader, token, headers={"accept-language": "fr"})
    answer = reader.post("/console/language", data={"language": "nl", "next": "/answer"})
    assert (answer.url.path, "Uw link" in answer.text) == ("/answer", True)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_page_behind_a_link_shows_an_english_remnant(desk: Desk, reader: TestClient, language: str) -> None:
    entry_of, survey = made(desk, "provider entry", "bruno"), made(desk, "after six months", "1")
    told = {"token": survey, "survey": "after six months", "result": "valuable", "anyway": "no", "wishes_to_continue": "yes"}
    spoken = {"accept-language": language}
    pages = [
        reader.get("/answer", headers=spoken),
        *(
            reader.post(path, data=data, headers=spoken)
            for path, data in (
                ("/answer", {"token": "nonsense"}),
                ("/answer", {"token": entry_of}),
                ("/answer/leave", {"token": entry_of}),
                ("/answer/correction", {"token": entry_of, "name": "Bruno GmbH"}),
                ("/answer/leave", {"token": entry_of, "sure": "yes"}),
                ("/answer", {"token": entry_of}),
                ("/answer", {"token": survey}),
                ("/answer/survey", told),
                ("/answer/survey", told),
                ("/answer", {"token": survey}),
                ("/answer", {"token": made(desk, "company entry", f"NL:{COMPANY}")}),
            )
        ),
    ]
    for page in pages:
        assert f'<html lang="{language}">' in page.text
        assert english_remnants(page.text, language) == []


def test_who_tries_many_tokens_is_told_to_wait_on_a_page(desk: Desk, reader: TestClient) -> None:
    token = made(desk, "after the event", "1")
    answers = [reader.post("/answer", data={"token": "nonsense"}) for _ in range(70)]
    assert (answers[0].status_code, answers[-1].status_code) == (403, 429)
    assert answers[-1].headers["content-type"].startswith("text/html")
    assert 'href="/answer"' in answers[-1].text
    assert "Bruno Institute" in shown(reader, token)


def test_no_address_and_no_log_line_holds_a_token(desk: Desk, reader: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    token = made(desk, "provider entry", "bruno")
    with caplog.at_level(logging.DEBUG):
        page = shown(reader, token)
        told = {"token": token, "sent": sent(page), "name": "Bruno GmbH"}
        pages = [
            page,
            reader.post("/answer/correction", data=told).text,
            reader.post("/answer", data={"token": f"{token}x"}).text,
        ]
    assert token[14:26] not in caplog.text
    for one in pages:
        addresses = [value for _, attrs in read(one).tags for name, value in attrs.items() if name in ("href", "action", "src")]
        assert not [address for address in addresses if address and "ct_" in address]
        posted = [attrs for tag, attrs in read(one).tags if tag == "form"]
        assert {attrs.get("method") for attrs in posted} == {"post"}


def test_another_address_below_is_a_page_that_says_so(reader: TestClient) -> None:
    for path in ("/answer/survey", "/answer/none"):
        answer = reader.get(path)
        assert answer.status_code in (404, 405)
        assert 'href="/answer"' in answer.text


def test_every_state_of_a_provider_is_said_in_words() -> None:
    source = (ROOT / CONSOLE / "templates" / "answer_provider.html").read_text(encoding="utf-8")
    for state in get_args(ProviderState):
        assert f'"{state}": _("' in source
