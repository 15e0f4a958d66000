from __future__ import annotations

from matcher.workshop.event import Event, Participant
from matcher.workshop.known_pairs import known_pairs, with_known_pairs
from tests.unit.matcher.histories import history

SLOT = {"slot_id": "s01", "starts": "2027-03-11T09:30:00+01:00", "ends": "2027-03-11T09:50:00+01:00"}
MET = ("introduced", "accepted", ("met", "2026-03-12", {"rating": "cooperation possible"}))


def participant(participant_id: str, side: str, name: str, country: str, provider_id: str = "") -> Participant:
    values = {"participant_id": participant_id, "side": side, "name": name, "country": country, "provider_id": provider_id}
    return Participant.model_validate(values)


def event(**more: object) -> Event:
    people = (
        participant("lungs", "company", "LUNGS B.V.", "NL"),
        participant("vials", "company", "Vials SA", "FR"),
        participant("b1", "provider", "Bruno Institute", "DE", "bruno"),
        participant("b2", "provider", "Bruno Institute, second table", "DE", "bruno"),
        participant("guest", "provider", "Guest", "DE"),
    )
    return Event.model_validate({"name": "Lung day", "slots": [SLOT], "participants": people, **more})


def test_who_met_before_is_known_under_every_id() -> None:
    found = known_pairs(event(), [history(1, *MET), history(2, *MET, provider="aqua")])
    assert found == (("lungs", "b1"), ("lungs", "b2"))


def test_who_told_of_a_contact_is_known() -> None:
    declined = ("introduced", ("declined", "2026-03-12", {"reason": "already in contact"}))
    assert known_pairs(event(), [history(1, *declined, company="Vials SA", country="FR")]) == (("vials", "b1"), ("vials", "b2"))


def test_others_are_not_known() -> None:
    histories = [
        history(1, "introduced", "accepted"),
        history(2, *MET, country="BE"),
        history(3, *MET, company=""),
        history(4, *MET, company="Other BV"),
    ]
    assert known_pairs(event(), histories) == ()


def test_the_event_keeps_what_it_knew_and_learns_what_is_new() -> None:
    before = event(known=(("vials", "guest"), ("b1", "lungs")))
    after = with_known_pairs(before, [("lungs", "b1"), ("lungs", "b2")])
    assert after.known == (("vials", "guest"), ("b1", "lungs"), ("lungs", "b2"))
