from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from embeddings.errors import Refusal
from matcher.pipeline import Matcher
from matcher.records import MatchRequest
from service.workshop.plan_file import read_plan, reasons_for
from tests.unit.service.workshop.planned_events import event, meeting, participants, planned


def written(folder: Path, content: str) -> Path:
    file = folder / "plan.json"
    file.write_text(content, encoding="utf-8")
    return file


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    told = planned()
    assert read_plan(written(tmp_path, told.as_json)) == told
    assert planned().as_json == told.as_json
    assert told.matrix.tolist() == [[0.25, 0.25], [0.25, 0.25]]


def changed(**values: Any) -> str:
    return json.dumps({**json.loads(planned().as_json), **values})


VERSION = {"number": 1, "made_at": "2027-03-02T08:30:00Z"}
GONE = {"meeting": json.loads(planned().plan.meetings[0].model_dump_json()), "version": 2}


def test_files_from_before_there_were_versions_are_drafts(tmp_path: Path) -> None:
    content = json.loads(planned().as_json)
    for name in ("status", "version", "versions", "cancelled", "changed_for"):
        del content[name]
    told = read_plan(written(tmp_path, json.dumps(content)))
    assert (told.status, told.version, told.versions, told.stands_since) == ("draft", 1, (), told.made_at)
    assert told == planned()


WRONG: dict[str, tuple[str, str]] = {
    "another status": (changed(status="printed"), "must be"),
    "version 0": (changed(version=0), "must be"),
    "a draft that was changed after it was final": (changed(version=2), "be version 1 as a draft"),
    "a draft that was handed out": (changed(versions=[VERSION]), "be version 1 as a draft"),
    "a final plan of no time": (changed(status="final"), "count from 1 to 1. Got none"),
    "a version that is missing": (changed(status="final", version=2, versions=[VERSION]), "count from 1 to 2. Got 1"),
    "cancelled in a later version": (
        changed(status="final", versions=[VERSION], cancelled=[GONE]),
        "be cancelled by version 1. Got version 2",
    ),
    "cancelled, but taking place": (
        changed(status="final", versions=[VERSION], cancelled=[{**GONE, "version": 1}]),
        "be of two who do not meet. Got bruno and lungs",
    ),
    "a stranger's cancelled meeting": (
        changed(status="final", versions=[VERSION], cancelled=[{**GONE, "meeting": {**GONE["meeting"], "company_id": "zoe"}}]),
        "hold meetings of the event's participants",
    ),
    "a stranger to be told": (changed(changed_for=[{"participant_id": "zoe"}]), "name participants of the event"),
    "no JSON": ("{", "be JSON"),
    "no object": ("[]", "be a planned event of format 1"),
    "another format": (changed(format=2), "be a planned event of format 1. Got 2"),
    "a probability above 1": (changed(probabilities=[[0.25, 1.25], [0.25, 0.25]]), "be at most 1"),
    "a row too many": (changed(probabilities=[[0.25, 0.25]] * 3), "be 2 rows of 2"),
    "a row too short": (changed(probabilities=[[0.25], [0.25, 0.25]]), "be 2 rows of 2"),
    "no event": (changed(event=None), "must"),
    "a stranger's meeting": (
        changed(plan=json.loads(planned(meeting("lungs", "bruno", "s01")).plan.model_dump_json().replace("bruno", "zoe"))),
        "hold meetings of the event's participants",
    ),
    "a meeting at no time": (
        changed(plan=json.loads(planned().plan.model_dump_json().replace("s01", "s09"))),
        "hold meetings in the event's slots",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_plan_is_refused_and_says_how_to_make_one(tmp_path: Path, name: str) -> None:
    content, words = WRONG[name]
    with pytest.raises(Refusal) as caught:
        read_plan(written(tmp_path, content))
    assert words in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="be readable"):
        read_plan(tmp_path / "plan.json")


def test_reasons_are_what_the_match_list_says_first(small_matcher: Matcher) -> None:
    lungs = participants()[0].need
    assert lungs is not None
    listed = {one.provider_id: one for one in small_matcher.match(MatchRequest(need=lungs)).matches}
    meetings = [meeting("lungs", "bruno", "s01"), meeting("vials", "carla", "s01", 2)]
    (found,) = reasons_for(event(), meetings, small_matcher)
    best = listed["bruno"].evidence[0]
    assert (found.company_id, found.provider_id) == ("lungs", "bruno")
    assert (found.need_sentence, found.text, found.reference) == (best.need_sentence, best.text, best.reference)
