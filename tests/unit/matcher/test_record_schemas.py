"""JSON Schema says of every field what is checked, in words that readers of schemas know."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import BaseModel

from matcher.errors import RequestRefused
from matcher.lifecycle import DETAILS, KINDS, StepTold
from matcher.log import ListQuery, MatchQuery
from matcher.records import Evidence, MatchRequest, Need, Provider
from matcher.validation import checked
from tests.unit.matcher.refusals import GOOD_NEED, refusal_of_need

RECORDS: tuple[type[BaseModel], ...] = (MatchRequest, Provider, Evidence, StepTold, ListQuery, MatchQuery)


def words_in(schema: Any) -> set[str]:
    """Every word that the schema uses, but for the names of fields."""
    if isinstance(schema, list):
        return {word for one in schema for word in words_in(one)}
    if not isinstance(schema, dict):
        return set()
    named = ("properties", "$defs")
    inner = [one for name in named for one in schema.get(name, {}).values()]
    return set(schema) | words_in(inner) | words_in([value for name, value in schema.items() if name not in named])


@pytest.mark.parametrize("record", RECORDS)
def test_no_limit_is_told_in_words_of_pydantics_own(record: type[BaseModel]) -> None:
    assert words_in(record.model_json_schema()).isdisjoint({"ge", "le", "gt", "lt", "max_length", "min_length"})


def test_the_limits_of_a_request_are_told() -> None:
    schema = MatchRequest.model_json_schema()
    policy, need, filters = (schema["$defs"][name]["properties"] for name in ("BorderPolicy", "Need", "Filters"))
    assert {**schema["properties"]["k"], "title": ""} == {
        "default": 10,
        "maximum": 100,
        "minimum": 1,
        "title": "",
        "type": "integer",
    }
    assert (policy["beta"]["exclusiveMinimum"], policy["beta"]["maximum"]) == (0, 20)
    assert filters["excluded_providers"]["maxItems"] == 1_000
    assert need["title"]["pattern"] == r"^[^\u0000]*$"


@pytest.mark.parametrize(
    ("code", "fits"), [("NL", True), ("GB", True), ("UK", False), ("XX", False), ("NLD", False), ("", False)]
)
def test_the_pattern_of_a_country_knows_which_there_are(code: str, fits: bool) -> None:
    pattern = MatchRequest.model_json_schema()["$defs"]["Need"]["properties"]["country"]["pattern"]
    assert bool(re.search(pattern, code)) == fits


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_of_a_step_says_what_its_kind_must_tell(kind: str) -> None:
    [branch] = [one for one in StepTold.model_json_schema()["oneOf"] if one["title"] == kind]
    back = ["corrects"] if kind == "withdrawn" else []
    assert branch["required"] == ["kind", *DETAILS.get(kind, ()), *back]
    told = {name: one for name, one in branch["properties"].items() if name not in ("kind", "corrects")}
    assert {name for name, one in told.items() if one["type"] == "string"} == set(DETAILS.get(kind, ()))
    assert {one["type"] for one in told.values()} <= {"string", "null"}


@pytest.mark.parametrize("number", ["2024", "20241201", "0.5", "1e9", "-1", "nan", 0, 1.5, "1733011200"])
def test_a_number_is_no_moment(number: object) -> None:
    with pytest.raises(RequestRefused) as caught:
        checked(MatchQuery, {"since": number}, "query")
    assert caught.value.required == "be a date and time"
    assert "2026-01-31T12:00:00Z" in caught.value.remedy


@pytest.mark.parametrize("moment", ["2026-01-31", "2026-01-31T12:00", "2026-01-31T12:00:00Z", "2026-01-31 12:00:00+01:00"])
def test_a_moment_may_be_a_day_alone(moment: str) -> None:
    assert checked(MatchQuery, {"since": moment}, "query").since is not None


def test_a_list_has_at_most_a_thousand_values() -> None:
    assert len(checked(Need, {**GOOD_NEED, "company_ids": ["a"] * 1_000}, "need").company_ids) == 1_000
    refused = refusal_of_need(company_ids=["a"] * 1_001)
    assert str(refused) == "The company_ids of the need must have at most 1,000 values. Got 1,001. Name fewer."
