"""Figures of a record made by hand, so that every one of them is known beforehand."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import pytest

from matcher.indicators import RATES, Days, IndicatorRow, Indicators, indicator_rows, indicators
from matcher.log import GivenOut, MatchHistory
from matcher.rates import Rate, Rates, rate
from tests.unit.matcher.histories import Told, history
from tests.unit.matcher.steps import step

ACCEPTED: tuple[Told, ...] = (("introduced", "2026-03-11"), ("accepted", "2026-03-20"))
GIVEN_OUT = [
    GivenOut(region="nl-oost", country="NL", month="2026-03", lists=5, without_match=1, matches=40, cross_border=30),
    GivenOut(region="nl-oost", country="NL", month="2026-04", lists=2, without_match=0, matches=20, cross_border=11),
    GivenOut(region="be-liege", country="BE", month="2026-03", lists=3, without_match=2, matches=10, cross_border=10),
    GivenOut(region="", country="FR", month="2026-03", lists=1, without_match=1, matches=0, cross_border=0),
]


def outcome(day: str, result: str, anyway: str) -> Told:
    return ("outcome", day, {"result": result, "anyway": anyway})


def met(day: str, rating: str) -> Told:
    return ("met", day, {"rating": rating})


def record() -> list[MatchHistory]:
    """Five cross-border pairs (bruno, carla, dion, erik, fritz) and one domestic; two matches do not count."""
    return [
        # Lungs BV and bruno: one pair over two needs, in any spelling of the company.
        history(1, *ACCEPTED, met("2026-04-02", "did not take place"), met("2026-04-20", "cooperation possible")),
        history(2, ("introduced", "2026-05-05"), ("declined", "2026-05-09", {"reason": "terms"}), company="LUNGS B.V."),
        # Two needs without a company are of nobody known: two pairs with carla.
        history(
            3,
            *ACCEPTED,
            ("incentive granted", "2026-04-01"),
            met("2026-05-01", "insufficient interest"),
            outcome("2026-10-01", "agreement reached", "no"),
            company="",
            provider="carla",
            provider_country="BE",
            category="finance",
            list_day="2026-03-04",
        ),
        history(
            4,
            ("introduced", "2026-04-03"),
            ("declined", "2026-04-09", {"reason": "wrong field"}),
            company="",
            provider="carla",
            provider_country="BE",
            category="finance",
        ),
        # Asked twice what came of it: the latest counts.
        history(
            5,
            *ACCEPTED,
            met("2026-04-01", "cooperation possible"),
            outcome("2026-08-01", "valuable", "yes"),
            outcome("2026-11-01", "negotiating", "cannot say"),
            company="Cordes SA",
            country="BE",
            region="be-liege",
            provider="dion",
            provider_country="FR",
        ),
        history(6, ("introduced", "2026-12-31"), company="Cordes SA", country="BE", region="", provider="erik"),
        history(7, *ACCEPTED, provider="aqua", provider_country="NL"),
        # Only proposed, and withdrawn again.
        history(8, provider="fritz"),
        withdrawn(history(9, ("introduced", "2026-03-11"), provider="fritz")),
    ]


def withdrawn(one: MatchHistory) -> MatchHistory:
    """The history with its last step taken back."""
    last = one.steps[-1]
    return one.model_copy(update={"steps": (*one.steps, step("withdrawn", last.step_id + 50, corrects=last.step_id))})


@pytest.fixture(scope="module")
def figures() -> Indicators:
    return indicators(record(), GIVEN_OUT)


def share(some: Rate) -> tuple[int, int]:
    return some.numerator, some.denominator


def shares(figures: Indicators, name: str) -> dict[str, tuple[int, int]]:
    regional = getattr(figures.rates, name)
    return {"total": share(regional.total), **{region: share(one) for region, one in regional.by_region.items()}}


class TestGivenOut:
    def test_lists_and_what_they_proposed_are_added_up(self, figures: Indicators) -> None:
        assert figures.given_out.model_dump() == {"lists": 11, "without_match": 4, "matches": 70, "cross_border": 51}
        by_region = {name: given.model_dump() for name, given in figures.given_out_by_region.items()}
        assert list(by_region) == ["be-liege", "nl-oost", "not told"]
        assert by_region["nl-oost"] == {"lists": 7, "without_match": 1, "matches": 60, "cross_border": 41}
        assert by_region["not told"]["without_match"] == 1


class TestCounts:
    def test_a_cross_border_match_counts_once_per_company_and_provider(self, figures: Indicators) -> None:
        counts = figures.cross_border
        assert counts.total == 5
        assert counts.by_region == {"be-liege": 1, "nl-oost": 3, "not told": 1}
        assert counts.by_countries == {"BE→DE": 1, "BE→FR": 1, "NL→BE": 2, "NL→DE": 1}
        assert counts.by_category == {"finance": 2, "technology": 3}
        assert counts.by_month == {"2026-03": 3, "2026-04": 1, "2026-12": 1}

    def test_those_of_one_country_are_counted_apart(self, figures: Indicators) -> None:
        assert figures.domestic == 1

    def test_the_stages_that_were_reached_and_who_stands_there(self, figures: Indicators) -> None:
        # dion still negotiates; erik has not answered; the last word about bruno is that they declined.
        assert [(one.stage, one.reached, one.open) for one in figures.funnel] == [
            ("introduced", 5, 1),
            ("accepted", 3, 0),
            ("met", 3, 1),
            ("incentive granted", 1, 0),
            ("agreement reached", 1, 0),
        ]

    @pytest.mark.parametrize(
        ("told", "reached", "open_at"),
        [
            ((met("2026-05-02", "did not take place"),), ["introduced", "accepted"], "accepted"),
            ((met("2026-05-02", "insufficient interest"),), ["introduced", "accepted", "met"], "met"),
            (
                (met("2026-05-02", "cooperation possible"), outcome("2026-09-01", "agreement reached", "no"), "met"),
                ["introduced", "accepted", "met", "agreement reached"],
                None,
            ),
            (
                (met("2026-05-02", "cooperation possible"), outcome("2026-09-01", "knowledge gain", "no")),
                ["introduced", "accepted", "met"],
                None,
            ),
        ],
        ids=["nobody came", "met", "agreed and met again", "ended"],
    )
    def test_a_pair_stands_where_it_came_to_unless_it_ended(
        self, told: tuple[Told, ...], reached: list[str], open_at: str | None
    ) -> None:
        funnel = indicators([history(1, *ACCEPTED, *told)], []).funnel
        assert [one.stage for one in funnel if one.reached] == reached
        assert [one.stage for one in funnel if one.open] == ([open_at] if open_at else [])

    def test_every_refusal_counts_with_its_reason_in_the_order_of_the_form(self, figures: Indicators) -> None:
        assert figures.reasons == {"wrong field": 1, "terms": 1}
        assert list(figures.reasons) == ["wrong field", "terms"]

    def test_the_days_from_list_to_introduction(self, figures: Indicators) -> None:
        # 10 (bruno), 7 and 33 (carla), 10 (dion), 305 (erik)
        assert figures.days_to_introduction == Days(n=5, median=10, lower_quartile=10, upper_quartile=33)

    def test_the_pair_is_that_of_the_first_introduction_whatever_was_recorded_first(self) -> None:
        later = history(1, ("introduced", "2026-06-02"), region="nl-west")
        earlier = history(2, ("introduced", "2026-05-02"), region="nl-oost")
        counts = indicators([later, earlier], []).cross_border
        assert (counts.by_region, counts.by_month) == ({"nl-oost": 1}, {"2026-05": 1})

    def test_records_from_before_introductions_were_told_count_by_their_first_step(self) -> None:
        figures = indicators([history(1, met("2026-05-02", "cooperation possible"))], [])
        assert figures.cross_border.by_month == {"2026-05": 1}
        assert [one.reached for one in figures.funnel] == [1, 1, 1, 0, 0]
        assert figures.days_to_introduction == Days(n=0)


class TestRates:
    def test_each_is_counted_in_total_and_by_region(self, figures: Indicators) -> None:
        assert shares(figures, "acceptance") == {"total": (3, 4), "be-liege": (1, 1), "nl-oost": (2, 3), "not told": (0, 0)}
        assert shares(figures, "kept") == {"total": (3, 4), "be-liege": (1, 1), "nl-oost": (2, 3), "not told": (0, 0)}
        assert shares(figures, "went_on") == {"total": (2, 3), "be-liege": (1, 1), "nl-oost": (1, 2), "not told": (0, 0)}
        assert shares(figures, "agreement") == {"total": (1, 2), "be-liege": (0, 1), "nl-oost": (1, 1), "not told": (0, 0)}
        assert shares(figures, "additionality") == {
            "total": (1, 1),
            "be-liege": (0, 0),
            "nl-oost": (1, 1),
            "not told": (0, 0),
        }

    def test_the_interval_is_wilsons(self) -> None:
        # By hand: (8 + z²/2 ± z √(8·2/10 + z²/4)) / (10 + z²) with z = 1.959964.
        found = rate(8, 10)
        assert found.value == 0.8
        assert (found.low, found.high) == (pytest.approx(0.490162, abs=1e-6), pytest.approx(0.943318, abs=1e-6))
        none, every = rate(0, 5), rate(5, 5)
        assert (none.value, none.low, none.high) == (0.0, pytest.approx(0.0, abs=1e-12), pytest.approx(0.434482, abs=1e-6))
        assert (every.value, every.high) == (1.0, pytest.approx(1.0, abs=1e-12))

    def test_a_share_of_nothing_is_none(self) -> None:
        assert rate(0, 0) == Rate(numerator=0, denominator=0, value=None, low=None, high=None)

    def test_the_first_answer_over_all_needs_of_a_company_counts(self) -> None:
        declined = history(1, ("introduced", "2026-03-02"), ("declined", "2026-04-01"))
        accepted = history(2, ("introduced", "2026-03-05"), ("accepted", "2026-03-20"))
        assert share(indicators([declined, accepted], []).rates.acceptance.total) == (1, 1)
        again = history(1, ("introduced", "2026-03-02"), ("declined", "2026-03-03"), "introduced", "accepted")
        figures = indicators([again], [])
        assert share(figures.rates.acceptance.total) == (0, 1)
        assert figures.funnel[1].reached == 1

    def test_a_meeting_without_a_rating_is_not_among_those_rated(self) -> None:
        figures = indicators([history(1, *ACCEPTED, ("met", "2026-05-02", {"rating": None}))], [])
        assert share(figures.rates.kept.total) == share(figures.rates.went_on.total) == (0, 0)
        assert figures.funnel[2].reached == 1

    def test_the_latest_outcome_over_all_needs_of_a_company_counts(self) -> None:
        first = history(1, *ACCEPTED, met("2026-04-01", "cooperation possible"), outcome("2026-12-01", "valuable", "yes"))
        other = history(2, *ACCEPTED, met("2026-04-01", "cooperation possible"), outcome("2026-10-01", "negotiating", "no"))
        figures = indicators([first, other], [])
        assert share(figures.rates.agreement.total) == (0, 1)
        assert share(figures.rates.additionality.total) == (0, 1)


class TestEmpty:
    def test_a_record_without_anything_has_figures_all_the_same(self) -> None:
        figures = indicators([], [])
        assert figures.cross_border.total == figures.domestic == figures.given_out.lists == 0
        assert figures.cross_border.by_region == figures.reasons == figures.given_out_by_region == {}
        assert all((one.reached, one.open) == (0, 0) for one in figures.funnel)
        assert {share(getattr(figures.rates, name).total) for name in Rates.model_fields} == {(0, 0)}
        assert indicator_rows(figures)


class TestExport:
    def test_the_figures_come_back_from_json_as_they_were(self, figures: Indicators) -> None:
        assert Indicators.model_validate_json(figures.model_dump_json()) == figures

    def test_no_company_and_no_words_of_a_need_are_in_it(self, figures: Indicators) -> None:
        written = figures.model_dump_json() + json.dumps(indicator_rows(figures))
        for secret in ("Lungs", "lungs", "Cordes", "cordes", "list-", "We look", "bruno", "voucher"):
            assert secret not in written

    def test_every_figure_is_a_row_once(self, figures: Indicators) -> None:
        rows = {(row.section, row.name): row for row in indicator_rows(figures)}
        assert len(rows) == len(indicator_rows(figures))
        assert set(RATES) == set(Rates.model_fields)
        assert rows["given out", "lists"].value == 11
        assert rows["given out in nl-oost", "cross-border matches proposed"].value == 41
        assert rows["cross-border matches", "total"].value == 5
        assert rows["cross-border matches by countries", "NL→BE"].value == 2
        assert rows["matches within one country", "total"].value == 1
        assert rows["reached", "met"].value == 3
        assert rows["still open", "introduced"].value == 1
        accepted = rows["accepted, of those answered", "total"]
        assert (accepted.value, accepted.n) == (0.75, 4)
        assert accepted.low is not None
        assert accepted.high is not None
        assert accepted.low < 0.75 < accepted.high
        assert rows["accepted, of those answered", "not told"][2:] == (None, None, None, 0)
        assert rows["declined", "terms"].value == 1
        assert rows["days from list to introduction", "upper quartile"] == (
            "days from list to introduction",
            "upper quartile",
            33,
            None,
            None,
            5,
        )

    def test_rows_can_be_written_as_csv(self, figures: Indicators) -> None:
        stream = StringIO()
        csv.writer(stream).writerows(indicator_rows(figures))
        again = list(csv.reader(StringIO(stream.getvalue())))
        assert ["cross-border matches", "total", "5", "", "", ""] in again
        assert {len(row) for row in again} == {6}

    @pytest.mark.parametrize(
        ("values", "shown"),
        [
            ((1234567,), ("1,234,567", "", "")),
            ((0.75, 0.3006, 0.9544, 1200), ("75.0%", "30.1% to 95.4%", "1,200")),
            ((None, None, None, 0), ("–", "", "0")),
            ((10.5, None, None, 5), ("10.5", "", "5")),
        ],
    )
    def test_a_row_for_people_has_percent_and_an_interval(self, values: tuple[Any, ...], shown: tuple[str, ...]) -> None:
        assert IndicatorRow("section", "name", *values).as_text() == ("section", "name", *shown)
