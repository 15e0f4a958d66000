"""`crossmatch workshop`: from an organiser's files to what became of the meetings."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from matcher.workshop.checker import check
from service.record.sql_log import SqlMatchLog
from service.workshop.plan_file import PlannedEvent, read_plan
from tests.e2e.command import Command, Result, check_refused
from tests.unit.service.entries import COMPONENTS, entry

Planned = tuple[Command, Path, Result]


@pytest.fixture(scope="module")
def planned(real_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """The example event, planned; folder `event` and file `plan.json` lie in the home. They are only read."""
    home = tmp_path_factory.mktemp("workshop")
    shutil.copytree(real_home / "index", home / "index")
    command = Command(home)
    written = command("workshop", "example", "event")
    assert (written.code, written.err) == (0, "")
    log = SqlMatchLog(f"sqlite:///{home / 'match-log.sqlite3'}")
    log.record(entry("one", ("pic-999991431", "NL"), company="AtemChip", country="DE"), COMPONENTS)
    log.close()
    result = command("workshop", "plan", "event", "--out", "plan.json", "--seconds", "30")
    assert result.code == 0, result.err
    return command, home, result


@pytest.fixture
def plan(planned: Planned) -> PlannedEvent:
    return read_plan(planned[1] / "plan.json")


def test_the_example_event_is_planned_by_its_rules(planned: Planned, plan: PlannedEvent) -> None:
    event, meetings = plan.event, plan.plan.meetings
    assert planned[2].out.startswith("Cross-border partnering day: ")
    counts = {one.participant_id: 0 for one in event.participants}
    for meeting in meetings:
        counts[meeting.company_id] += 1
        counts[meeting.provider_id] += 1
    assert all(event.least_of(one) <= counts[one.participant_id] <= event.most_of(one) for one in event.participants)
    pairs = {(one.company_id, one.provider_id): one.slot_id for one in meetings}
    assert pairs[("c09", "pic-951757987")] == "s02"
    assert ("c04", "inv-v-bio-ventures") in pairs
    assert not {("c03", "pic-999990655"), ("c06", "pic-999483151"), ("c07", "pic-999778419")} & set(pairs)
    matrix = plan.matrix
    companies = [one.participant_id for one in event.participants if one.side == "company"]
    providers = [one.participant_id for one in event.participants if one.side == "provider"]
    for meeting in meetings:
        assert meeting.probability == matrix[companies.index(meeting.company_id), providers.index(meeting.provider_id)]
    assert {(one.company_id, one.provider_id) for one in plan.reasons} <= set(pairs)
    assert len(plan.reasons) == len(meetings)


def test_the_plan_is_shown_as_a_whole_and_for_one(planned: Planned, plan: PlannedEvent) -> None:
    command = planned[0]
    whole, one, nobody = (command("workshop", "show", "plan.json", *more) for more in ((), ("--of", "c04"), ("--of", "zoe")))
    assert (whole.code, one.code) == (0, 0)
    assert whole.out.count("[c04]") == one.out.count("[c04]") == sum(m.company_id == "c04" for m in plan.plan.meetings)
    assert f"{plan.plan.quality.meetings} meetings" in whole.out
    assert "[c05]" not in one.out
    check_refused(nobody, "be the id of a participant", "'zoe'")


def test_everything_is_exported_and_a_folder_in_use_left_alone(planned: Planned, plan: PlannedEvent, tmp_path: Path) -> None:
    command, folder = planned[0], tmp_path / "handouts"
    assert command("workshop", "final", "plan.json", "--out", "handed-out.json").code == 0
    result = command("workshop", "export", "handed-out.json", "--folder", folder)
    assert (result.code, result.err) == (0, "")
    book = load_workbook(folder / "plan.xlsx", read_only=True)
    assert book.sheetnames == ["Overview", "Companies", "Providers", "Tables", "Unmet wishes"]
    book.close()
    entries = [
        str(entry["uid"])
        for file in (folder / "calendars").iterdir()
        for entry in Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    ]
    assert len(set(entries)) == 2 * len(plan.plan.meetings)
    assert folder.joinpath("booklet.html").read_text(encoding="utf-8").count('<section class="page" id="participant-') == 26
    check_refused(command("workshop", "export", "handed-out.json", "--folder", folder), "be empty or new", "--force")
    assert command("workshop", "export", "handed-out.json", "--folder", folder, "--force").code == 0


def test_what_became_of_the_meetings_goes_on_record_once(planned: Planned, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(planned[1], home)
    command = Command(home)
    form = home / "outcomes.csv"
    form.write_text("company,provider,answer,reason\nc05,pic-999991431,declined,terms\nc05,pic-999902870,accepted,\n")
    checked = command("workshop", "outcomes", "event", form, "--check")
    assert checked.out.startswith("2 steps would go on record, of 2 rows\n")
    check_refused(command("workshop", "outcomes", "plan.json", form), "be final before", "give its folder")
    assert command("workshop", "final", "plan.json", "--out", "final.json").code == 0
    first = command("workshop", "outcomes", "final.json", form, "--by", "an organiser")
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("2 steps went on record, of 2 rows\n  on record already: 0, not filled in: 0\n")
    assert "left out: line 3, AtemChip GmbH and Universiteit Antwerpen: no match of the two" in first.out
    again = command("workshop", "outcomes", "event", form)
    assert again.out.startswith("0 steps went on record, of 2 rows\n  on record already: 1")
    history = json.loads(command("log", "history", "1", "--json").out)
    assert [step["kind"] for step in history["steps"]] == ["introduced", "declined"]
    assert "The record holds" in command("log", "verify").out


def test_every_mistake_of_the_files_is_told_and_nothing_written(planned: Planned, tmp_path: Path) -> None:
    folder = tmp_path / "event"
    shutil.copytree(planned[1] / "event", folder)
    (folder / "wishes.csv").write_text("of,about,level\nc01,zoe,meet\nc01,c02,meet\nc01,pic-999991431,perhaps\n")
    (folder / "event.toml").write_text((folder / "event.toml").read_text(encoding="utf-8").replace("tables = 8", "tables = 0"))
    result = planned[0]("workshop", "plan", folder, "--out", tmp_path / "plan.json")
    assert (result.code, result.out) == (1, "")
    lines = result.err.splitlines()
    assert lines[-1] == "4 problems. Nothing was planned."
    assert lines[0].startswith("event.toml, line ")
    assert [line.partition(":")[0] for line in lines[1:4]] == [
        "wishes.csv, line 2, column about",
        "wishes.csv, line 3, column about",
        "wishes.csv, line 4, column level",
    ]
    assert not (tmp_path / "plan.json").exists()


def test_a_plan_that_cannot_be_is_refused_in_one_line(planned: Planned, tmp_path: Path) -> None:
    folder = tmp_path / "event"
    shutil.copytree(planned[1] / "event", folder)
    (folder / "forbidden.csv").write_text("company,provider\nc04,inv-v-bio-ventures\n")
    result = planned[0]("workshop", "plan", folder, "--out", tmp_path / "plan.json", "--no-record")
    check_refused(result)
    assert not (tmp_path / "plan.json").exists()


def test_who_met_before_does_not_meet_again(planned: Planned, plan: PlannedEvent, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(planned[1], home)
    command = Command(home)
    assert ("c05", "pic-999991431") in {(one.company_id, one.provider_id) for one in plan.plan.meetings}
    for step in (("introduced",), ("declined", "--reason", "already in contact")):
        assert command("log", "step", "1", *step).code == 0
    (home / "event" / "wishes.csv").unlink()
    result = command("workshop", "plan", "event", "--out", "again.json", "--seconds", "30")
    assert "By the record they know each other already: c05 and pic-999991431." in result.err
    again = read_plan(home / "again.json")
    assert ("c05", "pic-999991431") in again.event.known
    assert ("c05", "pic-999991431") not in {(one.company_id, one.provider_id) for one in again.plan.meetings}


def test_an_example_is_never_written_over_something(planned: Planned) -> None:
    check_refused(planned[0]("workshop", "example", "event"), "be empty or new")
    rows = list(csv.reader(io.StringIO((planned[1] / "event" / "participants.csv").read_text("utf-8-sig")), delimiter=";"))
    assert len(rows) == 27


@pytest.mark.parametrize("name", ["missing.json", "event"])
def test_what_is_no_plan_file_is_refused(planned: Planned, name: str) -> None:
    check_refused(planned[0]("workshop", "show", name), "be readable")


def test_a_plan_is_changed_by_hand_and_on_the_day(planned: Planned, plan: PlannedEvent) -> None:
    command, home = planned[0], planned[1]
    first = next(one for one in plan.plan.meetings if one.slot_id > "s03" and not one.fixed)
    gone = first.provider_id
    result = command("workshop", "change", "plan.json", "--out", "day.json", "--absent", gone, "--from-slot", "s03")
    assert result.code == 0, result.err
    lost = [one for one in plan.plan.meetings if one.provider_id == gone and one.slot_id >= "s03"]
    assert f"{len(plan.plan.meetings) - len(lost)} meetings stay, {len(lost)} go, " in result.out
    changed = read_plan(home / "day.json")
    assert check(changed.event, changed.plan) == []
    before, after = (
        {(one.company_id, one.provider_id, one.slot_id, one.table) for one in some.plan.meetings} for some in (plan, changed)
    )
    assert before - after == {(one.company_id, one.provider_id, one.slot_id, one.table) for one in lost}
    assert {(one.company_id, one.provider_id) for one in changed.reasons} == {one[:2] for one in after}
    kept = command("workshop", "change", "day.json", "--out", "day.json", "--forbid", f"{first.company_id},{gone}")
    assert "0 go, 0 are new" in kept.out
    both = f"{first.company_id},{gone}"
    stays = command("workshop", "change", "plan.json", "--out", "held.json", "--hold", both)
    assert f"{len(plan.plan.meetings)} meetings stay, 0 go, 0 are new" in stays.out
    assert [one.fixed for one in read_plan(home / "held.json").plan.meetings if one == first.model_copy(update={"fixed": True})]
    check_refused(
        command("workshop", "change", "held.json", "--out", "no.json", "--move", f"{both},s99"), "be one of the event's"
    )
    check_refused(command("workshop", "change", "plan.json", "--out", "no.json"), "say what is to change")
    check_refused(command("workshop", "change", "plan.json", "--out", "no.json", "--fix", "c01"), "2 or 3 ids")
    check_refused(command("workshop", "change", "plan.json", "--out", "no.json", "--swap", "c01,x,c02,y"), "be in the plan")
    assert not (home / "no.json").exists()


def statuses(folder: Path) -> dict[str, set[tuple[str, int]]]:
    """UID → status and sequence number of each entry of the calendars."""
    found: dict[str, set[tuple[str, int]]] = {}
    for file in (folder / "calendars").iterdir():
        for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT"):
            found.setdefault(str(event["uid"]), set()).add((str(event["status"]), int(event["sequence"])))
    return found


def test_a_draft_is_changed_made_final_and_changed_again(planned: Planned, plan: PlannedEvent, tmp_path: Path) -> None:
    command = planned[0]
    files = [tmp_path / name for name in ("draft.json", "final.json", "second.json")]
    first, last = plan.plan.meetings[0], plan.plan.meetings[-1]
    taken_out = f"{first.company_id},{first.provider_id}"
    drafted = command("workshop", "change", "plan.json", "--out", files[0], "--forbid", taken_out)
    assert (drafted.code, "To be told" in drafted.out, "draft of " in drafted.out) == (0, False, True)
    done = command("workshop", "final", files[0], "--out", files[1])
    assert (done.code, done.err) == (0, "")
    assert ": final, version 1 of " in done.out
    changed = command("workshop", "change", files[1], "--out", files[2], "--absent", last.company_id)
    assert changed.code == 0, changed.err
    one, two = read_plan(files[1]), read_plan(files[2])
    assert (one.status, one.version, two.status, two.version) == ("final", 1, "final", 2)
    assert f"To be told: {len(two.changed_for)} participants" in changed.out
    assert last.company_id in {told.participant_id for told in two.changed_for}
    shown = command("workshop", "show", files[2], "--of", last.company_id)
    assert "final, version 2 of " in shown.out
    assert shown.out.count("cancelled in version 2: ") == sum(m.company_id == last.company_id for m in one.plan.meetings)
    exported = []
    for number, file in enumerate(files):
        folder = tmp_path / f"export-{number}"
        assert command("workshop", "export", file, "--folder", folder).code == 0
        exported.append(statuses(folder))
    assert {state for found in exported[0].values() for state in found} == {("TENTATIVE", 0)}
    assert {state for found in exported[1].values() for state in found} == {("CONFIRMED", 0)}
    assert {state for found in exported[2].values() for state in found} == {("CONFIRMED", 1), ("CANCELLED", 1)}
    assert exported[0].keys() == exported[1].keys() <= exported[2].keys()
    gone = [uid for uid, found in exported[2].items() if found == {("CANCELLED", 1)}]
    assert len(gone) == 2 * len(two.cancelled)
    assert "DRAFT" in (tmp_path / "export-0" / "booklet.html").read_text(encoding="utf-8")
    assert not (tmp_path / "export-0" / "outcomes.xlsx").exists()


def test_what_cannot_be_made_final_is_refused_and_nothing_written(planned: Planned, plan: PlannedEvent, tmp_path: Path) -> None:
    command, no = planned[0], tmp_path / "no.json"
    content = json.loads(plan.as_json)
    content["plan"]["meetings"][0]["table"] = 99
    (tmp_path / "edited.json").write_text(json.dumps(content), encoding="utf-8")
    check_refused(command("workshop", "final", tmp_path / "edited.json", "--out", no), "break no rule", "at table 99")
    done = tmp_path / "final.json"
    assert command("workshop", "final", "plan.json", "--out", done).code == 0
    check_refused(command("workshop", "final", done, "--out", no), "be a draft to be made final", "version 1")
    check_refused(command("workshop", "final", tmp_path / "missing.json", "--out", no), "be readable")
    check_refused(command("workshop", "final", "plan.json", "--out", tmp_path / "none" / "no.json"), "be writable")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["edited.json", "final.json"]


def test_insight_tells_who_could_step_in_and_what_rules_cost(planned: Planned) -> None:
    result = planned[0]("workshop", "insight", "plan.json", "--seconds", "3")
    assert (result.code, result.err) == (0, "")
    assert "Who could step in" in result.out
    assert "would rather have each other" in result.out
    assert "one more table" in result.out
