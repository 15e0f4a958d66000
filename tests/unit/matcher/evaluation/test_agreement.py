from __future__ import annotations

import sys

import pytest

from embeddings.errors import Refusal
from matcher.evaluation.agreement import Agreement, agreement
from tests.layout.source_tree import ROOT, run_python


def judge(*grades: int | None) -> dict[str, dict[str, int]]:
    """A judge's grades of pairs 0, 1, 2 … of two needs; `None` is not judged."""
    qrels: dict[str, dict[str, int]] = {"n1": {}, "n2": {}}
    for number, grade in enumerate(grades):
        if grade is not None:
            qrels["n1" if number % 2 else "n2"][f"p{number}"] = grade
    return qrels


def test_the_numbers_of_a_table_worked_out_by_hand() -> None:
    """4 of 6 agree. Grades 0 to 3 are given 2 1 1 2 times by one and 2 0 3 1 times by the other: chance gives 9 of 36."""
    found = agreement(judge(0, 0, 1, 2, 3, 3), judge(0, 0, 2, 2, 3, 2))
    assert (found.pairs, found.notes) == (6, ())
    assert found.raw == pytest.approx(4 / 6)
    assert found.kappa == pytest.approx((4 / 6 - 9 / 36) / (1 - 9 / 36))


def test_kappa_of_the_textbook_table() -> None:
    """Two judges of 50: 20 both yes, 15 both no, 5 and 10 apart; chance 1/2, kappa 0.4 (Wikipedia, "Cohen's kappa")."""
    one = judge(*([1] * 20 + [1] * 5 + [0] * 10 + [0] * 15))
    other = judge(*([1] * 20 + [0] * 5 + [1] * 10 + [0] * 15))
    found = agreement(one, other)
    assert found.raw == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.weighted_kappa == pytest.approx(0.4)


def test_weights_forgive_grades_that_lie_close() -> None:
    close = agreement(judge(0, 1, 2, 3), judge(1, 1, 2, 3))
    far = agreement(judge(0, 1, 2, 3), judge(3, 1, 2, 3))
    assert close.raw == far.raw == pytest.approx(3 / 4)
    assert close.weighted_kappa is not None
    assert far.weighted_kappa is not None
    assert close.alpha is not None
    assert far.alpha is not None
    assert close.weighted_kappa > far.weighted_kappa
    assert close.alpha > far.alpha


def test_quadratic_kappa_worked_out_by_hand() -> None:
    """One of four pairs differs, by 1; by chance, every grade of one meets every grade of the other."""
    found = agreement(judge(0, 1, 2, 3), judge(1, 1, 2, 3))
    by_chance = sum((a - b) ** 2 for a in (0, 1, 2, 3) for b in (1, 1, 2, 3)) / 16
    assert found.weighted_kappa == pytest.approx(1 - (1 / 4) / by_chance)


def test_ordinal_alpha_worked_out_by_hand() -> None:
    """With two grades the metric cancels out: alpha is 1 - coincidences apart / those by chance, 2 n0 n1 / (n - 1)."""
    # Pairs 0 0 and 0 1: apart 2, by chance 2 * 3 * 1 / 3 = 2.
    assert agreement(judge(0, 0), judge(0, 1)).alpha == pytest.approx(0)
    # Pairs 0 0, 1 1 and 0 1: apart 2, by chance 2 * 3 * 3 / 5.
    assert agreement(judge(0, 1, 0), judge(0, 1, 1)).alpha == pytest.approx(1 - 2 / (18 / 5))


def test_judges_who_say_the_same_agree_fully_and_the_order_of_judges_makes_no_difference() -> None:
    one, other = judge(0, 3, 2, 1, 1), judge(1, 3, 2, 0, 1)
    assert agreement(one, one) == Agreement(5, 1.0, 1.0, 1.0, 1.0)
    there, back = agreement(one, other), agreement(other, one)
    assert (there.kappa, there.weighted_kappa, there.alpha) == pytest.approx((back.kappa, back.weighted_kappa, back.alpha))


def test_only_pairs_that_both_judged_count() -> None:
    found = agreement(judge(0, 3, 2, None, 1), judge(0, 3, None, 2, 2) | {"n9": {"p0": 3}})
    assert found.pairs == 3
    assert found.raw == pytest.approx(2 / 3)


def test_a_single_grade_leaves_kappa_undefined_with_a_note_and_no_warning() -> None:
    found = agreement(judge(2, 2, 2), judge(2, 2, None))
    assert (found.pairs, found.raw) == (2, 1.0)
    assert (found.kappa, found.weighted_kappa, found.alpha) == (None, None, None)
    assert found.notes == ("Both gave nothing but grade 2: kappa and alpha are not defined.",)


@pytest.mark.parametrize("other", [(1, 1), (3, 2), (0, 1)])
def test_one_judge_with_a_single_grade_tells_no_more_than_chance(other: tuple[int, int]) -> None:
    found = agreement(judge(2, 2), judge(*other))
    assert found.kappa == pytest.approx(0)
    assert found.weighted_kappa == pytest.approx(0)


def test_a_single_pair_judged_apart_has_numbers() -> None:
    found = agreement(judge(0), judge(3))
    assert (found.pairs, found.raw, found.kappa, found.alpha) == (1, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("other", [{}, {"n9": {"p0": 1}}, {"n1": {"p0": 1}}], ids=["nothing", "another need", "another pair"])
def test_judges_without_a_pair_in_common_are_refused(other: dict[str, dict[str, int]]) -> None:
    with pytest.raises(Refusal, match=r"The judgements of two judges must have a pair in common\. Got none\."):
        agreement(judge(1), other)


def test_importing_loads_neither_scikit_learn_nor_krippendorff() -> None:
    code = "import sys, matcher.evaluation.agreement; print({'sklearn', 'krippendorff', 'pandas'} & set(sys.modules))"
    run = run_python(code, cwd=ROOT)
    assert (run.returncode, run.stdout.strip()) == (0, "set()"), run.stderr


def test_without_the_extra_package_kappa_is_said_and_how_to_get_alpha(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    found = agreement({"n": {"a": 1, "b": 2}}, {"n": {"a": 1, "b": 3}})
    assert found.alpha is None
    assert found.kappa is not None
    assert found.notes == ("Krippendorff's alpha needs another package: pip install 'crossmatch[judging]'",)
