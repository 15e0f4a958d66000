from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcher.pipeline import Matcher
from matcher.records import Need
from matcher.workshop.event import Event, Participant
from matcher.workshop.usefulness import UNKNOWN, usefulness
from tests.fakes import need

LUNGS = need(company="Lungs BV")
VACCINES = need(text="We look for a vaccine plant with a filling line for clinical batches.", country="FR")
MONEY = need(text="We look for seed venture capital for medical devices.", country="DK", categories=("finance",))
SLOT = {"slot_id": "s01", "starts": "2027-03-11T09:30:00+01:00", "ends": "2027-03-11T09:50:00+01:00"}


def company(participant_id: str, asked: Need | None, **more: Any) -> Participant:
    country = asked.country if asked else "NL"
    values = {"participant_id": participant_id, "side": "company", "name": participant_id.title(), "country": country}
    return Participant.model_validate({**values, "need": asked, **more})


def provider(participant_id: str, provider_id: str = "") -> Participant:
    values = {"participant_id": participant_id, "side": "provider", "name": participant_id.title(), "country": "DE"}
    return Participant.model_validate({**values, "provider_id": provider_id})


def event(*participants: Participant, kind: str = "partnering workshop") -> Event:
    return Event.model_validate({"name": "Lung day", "kind": kind, "slots": [SLOT], "participants": participants})


KNOWN = [provider(one, one) for one in ("aqua", "bruno", "carla", "dion")]


def test_every_pair_has_the_probability_of_the_relevance_model(small_matcher: Matcher) -> None:
    found = usefulness(event(company("lungs", LUNGS), company("vials", VACCINES), *KNOWN), small_matcher)
    rows = small_matcher.index.rows_of(one.provider_id for one in KNOWN)
    expected = [small_matcher.probabilities(small_matcher.encode(one), rows) for one in (LUNGS, VACCINES)]
    assert found.probabilities.tolist() == np.array(expected).tolist()
    assert found.probabilities[0].argmax() in (0, 1)
    assert found.probabilities[1].argmax() == 2
    assert found.notes == ()


def test_the_order_is_that_of_the_event(small_matcher: Matcher) -> None:
    one = usefulness(event(company("lungs", LUNGS), *KNOWN, company("vials", VACCINES)), small_matcher)
    other = usefulness(event(*KNOWN[::-1], company("vials", VACCINES), company("lungs", LUNGS)), small_matcher)
    assert one.probabilities.tolist() == other.probabilities[::-1, ::-1].tolist()


def test_who_is_not_in_the_directory_has_the_companys_mean(small_matcher: Matcher) -> None:
    people = [company("lungs", LUNGS), *KNOWN, provider("guest"), provider("other", "nobody")]
    found = usefulness(event(*people), small_matcher)
    mean = found.probabilities[0, :4].mean()
    assert found.probabilities[0, 4:].tolist() == pytest.approx([mean, mean])
    assert found.notes == (
        "Guest (guest) is not in the directory: the mean of the others stands in.",
        "Other (other) is not in the directory: the mean of the others stands in.",
    )


def test_who_has_no_need_has_the_providers_mean(small_matcher: Matcher) -> None:
    people = [company("lungs", LUNGS), company("vials", VACCINES), company("quiet", None), *KNOWN, provider("guest")]
    found = usefulness(event(*people), small_matcher)
    assert found.probabilities[2, :4].tolist() == pytest.approx(found.probabilities[:2, :4].mean(axis=0).tolist())
    assert found.probabilities[2, 4] == pytest.approx(found.probabilities[:2, :4].mean())
    assert found.notes[0] == "Quiet (quiet) has no need: the mean of the others stands in."


def test_where_nothing_is_known_all_pairs_are_alike(small_matcher: Matcher) -> None:
    found = usefulness(event(company("quiet", None), company("still", None), *KNOWN[:1], provider("guest")), small_matcher)
    assert found.probabilities.tolist() == [[UNKNOWN, UNKNOWN], [UNKNOWN, UNKNOWN]]
    assert len(found.notes) == 3


def test_the_organisation_itself_and_categories_not_sought_count_nothing(small_matcher: Matcher) -> None:
    own = need(company="Bruno Institute", country="DE")
    people = [company("bruno-too", own), company("money", MONEY), *KNOWN, provider("guest")]
    found = usefulness(event(*people), small_matcher)
    assert (found.probabilities == 0.0).tolist() == [
        [False, True, False, False, False],
        [True, True, True, False, False],
    ]
    assert found.probabilities[1, 4] == pytest.approx(found.probabilities[1, 3])
    assert found.notes[-1] == "Companies that look for some categories only, for whom others count 0: money."


def test_companies_among_themselves_are_ordered_by_how_alike_their_needs_are(small_matcher: Matcher) -> None:
    alike = need(text="We look for inhalation toxicology and lung models.", country="BE")
    people = [company("a", LUNGS), company("b", alike), company("c", VACCINES), company("d", MONEY), company("e", None)]
    found = usefulness(event(*people, kind="company to company"), small_matcher)
    values = found.probabilities
    assert values.shape == (5, 5)
    assert values.tolist() == values.T.tolist()
    assert np.diag(values).tolist() == [0.0] * 5
    assert values.max() == values[0, 1]
    assert ((values >= 0) & (values <= 1)).all()
    assert values[0, 4] == pytest.approx(values[0, 1:4].mean())
    assert "is a guess" in found.notes[-1]
    assert found.notes[0].startswith("E (e) has no need")


def test_companies_with_one_need_among_them_are_all_alike(small_matcher: Matcher) -> None:
    people = [company("a", LUNGS), company("b", None), company("c", None)]
    found = usefulness(event(*people, kind="company to company"), small_matcher)
    assert sorted(set(found.probabilities.ravel().tolist())) == [0.0, UNKNOWN]


def test_progress_is_told_need_by_need(small_matcher: Matcher) -> None:
    told: list[tuple[int, int]] = []
    usefulness(
        event(company("lungs", LUNGS), company("quiet", None), *KNOWN), small_matcher, lambda done, of: told.append((done, of))
    )
    assert told == [(1, 2), (2, 2)]
