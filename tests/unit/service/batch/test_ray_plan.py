"""Who encodes and who matches on which machine."""

from __future__ import annotations

from typing import Any

from service.batch.ray_plan import Machine, Seat, machines, seats

BUNDLED, TORCH = "bundled-e5", "sentence-transformers:a-model"
PLAIN, WITH_GPUS = Machine("a", 8, 0), Machine("b", 16, 2)


def node(name: str, alive: bool = True, **resources: float) -> dict[str, Any]:
    return {"NodeID": name, "Alive": alive, "Resources": {"memory": 1e9, **resources}}


def test_machines_are_those_that_live_and_have_a_processor_in_order_of_their_ids() -> None:
    told = [
        node("c", CPU=4.0),
        node("dead", alive=False, CPU=4.0),
        node("head"),
        node("b", CPU=2.0, GPU=1.0),
        node("x", CPU=0.0),
    ]
    assert machines(told) == [Machine("b", 2, 1), Machine("c", 4, 0)]


def test_each_machine_has_one_encoder_and_a_matcher_a_processor() -> None:
    assert seats([PLAIN], BUNDLED, None) == {"a": Seat(encoders=1, gpus_each=0, matchers=8, threads=8)}


def test_the_bundled_encoder_takes_no_gpu() -> None:
    assert seats([PLAIN, WITH_GPUS], BUNDLED, None)["b"] == Seat(encoders=1, gpus_each=0, matchers=16, threads=16)


def test_a_torch_model_is_encoded_on_gpus_alone_where_there_are_any() -> None:
    assert seats([PLAIN, WITH_GPUS], TORCH, None) == {"a": Seat(0, 1, 8, 8), "b": Seat(2, 1, 16, 16)}


def test_a_torch_model_is_encoded_everywhere_where_there_is_no_gpu() -> None:
    assert seats([PLAIN], TORCH, None) == {"a": Seat(1, 0, 8, 8)}


def test_so_many_match_as_are_asked_for_and_never_more_than_there_are_processors() -> None:
    assert seats([PLAIN], BUNDLED, 3)["a"] == Seat(encoders=1, gpus_each=0, matchers=3, threads=8)
    assert seats([PLAIN], BUNDLED, 30)["a"].matchers == 8
