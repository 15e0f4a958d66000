from __future__ import annotations

import threading

import pytest

from service.batch.in_order import InOrder
from tests.postgres import DEADLINE, until


def test_calls_are_carried_out_in_order_and_all_of_them() -> None:
    done: list[int] = []
    with InOrder(2) as calls:
        for number in range(50):
            calls.hand_in(lambda number=number: done.append(number))  # type: ignore[misc]
    assert done == list(range(50))


def test_who_hands_in_does_not_wait_for_a_few_and_waits_for_many() -> None:
    let_go, handed_in = threading.Event(), threading.Semaphore(0)

    def hand_in_five() -> None:
        with InOrder(2) as calls:
            for _ in range(5):
                calls.hand_in(lambda: assert_true(let_go.wait(DEADLINE)))
                handed_in.release()

    thread = threading.Thread(target=hand_in_five)
    thread.start()
    for _ in range(3):
        assert handed_in.acquire(timeout=DEADLINE)
    assert not handed_in.acquire(blocking=False)
    let_go.set()
    thread.join(DEADLINE)
    assert not thread.is_alive()


def assert_true(held: bool) -> None:
    assert held


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_reaches_who_hands_in_and_nothing_after_it_is_carried_out(error: type[BaseException]) -> None:
    done: list[int] = []

    def call(number: int) -> None:
        if number == 3:
            raise error("three")
        done.append(number)

    def hand_in_all() -> None:
        with InOrder(2) as calls:
            for number in range(50):
                calls.hand_in(lambda number=number: call(number))  # type: ignore[misc]

    with pytest.raises(error, match="three"):
        hand_in_all()
    assert done == [0, 1, 2]


def test_an_error_of_the_last_call_is_not_lost() -> None:
    def fail() -> None:
        raise ValueError("last")

    def hand_in_one() -> None:
        with InOrder(2) as calls:
            calls.hand_in(fail)

    with pytest.raises(ValueError, match="last"):
        hand_in_one()


def test_where_who_hands_in_fails_what_waits_is_not_carried_out() -> None:
    begun = threading.Event()
    done: list[str] = []

    def hand_in_and_fail() -> None:
        with InOrder(2) as calls:

            def first() -> None:
                begun.set()
                until(lambda: calls._ended, "the other to fail")
                done.append("first")

            calls.hand_in(first)
            calls.hand_in(lambda: done.append("second"))
            assert begun.wait(DEADLINE)
            raise ValueError("outside")

    with pytest.raises(ValueError, match="outside"):
        hand_in_and_fail()
    assert done == ["first"]
