from __future__ import annotations

import numpy as np

from matcher.workshop.crowded_tables import crowded_tables
from matcher.workshop.cuts import Cut, all_tables, crowded_people
from matcher.workshop.event import Event
from matcher.workshop.pairing import Pairing
from matcher.workshop.ranks import Rank, broken_ranks, ranks_of
from tests.unit.matcher.workshop.small_events import ALL_MAY, chances, event, people

MORNING = {"slots": ["s1", "s2"]}
AFTERNOON = {"slots": ["s3", "s4"]}


def all_pairs(made: Event) -> tuple[Pairing, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    pairing = Pairing.of(made, chances(made))
    rows, columns = np.nonzero(pairing.allowed)
    return pairing, (rows, columns, np.ones(len(rows)))


def is_broken(pairing: Pairing, cut: Cut, meetings: tuple[np.ndarray, np.ndarray, np.ndarray]) -> bool:
    rows, columns, amount = meetings
    return bool(cut.costs(pairing, rows, columns) @ amount > cut.stock(pairing) + 1e-9)


def test_who_has_more_meetings_in_the_morning_than_it_has_slots_is_crowded() -> None:
    pairing, meetings = all_pairs(event(people(1, 4, p1=MORNING, p2=MORNING, p3=MORNING), loads=ALL_MAY))
    ((over, cut),) = crowded_people(pairing, *meetings)
    assert over == 1.0
    assert is_broken(pairing, cut, meetings)
    assert cut.costs(pairing, *meetings[:2]).tolist() == [1.0, 1.0, 1.0, 0.0]
    assert cut.stock(pairing) == 2.0


def test_nobody_is_crowded_who_has_time() -> None:
    pairing, meetings = all_pairs(event(people(1, 4, p1=MORNING, p2=MORNING, p3=AFTERNOON, p4=AFTERNOON), loads=ALL_MAY))
    assert crowded_people(pairing, *meetings) == []


def test_more_meetings_in_the_morning_than_there_are_tables_are_crowded() -> None:
    made = event(people(3, 3, c1=MORNING, c2=MORNING, c3=AFTERNOON), tables=1, loads=ALL_MAY)
    pairing, meetings = all_pairs(made)
    found = crowded_tables(pairing, *meetings)
    assert all(is_broken(pairing, cut, meetings) for _, cut in found)
    # Of nine meetings two fit into the afternoon, as only one company is there, and two into the morning.
    assert max(over for over, _ in found) == 5.0


def test_time_and_tables_are_looked_at_together() -> None:
    # Everybody could meet in the afternoon, but the one provider has only two slots then.
    made = event(people(4, 1, c1=MORNING), tables=1, slot_count=4, loads=ALL_MAY)
    pairing, (rows, columns, amount) = all_pairs(made)
    assert crowded_tables(pairing, rows, columns, amount) == []
    more = np.append(rows, 0), np.append(columns, 0), np.append(amount, 1.0)
    assert crowded_tables(pairing, *more) != []


def test_among_companies_the_same_holds() -> None:
    made = event(people(4, 0, c1=MORNING, c2=MORNING), tables=1, slot_count=4, kind="company to company", loads=ALL_MAY)
    pairing, meetings = all_pairs(made)
    found = [*crowded_tables(pairing, *meetings), *crowded_people(pairing, *meetings)]
    assert found
    assert all(is_broken(pairing, cut, meetings) for _, cut in found)


def test_all_tables_limit_all_meetings() -> None:
    pairing, (rows, columns, _) = all_pairs(event(people(3, 3), tables=2, slot_count=3))
    cut = all_tables(pairing)
    assert cut.stock(pairing) == 6.0
    assert cut.costs(pairing, rows, columns).tolist() == [1.0] * 9


def test_a_company_needs_so_many_good_partners_to_be_served_so_well() -> None:
    made = event(people(1, 5), loads={"company_most": 3}, policy={"mode": "neutral"})
    pairing = Pairing.of(made, np.array([[0.5, 0.25, 0.25, 0.125, 0.0]]))
    ranks = {rank.count: rank for rank in ranks_of(pairing, 0.875)}
    # One of three is worth 0.875 / 3; with the best, two others share 0.375; with the two best, the third is worth 0.125.
    assert [round(ranks[count].threshold, 6) for count in (1, 2, 3)] == [round(0.875 / 3, 6), 0.1875, 0.125]
    rows, columns = np.zeros(3, dtype=np.int64), np.array([1, 2, 4])
    broken = broken_ranks(pairing, list(ranks.values()), rows, columns, np.ones(3))
    assert {(over, rank.count) for over, rank in broken} == {(1.0, 1), (1.0, 3)}


def test_a_rank_counts_meetings_that_are_worth_enough() -> None:
    made = event(people(2, 2), policy={"mode": "neutral"})
    pairing = Pairing.of(made, np.array([[0.5, 0.25], [0.5, 0.5]]))
    rank = Rank(0, 0.375, 1)
    rows, columns = np.nonzero(pairing.allowed)
    assert rank.costs(pairing, rows, columns).tolist() == [-1.0, 0.0, 0.0, 0.0]
    assert rank.stock(pairing) == -1.0
