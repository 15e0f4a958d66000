"""What an explanation says of a piece of evidence is what happens when the piece is taken away."""

from __future__ import annotations

import dataclasses

import pytest

from embeddings.cache import CachedEncoder
from matcher.directory import Directory
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, build_matcher
from matcher.records import Match, MatchRequest, Need
from matcher.shipped import shipped_needs
from tests.fakes import FakeEncoder, evidence, need, provider

NEEDS = [shipped_needs()[number] for number in (8, 11, 16, 25)]
"""Answered by projects rather than by profiles."""


def without(directory: Directory, evidence_id: str) -> Directory:
    return dataclasses.replace(directory, evidence=tuple(e for e in directory.evidence if e.evidence_id != evidence_id))


def match_of(matcher: Matcher, asked: Need, provider_id: str) -> Match:
    answer = matcher.match(MatchRequest.model_validate({"need": asked, "k": 100, "policy": {"mode": "neutral"}}))
    return next(match for match in answer.matches if match.provider_id == provider_id)


@pytest.mark.parametrize("asked", NEEDS, ids=lambda asked: asked.need_id)
def test_taking_the_named_evidence_away_lowers_the_score_by_what_is_said(
    asked: Need, real_matcher: Matcher, real_encoder: CachedEncoder
) -> None:
    first = next(
        match
        for match in real_matcher.match(MatchRequest(need=asked)).matches
        if match.evidence[0].evidence_id and match.evidence[0].contribution > 0.2
    )
    piece = first.evidence[0]
    directory = without(real_matcher.index.directory, piece.evidence_id)
    poorer = build_matcher(ProviderIndex.build(directory, real_encoder), real_encoder)
    fell = match_of(real_matcher, asked, first.provider_id).score - match_of(poorer, asked, first.provider_id).score
    # One passage less among two thousand moves the yardstick (means, deviations, rarities of words) a little too.
    assert fell == pytest.approx(piece.contribution, abs=0.05)


def test_what_the_company_did_with_the_provider_is_told_and_counts() -> None:
    project = {"reference": "https://example.org/joint", "year": 2022}
    directory = Directory(
        (
            provider("firm", "NL", "Small firm."),
            provider("old", "DE", "Lung institute."),
            provider("new", "DE", "Lung institute."),
        ),
        (evidence("f1", "firm", "Inhalation", **project), evidence("o1", "old", "Inhalation", **project)),
    )
    matcher = build_matcher(ProviderIndex.build(directory, FakeEncoder()), FakeEncoder())
    asked = need(text="We look for a lung institute.", company="Firm Institute", company_ids=("firm",))
    known = match_of(matcher, asked, "old")
    assert known.because == ("worked with the company before: Inhalation (2022), https://example.org/joint",)
    assert next(part.value for part in known.parts if part.name == "acquainted") > 0
    assert match_of(matcher, asked, "new").because == ()


def test_what_the_need_names_is_told() -> None:
    directory = Directory((provider("a", "DE", "Lung institute."), provider("b", "FR", "Lung institute.")), ())
    matcher = build_matcher(ProviderIndex.build(directory, FakeEncoder()), FakeEncoder())
    asked = need(text="We look for a lung institute in Germany.")
    assert match_of(matcher, asked, "a").because == ("the need names Germany",)
    assert match_of(matcher, asked, "b").because == ()
