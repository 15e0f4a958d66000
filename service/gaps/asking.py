"""Needs and the bank of ordinary needs, asked of the directory that the settings name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np

from embeddings.cache import CachedEncoder, VectorStore
from embeddings.encoder import Encoder, open_encoder
from matcher.gaps.analysis import find_gaps
from matcher.gaps.asked import AskedNeed, ask
from matcher.gaps.findings import GapAnalysis
from matcher.gaps.labels import Wording
from matcher.gaps.one_gap import GapConfig
from matcher.gaps.reference import Ordinary, Reference
from matcher.gaps.space import OrdinaryBank
from matcher.gaps.subjects import check_number
from matcher.pipeline import Matcher, MatcherConfig, build_matcher, encode_need
from matcher.ranking import RankingConfig
from matcher.records import Need
from matcher.relevance import RelevanceModel
from matcher.shipped import ordinary_needs_file, shipped_regions
from service.gaps.reading import NeedsRead
from service.settings import Settings
from service.store.source import index_source

Stage = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]
"""What is being done → where to report how much of it is: `service.cli.console.progress`."""


def analyse(
    settings: Settings,
    read: NeedsRead,
    config: GapConfig,
    *,
    source: str,
    stage: Stage,
    translations: Mapping[str, Sequence[Need]] | None = None,
    is_public: bool = False,
) -> GapAnalysis:
    """Ask and find the gaps.

    Args:
        settings: index, encoder and relevance model.
        read: the needs.
        config: of the analysis.
        source: of the needs, in words.
        stage: tells somebody how far it is.
        translations: key of a need → the need in all languages.
        is_public: whether anybody may read the needs, so that their vectors may be kept on disk.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch, EncoderUnavailable, ModelRefused: with what to do about it.
        Refusal: there are too many needs.
    """
    check_number(len(read.needs))  # before hours go into encoding them
    base = open_encoder(settings.encoder)
    store = VectorStore(settings.benchmark_vectors)
    try:
        kept = CachedEncoder(base, queries=store, passages=store)
        matcher = _matcher(settings, kept)
        bank = _bank(matcher, kept, config.k, stage)
        encoder = kept if is_public else base
        with stage("Asking for each need") as report:
            needs = []
            for put in read.needs:
                encoded = encode_need(put.need, encoder, matcher.index.ordinary)
                needs.append(ask(matcher, encoded, put.key, k=config.k, categories=put.categories))
                report(len(needs), len(read.needs))
        reworded = _reworded(matcher, encoder, config.k, translations or {}, stage)
    finally:
        store.close()
    return find_gaps(needs, bank, config, source=source, skipped=read.skipped, translations=reworded)


def _matcher(settings: Settings, encoder: CachedEncoder) -> Matcher:
    """One that lists also what is no good match: how far off it is decides whether there is a gap."""
    model = None if settings.model is None else RelevanceModel.load(settings.model)
    index = index_source(settings).open(encoder)
    return build_matcher(index, encoder, MatcherConfig(ranking=RankingConfig(least_probability=0.0)), model)


def _bank(matcher: Matcher, encoder: Encoder, k: int, stage: Stage) -> OrdinaryBank:
    """The shipped ordinary needs, as companies of each of the programme's countries might have put them."""
    rows = [json.loads(line) for line in ordinary_needs_file().read_text(encoding="utf-8").splitlines()]
    countries = sorted({region.country for region in shipped_regions()})
    values, vectors = [], []
    with stage("Asking for ordinary needs") as report:
        for done, row in enumerate(rows, start=1):
            need = Need(text=row["text"], language=row["language"], country=countries[0])
            encoded = encode_need(need, encoder, matcher.index.ordinary)
            vectors.append(encoded.parts.apart[0])
            for country in countries:
                there = replace(encoded, need=need.model_copy(update={"country": country}))
                values.append(Ordinary(row["topic"], ask(matcher, there, "", k=k, abroad_only=True)))
            report(done, len(rows))
    return OrdinaryBank(
        subjects=tuple(row["topic"] for row in rows),
        wordings=tuple(Wording(row["text"], row["language"]) for row in rows),
        vectors=np.stack(vectors),
        reference=Reference.of(values),
    )


def _reworded(
    matcher: Matcher, encoder: Encoder, k: int, translations: Mapping[str, Sequence[Need]], stage: Stage
) -> dict[str, list[AskedNeed]]:
    with stage("Asking in other languages") as report:
        found = {}
        for done, (key, ways) in enumerate(translations.items(), start=1):
            encoded = [encode_need(need, encoder, matcher.index.ordinary) for need in ways]
            found[key] = [ask(matcher, one, f"{key} {one.language}", k=k) for one in encoded]
            report(done, len(translations))
    return found
