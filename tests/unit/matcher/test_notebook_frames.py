from __future__ import annotations

import pytest

from matcher.frames import match_frame, provider_frame
from matcher.pipeline import Matcher
from matcher.relevance import PARTS
from tests.fakes import request, small_directory


def test_a_provider_is_a_row_with_its_pieces_of_evidence_counted() -> None:
    frame = provider_frame(small_directory())
    assert frame.index.tolist() == ["aqua", "bruno", "carla", "dion", "erik"]
    assert frame["evidence"].tolist() == [2, 1, 1, 2, 1]
    assert frame.loc["dion", "country"] == "FR"


def test_a_match_is_a_row_with_the_parts_of_its_score(small_matcher: Matcher) -> None:
    answer = small_matcher.match(request())
    frame = match_frame(answer)
    assert frame["provider_id"].tolist() == [match.provider_id for match in answer.matches]
    assert frame.index.tolist() == [1, 2]
    assert frame[[*PARTS, "border"]].sum(axis=1).tolist() == pytest.approx(frame["score"].tolist())


def test_a_list_without_matches_is_an_empty_frame(small_matcher: Matcher) -> None:
    assert match_frame(small_matcher.match(request(filters={"countries": ["IT"]}))).empty
