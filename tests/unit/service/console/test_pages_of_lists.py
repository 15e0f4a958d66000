"""From a need to its list, and what is done with it, on pages."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from matcher.log import ListQuery
from service.desk import Desk
from tests.unit.service.console.browser_like import NEED_FIELDS, matched, signed_in, text_of


def test_a_need_becomes_a_list_on_record(small_desk: Desk) -> None:
    client = signed_in(small_desk)
    page = client.get(matched(client))
    assert page.status_code == 200
    told = text_of(page.text)
    [entry] = [small_desk.log.get(one.list_id) for one in small_desk.log.lists(ListQuery())]
    assert entry.asked_by == "The advisor"
    for match in entry.answer.matches:
        assert match.name in told
    assert "Language recognised: English" in told
    assert entry.answer.request.need.company == "Cellix BV"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": ""}, "text"),
        ({"text": "?"}, "in words"),
        ({"country": "XX"}, "country"),
        ({"k": "0"}, "k"),
        ({"beta": "much"}, "number"),
        ({"text": "lung " * 3_000}, "10,000"),
    ],
)
def test_what_is_wrong_is_said_above_the_form_which_keeps_what_was_written(
    small_desk: Desk, fields: dict[str, str], said: str
) -> None:
    client = signed_in(small_desk)
    answer = client.post("/console/match", data={**NEED_FIELDS, "company": "Kept & Sons", **fields})
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert "Kept &amp; Sons" in answer.text
    assert small_desk.log.lists(ListQuery()) == []


def test_nothing_that_was_written_becomes_a_part_of_the_page(small_desk: Desk) -> None:
    client = signed_in(small_desk)
    evil = '<script>alert(1)</script> lung models "><img src=x onerror=alert(1)>'
    address = matched(client, text=evil, title=evil, company=evil)
    for path in (address, f"{address}/policy", f"{address}/compare", "/console/lists"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page


def test_an_evaluator_reads_no_word_of_the_need(small_desk: Desk) -> None:
    address = matched(signed_in(small_desk))
    client = signed_in(small_desk, "evaluator")
    page = client.get(address)
    assert page.status_code == 200
    assert "inhalation toxicology with lung" not in page.text
    assert client.get(f"{address}/policy").status_code == 403
    assert "We look for inhalation" not in str(_cells(client.get(f"{address}/export.xlsx").content))


def test_another_region_sees_nothing_of_it(small_desk: Desk) -> None:
    address = matched(signed_in(small_desk, region="nl-oost"))
    client = signed_in(small_desk, region="dk-danmark")
    assert client.get(address).status_code == 404
    assert client.get("/console/matches/1").status_code == 404
    assert "Cellix" not in client.get("/console/lists").text


def test_policies_are_compared_and_nothing_of_it_is_recorded(small_desk: Desk) -> None:
    client = signed_in(small_desk)
    address = matched(client, mode="favour", beta="1")
    before = small_desk.log.verify()
    told = text_of(client.get(f"{address}/policy").text)
    assert small_desk.log.verify() == before
    assert "favoured by 1 (this list)" in told
    assert "only abroad" in told


def _cells(content: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


def test_the_workbook_has_the_list_and_runs_no_formula(small_desk: Desk) -> None:
    client = signed_in(small_desk)
    address = matched(client, company="=1+1")
    content = client.get(f"{address}/export.xlsx").content
    rows = _cells(content)
    assert rows[0][:3] == ("row", "need_id", "company")
    # A text cell, as the company wrote it: no spreadsheet reckons with it.
    assert {row[2] for row in rows[1:]} == {"=1+1"}
    assert {cell.data_type for cell in load_workbook(BytesIO(content)).active["C"]} == {"s"}
    assert len(rows) - 1 == len(small_desk.log.lists(ListQuery())) * small_desk.log.lists(ListQuery())[0].matches


def test_two_providers_stand_side_by_side(small_desk: Desk) -> None:
    client = signed_in(small_desk)
    address = matched(client)
    assert client.get(f"{address}/compare?rank=1&rank=2").status_code == 200
    assert client.get(f"{address}/compare?rank=1").status_code == 404
    assert client.get(f"{address}/compare?rank=1&rank=99").status_code == 404
    assert client.get(f"{address}/compare?rank=x").status_code == 422


def test_steps_are_recorded_and_an_illegal_one_is_told(small_desk: Desk) -> None:
    client = signed_in(small_desk)
    matched(client)
    done = client.post("/console/matches/1/steps", data={"kind": "introduced"}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/console/matches/1")
    assert small_desk.log.history(1).state == "introduced"
    wrong = client.post("/console/matches/1/steps", data={"kind": "outcome", "result": "valuable", "anyway": "no"})
    assert wrong.status_code == 422
    assert "may follow 'introduced'" in text_of(wrong.text)
    declined = client.post("/console/matches/1/steps", data={"kind": "declined", "reason": "terms"})
    assert declined.status_code == 200
    assert "declined : terms" in text_of(declined.text)


def test_an_evaluator_records_nothing(small_desk: Desk) -> None:
    matched(signed_in(small_desk))
    client = signed_in(small_desk, "evaluator")
    assert client.post("/console/matches/1/steps", data={"kind": "introduced"}).status_code == 403
    assert '<form method="post" action="/console/matches' not in client.get("/console/matches/1").text


def test_the_directory_is_searched_by_words_and_facets(small_desk: Desk) -> None:
    client = signed_in(small_desk)
    every = text_of(client.get("/console/providers").text)
    assert f"{len(small_desk.matcher.index)} providers" in every
    provider = small_desk.matcher.index.directory.providers[0]
    found = client.get("/console/providers", params={"q": provider.name, "country": provider.country})
    assert provider.name in text_of(found.text)
    assert client.get("/console/providers", params={"q": "no such words"}).status_code == 200
    page = client.get(f"/console/providers/{provider.provider_id}")
    for one in small_desk.matcher.index.directory.evidence_of(provider.provider_id):
        assert one.title in text_of(page.text)
    assert client.get("/console/providers/none").status_code == 404


def test_a_need_with_signs_that_no_workbook_holds_can_be_exported(small_desk: Desk) -> None:
    client = signed_in(small_desk)
    address = matched(client, text="We look for lung\x0bmodels and inhalation\x01toxicology.")
    answer = client.get(f"{address}/export.xlsx")
    assert answer.status_code == 200
    assert len(_cells(answer.content)) > 1
