"""An event on pages: sent, planned, changed, made final, taken away; and what is wrong with its files."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from matcher.workshop.checker import check
from matcher.workshop.example import example_event
from service.desk import Desk
from service.workshop.kept import KeptWorkshops
from service.workshop.plan_file import PlannedEvent
from tests.unit.service.api import app_of, keyring_of
from tests.unit.service.console.browser_like import ORIGIN, text_of

EVENT = """name = "Lung day"
date = 2027-03-11
[slots]
first = "09:00"
length = 20
count = 4
"""
PEOPLE = """id,side,name,country,need,provider_id
c1,company,Lungs BV,NL,We look for inhalation toxicology with lung models.,
c2,company,Vials SA,FR,We look for glass vials.,
p1,provider,,,,bruno
p2,provider,,,,carla
"""


def sent(client: TestClient, **files: str | bytes) -> str:
    """Address of an event that was sent."""
    told = files or {"event.toml": EVENT, "participants.csv": PEOPLE}
    answer = client.post("/console/workshops", files=[("files", one) for one in told.items()], follow_redirects=False)
    assert answer.status_code == 303, text_of(answer.text)
    return str(answer.headers["location"])


def planned(client: TestClient, address: str) -> str:
    """Its page, once there is a plan."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page = client.get(address).text
        if "data-reloads" not in page:
            return page
        time.sleep(0.05)
    raise AssertionError("no plan came")


def kept(client: TestClient) -> KeptWorkshops:
    found: KeptWorkshops = client.app.state.workshops  # type: ignore[attr-defined]
    return found


def plan_of(client: TestClient, address: str) -> PlannedEvent:
    store = kept(client)
    return store.planned(store.get(address.rpartition("/")[2], lambda region: True))


def test_an_event_is_sent_planned_and_shown_as_a_grid(organiser: TestClient) -> None:
    address = sent(organiser)
    page = text_of(planned(organiser, address))
    plan = plan_of(organiser, address)
    assert check(plan.event, plan.plan) == []
    assert plan.plan.meetings
    for one in plan.event.participants:
        assert one.name in page
    assert "draft" in page
    assert plan.event.name in text_of(organiser.get("/console/workshops").text)


def test_every_mistake_is_told_with_its_line_and_nothing_is_kept(organiser: TestClient) -> None:
    people = PEOPLE + "c1,company,Twice,NL,,\nc3,company,No country,,,\nc4,nobody,Side,NL,,\n"
    answer = organiser.post(
        "/console/workshops", files=[("files", ("event.toml", EVENT)), ("files", ("participants.csv", people))]
    )
    assert answer.status_code == 422
    told = text_of(answer.text)
    for line in ("6", "7", "8"):
        assert f"participants.csv {line}" in told
    assert kept(organiser).all(lambda region: True) == []


@pytest.mark.parametrize("name", ["../event.toml", "event.exe", ".hidden.toml", "a" * 200 + ".csv"])
def test_a_file_that_is_none_of_an_events_is_refused(organiser: TestClient, name: str) -> None:
    answer = organiser.post("/console/workshops", files=[("files", (name, b"x"))])
    assert answer.status_code == 422
    assert kept(organiser).all(lambda region: True) == []


def test_no_file_at_all_is_told(organiser: TestClient) -> None:
    assert organiser.post("/console/workshops", data={"x": "y"}).status_code == 422


def test_a_change_is_checked_and_a_wrong_one_leaves_the_plan(organiser: TestClient) -> None:
    address = sent(organiser)
    planned(organiser, address)
    before = plan_of(organiser, address)
    one = before.plan.meetings[0]
    pair = f"{one.company_id}\n{one.provider_id}"
    done = organiser.post(f"{address}/changes", data={"kind": "forbid", "meeting": pair}, follow_redirects=False)
    assert done.status_code == 303
    after = plan_of(organiser, address)
    assert (one.company_id, one.provider_id) not in {(m.company_id, m.provider_id) for m in after.plan.meetings}
    assert check(after.event, after.plan) == []
    wrong = organiser.post(f"{address}/changes", data={"kind": "absent", "participant": "nobody"})
    assert wrong.status_code == 422
    assert plan_of(organiser, address) == after


def test_a_final_plan_is_taken_away(organiser: TestClient) -> None:
    address = sent(organiser)
    planned(organiser, address)
    assert organiser.post(f"{address}/final", follow_redirects=False).status_code == 303
    assert plan_of(organiser, address).status == "final"
    archive = zipfile.ZipFile(io.BytesIO(organiser.get(f"{address}/export.zip").content))
    names = archive.namelist()
    assert "plan.json" in names
    assert any(name.endswith(".xlsx") for name in names)
    assert any(name.endswith(".ics") for name in names)
    assert organiser.post(f"{address}/final").status_code == 422


def test_what_each_rule_costs_is_told(organiser: TestClient) -> None:
    address = sent(organiser)
    planned(organiser, address)
    page = organiser.get(f"{address}/insight")
    assert page.status_code == 200
    told = text_of(page.text)
    assert "Who could step in" in told
    for one in plan_of(organiser, address).event.participants:
        assert one.name in told


def test_another_region_does_not_see_it(small_desk: Desk, tmp_path: Path) -> None:
    keyring = keyring_of(small_desk.log)
    app = app_of(small_desk, keyring, home=tmp_path / "home")
    with (
        TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}) as east,
        TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}) as west,
    ):
        for client, region in ((east, "nl-oost"), (west, "dk-danmark")):
            key, _ = keyring.create(f"Organiser {region}", "organiser", region, by="a test")
            client.post("/console/sign-in", data={"key": key})
        address = sent(east)
        planned(east, address)
        assert west.get(address).status_code == 404
        assert west.post(f"{address}/final").status_code == 404
        assert "Lung day" not in text_of(west.get("/console/workshops").text)


def test_an_event_that_cannot_be_planned_says_why(organiser: TestClient) -> None:
    people = "id,side,name,country,least,most,need\nc1,company,Lungs BV,NL,2,2,We look for lungs.\np1,provider,Bruno X,DE,,1,\n"
    address = sent(organiser, **{"event.toml": EVENT, "participants.csv": people})
    page = text_of(planned(organiser, address))
    assert "There is no plan." in page
    assert "cannot" in page


def test_the_example_can_be_filled_in(organiser: TestClient) -> None:
    archive = zipfile.ZipFile(io.BytesIO(organiser.get("/console/workshops/example.zip").content))
    assert set(archive.namelist()) == set(example_event())
