"""Pages as a reader of each language sees them: nothing of ours is left in English, and nothing is unmarked."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from matcher.lifecycle import DETAILS
from scripts.extract_texts import CONSOLE, ROOT, TRANSLATED, forms, read
from service.access.caller import ROLES
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import app_of, keyring_of
from tests.unit.service.console.browser_like import ORIGIN, matched, signed_in
from tests.unit.service.evaluations.tiny_evaluation import better, tiny_evaluation
from tests.unit.service.record.programme_on_record import Office

TEMPLATES = sorted((ROOT / CONSOLE / "templates").glob("*.html"))
READ_ALOUD = ("aria-label", "title", "placeholder", "alt")
VOID = {"meta", "link", "input", "br", "img", "hr", "rect", "circle", "line"}
NAMES = {"Crossmatch", "crossmatch programme adopt programme.toml", "crossmatch judge pool --samples --out sheet.csv"}
"""Of the service and of a command: the same in every language."""
ON_RECORD = {"The programme office", "· advisor", "Plan (0–10)"}
"""Who signed in, who handed in, a criterion of the rules: shown as they are, though pages have such words too."""
INTRODUCED = {"kind": "introduced"}
DECLINED = {"kind": "declined", "reason": "too early"}
MET = {"kind": "met", "rating": "cooperation possible"}
EVENT = {
    "event.toml": 'name = "Lung day"\ndate = 2027-03-11\n[slots]\nfirst = "09:00"\nlength = 20\ncount = 2\n',
    "participants.csv": "id,side,name,country,need,provider_id\nc1,company,Cellix BV,NL,Lung models.,\np1,provider,,,,bruno\n",
}


class Reader(HTMLParser):
    """Texts and labels of a page, without those that say they are in another language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._language = language
        self._spoken = [language]
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag not in VOID:
            self._open.append(tag)
            self._spoken.append(told.get("lang") or self._spoken[-1])
        if self._spoken[-1] == self._language:
            self.texts += [text for name in READ_ALOUD if (text := told.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                self._spoken.pop()
            self._spoken.pop()

    def handle_data(self, data: str) -> None:
        if self._spoken[-1] == self._language and data.strip():
            self.texts.append(" ".join(data.split()))


def read_by(page: str, language: str) -> list[str]:
    reader = Reader(language)
    reader.feed(page)
    return reader.texts


def english_remnants(page: str, language: str) -> list[str]:
    """Texts of the catalogue that a page shows untranslated."""
    messages = [message for message in read(ROOT / CONSOLE / "locale" / f"{language}.po", language) if message.id]
    translated = {form for message in messages for form in forms(message)}
    english = {text for message in messages for text in ((message.id,) if isinstance(message.id, str) else message.id)}
    telling = {text for text in english - translated if len(text) > 3}
    long = [_around_placeholders(text) for text in telling if " " in text]
    found = []
    for text in read_by(page, language):
        pieces = {piece.strip() for piece in re.split(r"[·:–,()→]", text)} | {text}
        if text not in ON_RECORD and (pieces & telling or any(pattern.search(text) for pattern in long)):
            found.append(text)
    return found


def _around_placeholders(text: str) -> re.Pattern[str]:
    pieces = [re.escape(piece.replace("%%", "%")) for piece in re.split(r"%\(\w+\)s", text)]
    return re.compile(r"(?<!\w)" + r"[\d.,]+".join(pieces) + r"(?!\w)")


@pytest.fixture
def office(log: SqlMatchLog) -> Office:
    """One application that was granted, one to be decided."""
    office = Office(log)
    office.adopt()
    office.scored(office.match(1))
    office.grant(office.scored(office.match(2)))
    return office


@pytest.fixture
def clients(small_desk: Desk, tmp_path: Path) -> dict[str, TestClient]:
    """A browser for each role, all of one service."""
    made: dict[str, TestClient] = {}
    keyring = keyring_of(small_desk.log)
    app = app_of(small_desk, keyring, home=tmp_path / "home")
    for role in ROLES:
        key, _ = keyring.create(f"The {role}", role, None, by="a test")
        made[role] = TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN})
        assert made[role].post("/console/sign-in", data={"key": key}).status_code == 200
    return made


def pages(clients: dict[str, TestClient], language: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Address and text of every page, read by whom it is for."""
    made = {
        "advisor": [*_of_matching(clients["advisor"]), "/console/match", "/console/providers", "/console/providers/aqua"],
        "organiser": ["/console/workshops", _planned(clients["organiser"])],
        "evaluator": ["/console/record", "/console/lists", *_of_evaluations(clients["evaluator"], folder)],
        "programme office": ["/console/programme"],
    }
    applications = re.findall(r"/console/applications/\d+", clients["programme office"].get("/console/programme").text)
    made["programme office"] += sorted(set(applications))
    spoken = {"accept-language": language}
    for role, addresses in made.items():
        for address in addresses:
            yield address, clients[role].get(address, headers=spoken).text
    wrong = {"files": ("event.toml", "name = 7")}
    yield "an event with mistakes", clients["organiser"].post("/console/workshops", files=wrong, headers=spoken).text
    clients["advisor"].cookies.clear()
    yield "/console/sign-in", clients["advisor"].get("/console/sign-in", headers=spoken).text


def _of_matching(advisor: TestClient) -> list[str]:
    made, nothing = matched(advisor), matched(advisor, text="Zzz qqq xxx www vvv.")
    refused, went_on, *_ = dict.fromkeys(re.findall(r"/console/matches/\d+", advisor.get(made).text))
    for match, *steps in (refused, INTRODUCED, DECLINED), (went_on, INTRODUCED, {"kind": "accepted"}, MET):
        for step in steps:
            assert advisor.post(f"{match}/steps", data=step).status_code == 200
    return [made, nothing, f"{made}/compare", f"{made}/policy", "/console/lists", "/console/lists/none", refused, went_on]


def _of_evaluations(evaluator: TestClient, folder: Path) -> list[str]:
    """Two that are kept, and compared."""
    first = tiny_evaluation(folder)
    for name, content in (("before.json", first), ("after.json", better(first))):
        written = json.dumps(content).encode()
        assert evaluator.post("/console/evaluations", files=[("evaluation", (name, written))]).status_code == 200
    kept = re.findall(r'name="evaluation" value="(\w+)"', evaluator.get("/console/evaluations").text)
    assert evaluator.post("/console/record").status_code == 200
    return ["/console/evaluations", f"/console/evaluations/compare?evaluation={kept[0]}&evaluation={kept[1]}"]


def _planned(organiser: TestClient) -> str:
    """An event whose plan is made."""
    files = [("files", one) for one in EVENT.items()]
    address = str(organiser.post("/console/workshops", files=files, follow_redirects=False).headers["location"])
    started = time.monotonic()
    while "data-reloads" in organiser.get(address).text:
        assert time.monotonic() - started < 60, "no plan came"
    return address


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_page_shows_an_english_remnant(
    language: str, clients: dict[str, TestClient], office: Office, tmp_path: Path
) -> None:
    shown = dict(pages(clients, language, tmp_path))
    assert len(shown) >= 15
    for address, page in shown.items():
        assert f'<html lang="{language}">' in page, address
        assert english_remnants(page, language) == [], address


def test_a_remnant_would_be_seen(small_desk: Desk) -> None:
    page = signed_in(small_desk).get("/console/match", headers={"accept-language": "en"}).text
    seen = english_remnants(page.replace('<html lang="en">', '<html lang="de">'), "de")
    assert {"Who is looked for", "Match a need", "Skip to the content"} <= set(seen)
    assert any("providers are looked through" in text for text in seen)


def test_an_advisor_chooses_a_language_and_keeps_it(small_desk: Desk) -> None:
    client = signed_in(small_desk)
    page = client.post("/console/language", data={"language": "nl", "next": "/console/providers"})
    assert page.url.path == "/console/providers"
    assert page.headers["content-language"] == "nl"
    assert "<h1>Aanbiedersregister</h1>" in page.text
    assert "<h1>Matchlijsten</h1>" in client.get("/console/lists", headers={"accept-language": "fr"}).text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.stem)
def test_every_text_of_a_template_is_marked(template: Path) -> None:
    bare = re.sub(r"{{.*?}}|{%.*?%}|{#.*?#}", " ", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [text for text in read_by(bare, "") if re.search(r"[^\W\d_]", text) and text.strip(" –") not in NAMES] == []


def test_every_detail_of_a_step_has_a_question() -> None:
    source = (ROOT / CONSOLE / "templates" / "match_history.html").read_text(encoding="utf-8")
    for name in {name for names in DETAILS.values() for name in names}:
        assert f'"{name}": _("' in source
