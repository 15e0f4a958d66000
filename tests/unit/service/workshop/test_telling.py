"""Who has to be told, in words."""

from __future__ import annotations

from service.workshop.final import next_version
from service.workshop.programme import Programme
from service.workshop.telling import lines_of_changes, who_to_tell
from tests.unit.service.workshop.planned_events import final, final_programme, meeting, planned, programme

SECOND = Programme(next_version(final(), planned(meeting("lungs", "carla", "s02"), meeting("vials", "carla", "s01", 1))))


def test_each_is_told_what_is_cancelled_moved_and_new() -> None:
    assert [*who_to_tell(SECOND)] == [
        "To be told: 4 participants",
        "  Lungs BV [lungs]: cancelled: Bruno Institute (09:30–09:50); new: Carla Plant 09:55–10:15 at table 1",
        "  =Vials & <Søn> [vials]: moved: Carla Plant 09:30–09:50 at table 1",
        "  Bruno Institute [bruno]: cancelled: Lungs BV (09:30–09:50)",
        "  Carla Plant [carla]: moved: =Vials & <Søn> 09:30–09:50 at table 1; new: Lungs BV 09:55–10:15 at table 1",
    ]


def test_where_nothing_was_handed_out_before_nobody_has_to_be_told() -> None:
    assert [*who_to_tell(programme())] == [*who_to_tell(final_programme())] == []
    assert [*who_to_tell(Programme(next_version(final(), planned())))] == ["To be told: nobody"]


def test_changes_are_told_as_a_whole_and_for_one() -> None:
    cancelled = "cancelled in version 2: Lungs BV and Bruno Institute (09:30–09:50, table 1)"
    assert len([*lines_of_changes(SECOND)]) == 5
    assert [*lines_of_changes(SECOND)][-1] == cancelled
    assert [*lines_of_changes(SECOND, "bruno")] == [
        "changed in version 2 for Bruno Institute: cancelled: Lungs BV (09:30–09:50)",
        cancelled,
    ]
    assert len([*lines_of_changes(SECOND, "vials")]) == 1
    assert [*lines_of_changes(programme())] == []
