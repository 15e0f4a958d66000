"""What is recorded comes back as it was."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from matcher.errors import NotFound
from matcher.pipeline import Matcher
from matcher.records import BorderPolicy, Filters, Floor
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.fakes import need, request
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry

WORDS = [
    "Vi søger et GLP-laboratorium til næsevaccine, pris under 50 000 €.",
    "Nous cherchons « un partenaire » pour l'œuvre ; d’accord ?",
    "我们寻找肺部模型的毒理学实验室。",
    "نبحث عن مختبر لعلم السموم",
    "e\u0301 (decomposed) and é (composed) stay what they are, 🫁 too",
    "Line one\nline two\ttabbed \u2028 separated, 'quoted' \"twice\"; DROP TABLE matches; --",
]


@pytest.mark.parametrize("text", WORDS)
def test_a_list_comes_back_equal_whatever_its_words(any_log: SqlMatchLog, text: str) -> None:
    given = entry("one", ("bruno", "DE"), ("aqua", "NL"), text=text, company=f"Firma {text[:20]}", title=text[:30])
    any_log.record(given, COMPONENTS)
    assert any_log.get("one") == given
    assert any_log.get("one").model_dump_json() == given.model_dump_json()


def test_a_real_answer_with_every_term_set_comes_back_equal(small_matcher: Matcher, any_log: SqlMatchLog) -> None:
    terms = request(
        need=need(company="Nasovax", categories=("technology",), kind="expertise", need_id="n-1", region="nl-oost"),
        filters=Filters(excluded_countries=("FR",), excluded_providers=("erik",)),
        policy=BorderPolicy(mode="favour", beta=1.5, floor=Floor(at_least=1, of_first=2)),
        k=3,
    )
    given = Desk(small_matcher, any_log).answer(terms, asked_by="an advisor")
    assert given.answer.matches
    assert any_log.get(given.list_id) == given


def test_a_list_without_matches_comes_back_with_its_notes(any_log: SqlMatchLog) -> None:
    given = entry("empty")
    any_log.record(given, COMPONENTS)
    assert any_log.get("empty") == given
    assert any_log.get("empty").answer.verdict == "no good match"


def test_scores_come_back_to_the_last_digit(any_log: SqlMatchLog) -> None:
    any_log.record(entry("one", ("bruno", "DE")), COMPONENTS)
    found = any_log.get("one").answer.matches[0]
    assert found.score == sum(part.value for part in found.parts)
    assert found.evidence[0].contribution == 0.1 + 0.2


def test_a_moment_of_another_zone_comes_back_as_the_same_moment_in_utc(any_log: SqlMatchLog) -> None:
    local = FIRST_DAY.astimezone(timezone(timedelta(hours=5, minutes=30)))
    any_log.record(entry("one", created_at=local), COMPONENTS)
    found = any_log.get("one").created_at
    assert found == FIRST_DAY
    assert found.utcoffset() == timedelta(0)


def test_an_unknown_list_is_not_found_and_named(any_log: SqlMatchLog) -> None:
    with pytest.raises(NotFound, match=r"^The match list must be in the match log\. Got 'nowhere'\."):
        any_log.get("nowhere")


def test_what_was_recorded_is_there_after_reopening(any_log: SqlMatchLog, small_matcher: Matcher) -> None:
    given = entry("one", ("bruno", "DE"))
    any_log.record(given, small_matcher.components)
    again = SqlMatchLog(any_log.database.url)
    assert again.get("one") == given
    again.close()
