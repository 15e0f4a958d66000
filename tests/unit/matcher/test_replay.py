"""Would a list be the same today? Real lists of a small directory, before and after something changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from matcher.contacts import Contact
from matcher.directory import Directory
from matcher.errors import ReplayImpossible
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, MatcherConfig, build_matcher
from matcher.ranking import RankingConfig
from matcher.records import Considered, Match, MatchList
from matcher.relevance import SIGNALS, RelevanceModel
from matcher.replay import NEGLIGIBLE, Change, Replay, check_replayable, differences
from tests.fakes import FakeEncoder, evidence, need, provider, request, small_directory
from tests.unit.service.entries import entry

COMPONENTS = {"encoder": "fake-1", "ranking_version": 2, "config": {"ranking": {"least_probability": 0.05}}}


def matcher_of(
    directory: Directory, config: MatcherConfig | None = None, model: RelevanceModel | None = None, encoder: str = "fake-1"
) -> Matcher:
    opened = FakeEncoder(encoder)
    return build_matcher(ProviderIndex.build(directory, opened), opened, config, model)


def replayed(before: Matcher, after: Matcher, **terms: object) -> Replay:
    asked = request(**terms)
    return differences(before.match(asked), after.match(asked), before.components, after.components)


def compared(given: MatchList, now: MatchList, components: Mapping[str, Any] = COMPONENTS) -> Replay:
    return differences(given, now, COMPONENTS, components)


def with_matches(answer: MatchList, *matches: Match) -> MatchList:
    return answer.model_copy(update={"matches": matches})


@pytest.fixture
def given(small_matcher: Matcher) -> MatchList:
    """bruno, then aqua."""
    return small_matcher.match(request())


class TestSame:
    def test_the_same_engine_gives_the_same_list(self, small_matcher: Matcher) -> None:
        replay = replayed(small_matcher, matcher_of(small_directory()))
        assert replay.same
        assert replay.causes == ()
        assert replay.sentences == ("The list is the same today.", "Nothing changed that decides a list.")

    def test_a_list_may_be_the_same_though_something_changed(self, small_matcher: Matcher) -> None:
        replay = replayed(small_matcher, matcher_of(small_directory(), encoder="fake-2"))
        assert replay.same
        assert replay.causes == (Change(what="encoder", given="fake-1", now="fake-2"),)
        assert replay.sentences == ("The list is the same today.", "Changed since: encoder, from fake-1 to fake-2.")

    def test_components_that_came_from_json_are_the_same(self, small_matcher: Matcher, given: MatchList) -> None:
        again = {**small_matcher.components, "config": {"a": {"pair": (1, 2)}}}
        from_json = {**small_matcher.components, "config": {"a": {"pair": [1, 2]}}}
        assert differences(given, given, from_json, again).causes == ()

    def test_last_digits_are_no_difference(self, given: MatchList) -> None:
        first, second = given.matches
        piece = first.evidence[0]
        nearly = first.model_copy(
            update={
                "probability": (first.probability or 0) + NEGLIGIBLE / 2,
                "signals": tuple(value + NEGLIGIBLE / 2 for value in first.signals),
                "evidence": (
                    piece.model_copy(update={"similarity": piece.similarity + NEGLIGIBLE / 2}),
                    *first.evidence[1:],
                ),
            }
        )
        assert compared(given, with_matches(given, nearly, second)).same

    def test_an_empty_list_can_be_compared_too(self, small_matcher: Matcher) -> None:
        assert replayed(small_matcher, small_matcher, filters={"countries": ["IT"]}).same


class TestCauses:
    def test_the_parts_that_decide_a_list_are_told_in_words(self, given: MatchList) -> None:
        parts = ("encoder", "directory", "ordinary_needs", "passages", "dense", "model", "ranking_version", "new_one")
        before, after = ({name: f"{name}-{number}" for name in parts} for number in (1, 2))
        assert [cause.what for cause in differences(given, given, before, after).causes] == [
            "encoder",
            "directory",
            "bank of ordinary needs",
            "number of passages",
            "kind of index",
            "relevance model",
            "ranking version",
            "new_one",
        ]

    def test_settings_are_told_by_name_with_both_values(self, small_matcher: Matcher) -> None:
        config = MatcherConfig(ranking=RankingConfig(least_probability=0.001))
        replay = replayed(small_matcher, matcher_of(small_directory(), config))
        assert replay.causes == (Change(what="setting ranking.least_probability", given="0.05", now="0.001"),)
        assert "Changed since: setting ranking.least_probability, from 0.05 to 0.001." in replay.sentences

    def test_what_older_engines_did_not_have_is_told_as_none(self, given: MatchList) -> None:
        replay = differences(given, given, {"ranking_version": 1}, COMPONENTS)
        assert replay.causes == (
            Change(what="ranking version", given="1", now="2"),
            Change(what="encoder", given="none", now="fake-1"),
            Change(what="setting ranking.least_probability", given="none", now="0.05"),
        )

    def test_a_difference_without_a_cause_is_said_to_have_none(self, given: MatchList) -> None:
        replay = compared(given, with_matches(given, *given.matches[:1]))
        assert replay.sentences[:2] == (
            "The list is another today.",
            "Nothing changed that is known to decide a list: the software itself must have.",
        )


class TestDirectoryChanged:
    def test_who_is_gone_and_who_moved_up(self, small_matcher: Matcher) -> None:
        known = small_directory()
        without = Directory(
            tuple(one for one in known.providers if one.provider_id != "bruno"),
            tuple(one for one in known.evidence if one.provider_id != "bruno"),
        )
        replay = replayed(small_matcher, matcher_of(without))
        assert not replay.same
        assert [(one.provider_id, one.rank) for one in replay.gone] == [("bruno", 1)]
        assert [(one.provider_id, one.given, one.now) for one in replay.moved] == [("aqua", 2, 1)]
        assert {"directory", "number of passages"} <= {cause.what for cause in replay.causes}
        counts = {change.what: (change.given, change.now) for change in replay.circumstances}
        assert counts == {"number of providers in the directory": ("5", "4"), "number of candidates": ("5", "4")}
        assert "No longer on the list: Bruno Institute (bruno), at 1 then." in replay.sentences
        assert "Aqua Institute (aqua) moved from 2 to 1." in replay.sentences
        assert "Number of providers in the directory: 5 then, 4 now." in replay.sentences

    def test_who_is_new(self, small_matcher: Matcher) -> None:
        known = small_directory()
        more = Directory(
            (*known.providers, provider("fritz", "DE", "Inhalation toxicology with lung models and nothing else.")),
            (*known.evidence, evidence("f1", "fritz", "Inhalation toxicology in lung models")),
        )
        replay = replayed(small_matcher, matcher_of(more))
        [new] = replay.new
        assert new.provider_id == "fritz"
        assert f"New on the list: Fritz Institute (fritz), at {new.rank}." in replay.sentences

    def test_what_is_shown_of_a_provider_and_its_evidence(self, small_matcher: Matcher) -> None:
        known = small_directory()
        bruno = next(one for one in known.providers if one.provider_id == "bruno")
        moved = bruno.model_copy(update={"city": "Bonn", "url": "https://bruno.example"})
        more = evidence("b2", "bruno", "Inhalation toxicology of lung models, once again")
        after = Directory(tuple(moved if one is bruno else one for one in known.providers), (*known.evidence, more))
        told = {one.provider_id: one.what for one in replayed(small_matcher, matcher_of(after)).explanations}
        assert {"city", "url", "project b2 newly shown", "profile told otherwise"} <= set(told["bruno"])
        back = {one.provider_id: one.what for one in replayed(matcher_of(after), small_matcher).explanations}
        assert "project b2 no longer shown" in back["bruno"]


class TestNumbers:
    def test_another_model_changes_scores_parts_and_probability(self, small_matcher: Matcher) -> None:
        model = RelevanceModel(-1.0, dict.fromkeys(SIGNALS, 1.0))
        after = matcher_of(small_directory(), model=model)
        replay = replayed(small_matcher, after)
        assert [cause.what for cause in replay.causes] == ["relevance model"]
        assert (small_matcher.match(request()).verdict, replay.verdict) == ("matches", None)
        before, now = (matcher.match(request()).matches for matcher in (small_matcher, after))
        of_bruno = {one.number: (one.given, one.now) for one in replay.numbers if one.provider_id == "bruno"}
        assert {"score", "probability", "baseline", "semantic"} <= set(of_bruno)
        [one], [other] = ([match for match in some if match.provider_id == "bruno"] for some in (before, now))
        assert of_bruno["score"] == (one.score, other.score)
        assert of_bruno["probability"] == (one.probability, other.probability)
        assert "border" not in of_bruno

    def test_numbers_have_as_many_digits_as_tell_them_apart(self, given: MatchList) -> None:
        first, second = given.matches
        other = first.model_copy(update={"score": 1.23456, "probability": 0.5})
        replay = compared(
            with_matches(given, first.model_copy(update={"score": 1.23412, "probability": None}), second),
            with_matches(given, other, second),
        )
        assert [(one.number, one.given, one.now) for one in replay.numbers] == [
            ("score", 1.23412, 1.23456),
            ("probability", None, 0.5),
        ]
        assert "Bruno Institute (bruno): score 1.234 → 1.235; probability none → 50.0%." in replay.sentences


class TestList:
    def test_every_count_of_who_was_considered_is_compared(self, given: MatchList) -> None:
        counts = given.considered.model_dump()
        other = Considered.model_validate({name: count + 1 for name, count in counts.items()})
        replay = compared(given, given.model_copy(update={"considered": other}))
        assert len(replay.circumstances) == len(counts)

    def test_a_verdict_that_turned_is_told_with_its_notes(self, small_matcher: Matcher) -> None:
        strict = matcher_of(small_directory(), MatcherConfig(ranking=RankingConfig(least_probability=1.0)))
        replay = replayed(small_matcher, strict)
        assert replay.verdict == Change(what="verdict", given="matches", now="no good match")
        assert len(replay.gone) == 2
        assert "Verdict: matches then, no good match now." in replay.sentences
        assert replay.sentences[-2:] == (
            "Notes then: none.",
            "Notes now: None of 5 candidates answers this need well enough to be acted on.",
        )

    def test_a_language_told_otherwise_is_told(self, given: MatchList) -> None:
        replay = compared(given, given.model_copy(update={"language": "nl"}))
        assert replay.circumstances == (Change(what="language of the need", given="en", now="nl"),)
        assert not replay.same

    def test_that_the_company_knows_a_provider_otherwise_is_a_difference(
        self, small_matcher: Matcher, given: MatchList
    ) -> None:
        known = small_matcher.match(request(), (Contact(provider_id="bruno", words="met before (2026-05-03)"),))
        [told] = compared(given, known).explanations
        assert (told.provider_id, told.what) == ("bruno", ("how the company knows it",))

    @pytest.mark.parametrize("field", Match.model_fields)
    def test_no_field_of_a_match_may_differ_unseen(self, given: MatchList, field: str) -> None:
        first, second = given.matches
        other = {
            "rank": 3,
            "category": "finance",
            "cross_border": False,
            "score": first.score + 1,
            "parts": tuple(part.model_copy(update={"value": part.value + 1}) for part in first.parts),
            "probability": 0.0,
            "evidence": first.evidence[1:],
            "because": ("the need names Essen",),
            "signals": tuple(value + 1 for value in first.signals),
        }
        changed = first.model_copy(update={field: other.get(field, "another")})
        assert not compared(given, with_matches(given, changed, second)).same

    def test_evidence_in_another_order_and_other_reasons_are_differences(self, given: MatchList) -> None:
        first, second = given.matches
        assert len(second.evidence) > 1
        turned = second.model_copy(update={"evidence": tuple(reversed(second.evidence)), "because": ("the need names Ede",)})
        [told] = compared(given, with_matches(given, first, turned)).explanations
        assert told.what == ("order of the evidence", "what else spoke for it")

    def test_signals_that_older_lists_did_not_keep_are_no_difference(self, given: MatchList) -> None:
        first, second = given.matches
        assert compared(with_matches(given, first.model_copy(update={"signals": ()}), second), given).same
        other = first.model_copy(update={"signals": tuple(value + 1 for value in first.signals)})
        [told] = compared(given, with_matches(given, other, second)).explanations
        assert told.what == ("signals of the relevance model",)

    def test_nothing_repeats_the_need(self, small_matcher: Matcher) -> None:
        text = "Pulmokrant seeks inhalation toxicology with lung models in Essen."
        known = small_directory()
        fewer = Directory(known.providers, tuple(one for one in known.evidence if one.evidence_id not in ("a1", "b1")))
        replay = replayed(small_matcher, matcher_of(fewer), need=need(text=text, title="Pulmokrant inhaler"))
        assert replay.explanations
        assert "pulmokrant" not in replay.model_dump_json().lower()

    def test_a_replay_comes_back_from_json_as_it_was(self, small_matcher: Matcher) -> None:
        replay = replayed(small_matcher, matcher_of(small_directory(), encoder="fake-2"), k=1)
        assert Replay.model_validate_json(replay.model_dump_json()) == replay


class TestImpossible:
    def test_a_list_whose_words_were_erased_is_refused(self) -> None:
        given = entry("l-1", ("bruno", "DE"))
        check_replayable(given)
        erased = given.model_copy(update={"erased_at": datetime(2026, 9, 1, 8, 0, tzinfo=UTC)})
        with pytest.raises(ReplayImpossible) as caught:
            check_replayable(erased)
        assert str(caught.value) == (
            "The match list to be replayed must still have the words of its need. "
            "Got one whose words were erased on 2026-09-01. Read it as it was given out; it cannot be made again."
        )

    def test_lists_of_two_requests_are_not_compared(self, small_matcher: Matcher, given: MatchList) -> None:
        for other in (request(k=3), request(need=need(text="We look for a patent attorney."))):
            with pytest.raises(ReplayImpossible, match=r"The lists to be compared must answer the same request\. Got two"):
                compared(given, small_matcher.match(other))
