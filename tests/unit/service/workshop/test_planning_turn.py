from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from service.workshop.turn import PlannerBusy, PlanningTurn


def test_the_turn_goes_from_one_to_the_next() -> None:
    turn = PlanningTurn(patience_s=0.01)
    for _ in range(3):
        with turn.taken():
            pass


def test_a_failure_gives_the_turn_back() -> None:
    turn = PlanningTurn(patience_s=0.01)
    with pytest.raises(ZeroDivisionError), turn.taken():
        raise ZeroDivisionError
    with turn.taken():
        pass


def test_who_has_waited_long_enough_is_told_when_to_ask_again() -> None:
    turn = PlanningTurn(patience_s=0.01, again_in_s=3)
    with (
        turn.taken(),
        pytest.raises(PlannerBusy, match=r"be at most 1 at a time.*Ask again in 3 seconds") as told,
        turn.taken(),
    ):
        raise AssertionError
    assert told.value.again_in_s == 3


def test_who_finds_no_room_to_wait_is_told_so_at_once() -> None:
    turn = PlanningTurn(patience_s=3_600, most_waiting=1)
    began = Event()

    def wait() -> bool:
        began.set()
        with turn.taken():
            return True

    with ThreadPoolExecutor(1) as pool:
        with turn.taken():
            waiting = pool.submit(wait)
            assert began.wait(60)
            while turn._room.acquire(blocking=False):  # until the other one stands in it
                turn._room.release()
            with pytest.raises(PlannerBusy), turn.taken():
                raise AssertionError
        assert waiting.result(timeout=60)
