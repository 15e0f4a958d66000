from __future__ import annotations

import copy
from typing import Any

import pytest

from matcher.evaluation.comparison import NotComparable, check_comparable, checked_evaluation, compare
from matcher.evaluation.rankers import LEARNED

BENCHMARK = {"name": "tiny", "directory": "d1", "needs": "n1"}
NEEDS = [f"{group}-{company}" for group in range(20) for company in ("a", "b")]


def evaluation(quality: float = 0.5, **engine: Any) -> dict[str, Any]:
    values = {need: quality + 0.01 * (number % 3) for number, need in enumerate(NEEDS)}
    cut = {
        "name": "all countries",
        "by_need": {LEARNED: values, "random": dict.fromkeys(NEEDS, 0.0)},
        "groups": {need: need.partition("-")[0] for need in NEEDS},
    }
    return {"format": 1, "engine": {"encoder": "e1", "model": "m1", "benchmark": BENCHMARK, **engine}, "cuts": [cut]}


def test_the_difference_is_this_minus_the_other_need_by_need() -> None:
    found = compare(evaluation(0.5), evaluation(0.3, encoder="e2"), "other.json")
    (cut,) = found["cuts"]
    assert (found["name"], found["ranker"], found["measure"]) == ("other.json", LEARNED, "nDCG@10")
    assert found["engine"]["encoder"] == "e2"
    assert (cut["name"], cut["needs"], cut["better"], cut["worse"]) == ("all countries", 40, 40, 0)
    assert cut["this"] - cut["other"] == pytest.approx(0.2)
    assert [cut["difference"][name] for name in ("mean", "low", "high")] == pytest.approx([0.2, 0.2, 0.2])
    assert cut["difference"]["p_value"] < 0.001


def test_what_is_the_same_does_not_differ() -> None:
    (cut,) = compare(evaluation(), evaluation(), "same")["cuts"]
    assert (cut["better"], cut["worse"], cut["difference"]["mean"], cut["difference"]["p_value"]) == (0, 0, 0.0, 1.0)


def test_needs_may_stand_in_any_order() -> None:
    other = evaluation(0.3)
    by_need = other["cuts"][0]["by_need"]
    by_need[LEARNED] = dict(reversed(by_need[LEARNED].items()))
    assert compare(evaluation(), other, "turned") == compare(evaluation(), evaluation(0.3), "turned")


def test_needs_of_one_project_count_together() -> None:
    one, other = evaluation(), evaluation()
    one["cuts"][0]["by_need"][LEARNED] |= {"0-a": 1.0, "0-b": 1.0, "1-a": 1.0, "1-b": 1.0}
    (together,) = compare(one, other, "o")["cuts"]
    one["cuts"][0]["groups"] = {need: need for need in NEEDS}
    (apart,) = compare(one, other, "o")["cuts"]
    assert together["difference"]["p_value"] > apart["difference"]["p_value"]


def test_the_other_may_have_more_cuts() -> None:
    other = evaluation()
    other["cuts"].append(copy.deepcopy(other["cuts"][0]) | {"name": "five countries"})
    assert [cut["name"] for cut in compare(evaluation(), other, "o")["cuts"]] == ["all countries"]
    with pytest.raises(NotComparable) as caught:
        compare(other, evaluation(), "one.json")
    assert str(caught.value) == (
        "The cuts of one.json must hold 'five countries'. Got 'all countries'. Choose the same cut for both with --cut."
    )


def test_a_benchmark_is_known_by_its_content_not_by_its_name() -> None:
    renamed = evaluation(benchmark=BENCHMARK | {"name": "another"})
    assert compare(evaluation(), renamed, "o")["cuts"][0]["worse"] == 0
    with pytest.raises(NotComparable) as caught:
        check_comparable(BENCHMARK, ["all countries"], evaluation(benchmark=BENCHMARK | {"needs": "n2"}), "o.json")
    assert str(caught.value) == (
        "The benchmark of o.json must be directory d1 and needs n1. Got directory d1 and needs n2. "
        "Evaluate both on one benchmark."
    )


def test_other_needs_are_refused() -> None:
    other = evaluation()
    del other["cuts"][0]["by_need"][LEARNED]["3-a"]
    with pytest.raises(NotComparable, match=r"^The needs of 'all countries' in o must be the same in both\. Got 1 that only"):
        compare(evaluation(), other, "o")


def test_an_evaluation_is_taken_as_it_is() -> None:
    assert checked_evaluation(evaluation(), "e.json") == evaluation()


def broken(**changes: Any) -> dict[str, Any]:
    """An evaluation with something else in its only cut."""
    content = evaluation()
    content["cuts"][0] |= changes
    return content


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([1], "The file e.json must be an evaluation. Got [1]."),
        ({}, "The format of e.json must be 1, that of an evaluation. Got none."),
        (evaluation() | {"format": 2}, "The format of e.json must be 1, that of an evaluation. Got 2."),
        ({"format": 1, "cuts": []}, "The engine of e.json must name the encoder, model and benchmark. Got None."),
        (evaluation(model=""), "The engine of e.json must name the encoder, model and benchmark. Got {'encoder'"),
        (evaluation(benchmark="tiny"), "The benchmark of e.json must have fingerprints. Got 'tiny'."),
        (evaluation() | {"cuts": []}, "The cuts of e.json must have a name, groups, and values by need. Got something else."),
        (broken(name=None), "The cuts of e.json must have"),
        (broken(groups={}), "The cuts of e.json must have"),
        (broken(by_need={"random": {}}), "The cuts of e.json must have"),
        (broken(by_need={LEARNED: {"0-a": "much"}}), "The cuts of e.json must have"),
        (broken(by_need={LEARNED: {}}), "The cuts of e.json must have"),
        (evaluation() | {"cuts": ["all countries"]}, "The cuts of e.json must have"),
    ],
)
def test_what_is_no_evaluation_is_refused(content: object, said: str) -> None:
    with pytest.raises(NotComparable) as caught:
        checked_evaluation(content, "e.json")
    assert str(caught.value).startswith(said)
    assert str(caught.value).endswith("Make it with crossmatch evaluate --out.")
