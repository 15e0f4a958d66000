from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from matcher.gaps.analysis import find_gaps
from matcher.gaps.asked import AskedNeed
from matcher.gaps.findings import GapAnalysis, Skipped
from matcher.gaps.one_gap import GapConfig
from tests.unit.matcher.gaps.asked_needs import asked, bank, direction, near

LINE = 0.5
ORDINARY = bank(LINE, LINE, LINE)
GOOD, POOR, NOBODY = (0.4, 0.3), (0.2, 0.1), (0.01,)


def found_in(needs: Sequence[AskedNeed], **more: Any) -> GapAnalysis:
    config = GapConfig(shows_titles=more.pop("shows_titles", False))
    return find_gaps(needs, ORDINARY, config, source="the tests", **more)


def on_cells(count: int, probabilities: tuple[float, ...] = POOR, first: int = 0) -> list[AskedNeed]:
    """Needs about the axis 0 in the words of cell therapy."""
    return [
        asked(
            f"cell-{first + place}",
            direction(0, 1 + (first + place) % 3),
            probabilities,
            text="We look for CAR-T manufacturing.",
            title=f"Secret{first + place}",
            region="nl-oost",
        )
        for place in range(count)
    ]


def on_funds(count: int, **more: Any) -> list[AskedNeed]:
    """Needs about the axis 5, for finance."""
    values: dict[str, Any] = {
        "text": "We raise a seed round.",
        "fields": ("finance",),
        "region": "be-liege",
        "country": "BE",
        **more,
    }
    return [asked(f"fund-{place}", direction(5, 6 + place % 2), POOR, **values) for place in range(count)]


def test_without_needs_there_is_nothing_to_find() -> None:
    found = found_in([], skipped=Skipped(erased=2))
    assert (found.needs, found.companies, found.subjects, found.gaps, found.cells, found.expected) == (0, 0, 0, (), (), ())
    assert (found.unmet.value, found.unmet.denominator, found.skipped.erased) == (None, 0, 2)
    assert found.lines == {"en": LINE}


def test_when_all_are_met_there_is_no_gap() -> None:
    found = found_in(on_cells(6, GOOD))
    assert (found.unmet.numerator, found.unmet.denominator, found.gaps, found.why) == (0, 6, (), {})
    assert [(cell.region, cell.field, cell.unmet.numerator) for cell in found.cells] == [("nl-oost", "technology", 0)]


def test_two_subjects_without_a_good_provider_are_two_gaps_the_larger_first() -> None:
    found = found_in([*on_funds(5), *on_cells(7)])
    assert [(gap.number, gap.unmet.numerator, gap.unmet.denominator) for gap in found.gaps] == [(1, 7, 7), (2, 5, 5)]
    assert (found.unmet.value, found.subjects, found.why) == (1.0, 2, {"under the line": 12})
    cells, funds = found.gaps
    assert (cells.label_language, set(cells.label.split(", "))) == ("en", {"CAR-T", "manufacturing"})
    assert (set(funds.label.split(", ")), funds.theme.kind) == ({"raise", "round", "seed"}, "pitch event")
    assert (cells.fields, cells.regions, cells.countries) == ({"technology": 7}, {"nl-oost": 7}, {"NL": 7})
    assert (cells.companies, cells.is_anecdote, cells.why) == (7, False, {"under the line": 7})
    assert cells.of_all.value == pytest.approx(7 / 12)


def test_met_needs_on_the_subject_are_counted_beside_the_unmet() -> None:
    (gap,) = found_in([*on_cells(5), *on_cells(3, GOOD, first=5)]).gaps
    assert (gap.unmet.numerator, gap.unmet.denominator, gap.of_all.denominator) == (5, 8, 8)
    assert gap.unmet.low is not None
    assert gap.unmet.high is not None
    assert gap.unmet.low < 5 / 8 < gap.unmet.high


def test_few_needs_are_an_anecdote_and_stand_last() -> None:
    found = found_in([*on_cells(4), *on_funds(5)])
    assert [(gap.is_anecdote, gap.unmet.numerator) for gap in found.gaps] == [(False, 5), (True, 4)]
    assert found.gaps[1].theme.reason.startswith("4 needs: an anecdote, not a gap.")


def test_many_needs_of_one_company_are_an_anecdote() -> None:
    (gap,) = found_in(on_funds(9, company="Acme")).gaps
    assert (gap.companies, gap.is_anecdote, gap.label) == (1, True, "")
    assert gap.theme.reason.startswith("9 needs of 1 company: an anecdote")


def test_needs_without_any_good_match_are_to_recruit_for() -> None:
    needs = [asked(f"n{place}", direction(0), NOBODY, region="nl-oost") for place in range(5)]
    (gap,) = found_in(needs).gaps
    assert (gap.why, gap.in_question, gap.theme.kind, gap.near_line) == ({"no good match": 5}, 0.0, "recruit", 0)
    assert (gap.recruit[0].region, gap.recruit[0].probability) == ("de-one", pytest.approx(0.01))


def test_needs_of_another_world_are_to_be_asked_about_first() -> None:
    needs = [asked(f"n{place}", direction(0), GOOD, belongs=0.1) for place in range(5)]
    (gap,) = found_in(needs).gaps
    assert (gap.why, gap.theme.kind) == ({"unlike the directory": 5}, "ask first")


def test_who_has_a_provider_at_home_lacks_one_abroad() -> None:
    home, abroad = near("aqua", 0.9, "NL"), near("bruno", 0.2)
    needs = [asked(f"n{place}", direction(0), abroad=(abroad,), anywhere=(home, abroad)) for place in range(5)]
    (gap,) = found_in(needs).gaps
    assert gap.at_home == 5
    assert [one.provider_id for one in gap.nearest] == ["aqua", "bruno"]
    assert [one.provider for one in gap.recruit] == ["Bruno"]
    assert "at home: what lacks is one abroad" in gap.theme.reason


def test_regions_and_fields_are_counted_each_by_itself() -> None:
    needs = [
        asked("a", direction(0), GOOD, fields=("technology", "finance"), region="nl-oost"),
        asked("b", direction(0), POOR, fields=("finance",), region="nl-oost"),
        asked("c", direction(0), POOR, fields=("any",)),
    ]
    cells = [(one.region, one.field, one.unmet.numerator, one.unmet.denominator) for one in found_in(needs).cells]
    assert cells == [("nl-oost", "finance", 1, 2), ("nl-oost", "technology", 0, 1), ("not told", "any", 1, 1)]


def test_the_order_of_the_needs_changes_nothing() -> None:
    needs = [*on_cells(3), *on_funds(2), asked("alone", direction(9), NOBODY)]
    found = found_in(needs)
    for order in itertools.islice(itertools.permutations(needs), 0, 720, 97):
        assert found_in(order) == found


def test_nothing_of_a_need_or_company_is_told_unless_titles_are_asked_for() -> None:
    needs = [*on_cells(5), asked("alone", direction(9), POOR, text="Very secret words of one.", title="", company="Hidden Ltd")]
    told = found_in(needs).model_dump_json()
    for secret in ("Secret", "Very secret", "Hidden", "Company", "cell-", "alone"):
        assert secret not in told
    shown = found_in(needs, shows_titles=True)
    assert shown.gaps[0].title.startswith("Secret")
    assert [member.need_id for member in shown.gaps[0].members] == [f"cell-{place}" for place in range(5)]
    assert shown.gaps[1].title == "Very secret words of one.…"


def test_translations_give_labels_and_are_never_counted() -> None:
    dutch = "Wij zoeken celtherapie."
    needs = [
        asked("a", direction(0), POOR, text=dutch, language="nl"),
        asked("b", direction(0), POOR, text="Celleterapi", language="da"),
    ]
    ways = {one.key: [one] for one in needs}
    ways["b"].append(asked("b nl", direction(0), GOOD, text=dutch, language="nl"))
    alone, found = found_in(needs), found_in(needs, translations=ways)
    assert (alone.gaps[0].label, alone.reworded) == ("", None)
    assert (found.needs, found.unmet) == (alone.needs, alone.unmet)
    assert found.reworded is not None
    assert (found.reworded.needs, found.reworded.languages, found.reworded.on_one_subject) == (2, ("da", "nl"), 2)
    assert (found.reworded.alike.pairs.numerator, found.reworded.alike.pairs.denominator) == (0, 1)


def test_ordinary_needs_are_judged_by_the_same_rules() -> None:
    found = found_in([])
    assert (found.ordinary_unmet.numerator, found.ordinary_unmet.denominator) == (0, 3)
    assert [point.expected for point in found.ordinary] == pytest.approx([LINE] * 3)
    assert (found.ordinary_alike.pairs.denominator, found.ordinary_alike.by_chance) == (0, 1.0)


def test_a_subject_near_an_ordinary_one_is_said_to_be_like_it() -> None:
    subjects = ("car-t", "seed-investor", "patents")
    ordinary = bank(LINE, LINE, LINE, subjects=subjects)
    needs = [asked(f"n{place}", ordinary.vectors[1], POOR) for place in range(2)]
    (gap,) = find_gaps(needs, ordinary, GapConfig(), source="the tests").gaps
    assert gap.like == "seed investor"
    (far,) = found_in([asked("far", -ORDINARY.vectors.sum(axis=0) / 3**0.5, POOR)]).gaps
    assert far.like == ""


def test_the_findings_come_back_from_json() -> None:
    found = found_in([*on_cells(5), *on_funds(2)], shows_titles=True)
    assert GapAnalysis.model_validate_json(found.model_dump_json()) == found
