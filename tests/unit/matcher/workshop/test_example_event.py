from __future__ import annotations

import pytest

from matcher.shipped import shipped_directory, shipped_needs
from matcher.workshop.event_files import EventRead, read_event
from matcher.workshop.example import example_event
from matcher.workshop.participant_rows import COLUMNS
from tests.data.test_no_persons import E_MAIL, PERSON, TELEPHONE


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> EventRead:
    folder = tmp_path_factory.mktemp("example")
    for name, content in example_event().items():
        (folder / name).write_bytes(content)
    return read_event(folder, shipped_directory())


def test_the_example_is_an_event_without_a_mistake(found: EventRead) -> None:
    assert found.notes == ()
    event = found.event
    assert [sum(one.side == side for one in event.participants) for side in ("company", "provider")] == [10, 16]
    assert (len(event.slots), event.tables) == (12, 8)
    assert event.wishes
    assert event.known
    assert event.fixed
    assert event.forbidden


def test_its_providers_are_of_the_shipped_directory_and_its_companies_invented(found: EventRead) -> None:
    directory, invented = shipped_directory(), {need.company for need in shipped_needs()}
    for one in found.event.participants:
        if one.side == "provider":
            assert directory.provider(one.provider_id).name == one.name
        else:
            assert one.name in invented
            assert one.need is not None


def test_no_person_is_in_it() -> None:
    text = b"\n".join(example_event().values()).decode()
    assert not any(pattern.search(text) for pattern in (PERSON, E_MAIL, TELEPHONE))


def test_it_shows_every_table_and_column() -> None:
    files = example_event()
    assert set(files) == {
        "README.md",
        "event.toml",
        "fixed.csv",
        "forbidden.csv",
        "known.csv",
        "participants.csv",
        "wishes.csv",
    }
    explained = files["README.md"].decode()
    assert [name for name in files if f"`{name.removesuffix('.csv')}`" not in explained] == ["README.md"]
    assert [column for column in COLUMNS if f"`{column}`" not in explained] == []
