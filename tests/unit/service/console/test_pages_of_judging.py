"""Judging on pages: blind, one pair after the other, left and come back to, and compared with another judge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from matcher.evaluation.judging_sheet import read_sheet, write_sheet
from matcher.evaluation.pooling import PooledPair
from service.desk import Desk
from service.judging.kept import KeptSheets
from tests.fakes import need
from tests.unit.service.api import app_of, keyring_of
from tests.unit.service.console.browser_like import ORIGIN, read, text_of

PAIRS = [PooledPair(f"n{number}", provider) for number in (1, 2) for provider in ("aqua", "bruno", "carla")]


@pytest.fixture
def sheet(small_desk: Desk, tmp_path: Path) -> Path:
    file = tmp_path / "sheet.csv"
    needs = {one: need(f"Need {one}: lung models <b>now</b>.", need_id=one) for one in ("n1", "n2")}
    write_sheet(file, PAIRS, needs, small_desk.matcher.index.directory)
    return file


@pytest.fixture
def judges(small_desk: Desk, tmp_path: Path) -> Iterator[tuple[TestClient, TestClient]]:
    """Two evaluators."""
    keyring = keyring_of(small_desk.log)
    app = app_of(small_desk, keyring, home=tmp_path / "home")
    clients = []
    for name in ("Judge one", "Judge two"):
        client = TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN})
        client.post("/console/sign-in", data={"key": keyring.create(name, "evaluator", None, by="a test")[0]})
        clients.append(client)
    yield clients[0], clients[1]
    for client in clients:
        client.close()


def sent(client: TestClient, file: Path) -> str:
    answer = client.post("/console/judging", files=[("sheet", (file.name, file.read_bytes()))], follow_redirects=False)
    assert answer.status_code == 303, text_of(answer.text)
    return str(answer.headers["location"])


def asked(client: TestClient, address: str) -> str | None:
    """The pair that the page asks about."""
    tags = read(client.get(address).text).tags
    return next((str(attrs["value"]) for tag, attrs in tags if tag == "input" and attrs.get("name") == "pair"), None)


def judge_all(client: TestClient, address: str, grade_of: dict[str, int]) -> list[str]:
    """Grade every pair; the order they came in."""
    order = []
    while (pair := asked(client, address)) is not None:
        order.append(pair)
        answer = client.post(address, data={"pair": pair, "grade": str(grade_of[pair])}, follow_redirects=False)
        assert answer.status_code == 303
    return order


def test_every_pair_comes_once_and_those_of_a_need_together(judges: tuple[TestClient, TestClient], sheet: Path) -> None:
    address = sent(judges[0], sheet)
    grades = {pair.pair_id: number % 4 for number, pair in enumerate(PAIRS)}
    order = judge_all(judges[0], address, grades)
    assert sorted(order) == sorted(grades)
    needs = [next(pair.need_id for pair in PAIRS if pair.pair_id == one) for one in order]
    assert sum(one != other for one, other in pairwise(needs)) == 1
    assert "Every pair is judged" in text_of(judges[0].get(address).text)
    qrels = judges[0].get(f"{address}/qrels.txt").text.splitlines()
    assert sorted(qrels) == sorted(f"{pair.need_id} 0 {pair.provider_id} {grades[pair.pair_id]}" for pair in PAIRS)


def test_a_judge_comes_back_where_it_was_left(judges: tuple[TestClient, TestClient], sheet: Path) -> None:
    address = sent(judges[0], sheet)
    first = asked(judges[0], address)
    assert first is not None
    judges[0].post(address, data={"pair": first, "grade": "2"})
    assert asked(judges[0], address) != first
    assert "1 of 6 judged by you" in text_of(judges[0].get(address).text)
    again = judges[0].get(address, params={"pair": first})
    assert 'aria-pressed="true"' in again.text
    judges[0].post(address, data={"pair": first, "grade": "3"})
    assert "1 of 6 judged by you" in text_of(judges[0].get("/console/judging").text)


def test_two_judges_do_not_see_each_other_until_both_are_done(judges: tuple[TestClient, TestClient], sheet: Path) -> None:
    address = sent(judges[0], sheet)
    grades = {pair.pair_id: number % 4 for number, pair in enumerate(PAIRS)}
    judge_all(judges[0], address, grades)
    assert "0 of 6 judged by you" in text_of(judges[1].get(address).text)
    assert "aria-pressed" not in judges[1].get(address).text
    judge_all(judges[1], address, grades)
    page = text_of(judges[1].get(address).text)
    assert "6 100% 1.00 1.00" in page
    assert "Judge one" in page


def test_grades_that_a_sheet_has_already_are_not_shown(judges: tuple[TestClient, TestClient], sheet: Path) -> None:
    sheet.write_text(
        sheet.read_text(encoding="utf-8-sig").replace(",,\n", ",3,\n").replace(",,\r\n", ",3,\r\n"), encoding="utf-8"
    )
    assert read_sheet(sheet)
    address = sent(judges[0], sheet)
    assert "0 of 6 judged by you" in text_of(judges[0].get(address).text)


@pytest.mark.parametrize(
    ("name", "content"),
    [("sheet.csv", b"a,b\n1,2\n"), ("sheet.csv", b""), ("sheet.pdf", b"x"), ("sheet.xlsx", b"not a workbook")],
)
def test_what_is_no_sheet_is_refused_and_not_kept(judges: tuple[TestClient, TestClient], name: str, content: bytes) -> None:
    answer = judges[0].post("/console/judging", files=[("sheet", (name, content))])
    assert answer.status_code == 422
    kept: KeptSheets = judges[0].app.state.sheets  # type: ignore[attr-defined]
    assert kept.all() == []


@pytest.mark.parametrize("told", [{"grade": "4"}, {"grade": "x"}, {}, {"grade": "2", "pair": "no such pair"}])
def test_what_is_no_grade_is_refused(judges: tuple[TestClient, TestClient], sheet: Path, told: dict[str, str]) -> None:
    address = sent(judges[0], sheet)
    answer = judges[0].post(address, data={"pair": asked(judges[0], address), **told})
    assert answer.status_code == 422
    assert "0 of 6" in text_of(judges[0].get(address).text)
    assert judges[0].get(f"{address}/qrels.txt").status_code == 422


def test_a_needs_own_signs_stay_signs(judges: tuple[TestClient, TestClient], sheet: Path) -> None:
    page = judges[0].get(sent(judges[0], sheet)).text
    assert "<b>now" not in page
    assert "&lt;b&gt;now" in page
