"""From needs with their lists to gaps: judge each need, find subjects, say what each gap is and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matcher.gaps.asked import AskedNeed
from matcher.gaps.different import different_companies
from matcher.gaps.findings import Alike, Cell, GapAnalysis, Point, Reworded, Skipped
from matcher.gaps.labels import Vocabulary, Wording
from matcher.gaps.one_gap import GapConfig, counts, gap_of
from matcher.gaps.reference import Reference
from matcher.gaps.reworded import alike, reworded
from matcher.gaps.space import OrdinaryBank, Space
from matcher.gaps.subjects import subjects_of
from matcher.gaps.unmet import Judged, judged
from matcher.pairs import NO_REGION
from matcher.rates import rate


def find_gaps(
    needs: Sequence[AskedNeed],
    bank: OrdinaryBank,
    config: GapConfig,
    *,
    source: str,
    skipped: Skipped | None = None,
    translations: Mapping[str, Sequence[AskedNeed]] | None = None,
) -> GapAnalysis:
    """The findings; the same whatever the order of the needs.

    Args:
        needs: each with a key of its own.
        bank: what ordinary needs get from the same directory.
        config: how.
        source: of the needs, in words.
        skipped: what is not among them.
        translations: key of a need → the need in all languages, its own too. They count for labels and to see what depends on
            the language, and never as needs.

    Raises:
        Refusal: there are more needs than can be compared.
    """
    needs = sorted(needs, key=lambda asked: asked.key)
    found = judged(needs, bank.reference, config.least_probability)
    unmet = [one for one in found if one.is_unmet]
    ordinary = judged([one.asked for one in bank.reference.values], bank.reference, config.least_probability)
    space = Space.of(needs, bank)
    subject = subjects_of(space.apart([asked.vector for asked in needs]), space.unrelated).tolist()
    wordings = {asked.key: [Wording(asked.need.whole_text, asked.language)] for asked in needs}
    for key, ways in (translations or {}).items():
        wordings[key] += [
            Wording(way.need.whole_text, way.language) for way in ways if way.language != wordings[key][0].language
        ]
    vocabulary = Vocabulary(wordings, bank.wordings)
    groups: dict[int, list[Judged]] = {}
    for number, one in zip(subject, found, strict=True):
        groups.setdefault(number, []).append(one)
    gaps = [
        gap_of(group, len(needs), bank, space, vocabulary, config)
        for group in groups.values()
        if any(o.is_unmet for o in group)
    ]
    gaps.sort(key=lambda gap: (gap.is_anecdote, -gap.unmet.numerator, -(gap.unmet.value or 0.0)))
    return GapAnalysis(
        source=source,
        needs=len(needs),
        companies=different_companies(needs),
        skipped=skipped or Skipped(),
        k=config.k,
        least_probability=config.least_probability,
        unmet=rate(len(unmet), len(needs)),
        why=counts(str(one.why) for one in unmet),
        near_line=sum(one.near_line for one in found),
        lines=bank.reference.lines,
        line_overall=bank.reference.overall,
        ordinary_unmet=rate(sum(one.is_unmet for one in ordinary), len(ordinary)),
        ordinary_alike=_alike(bank.reference, ordinary),
        ordinary=_ordinary_points(bank.reference),
        expected=tuple(_points(found)),
        subjects=len(groups),
        gaps=tuple(gap.model_copy(update={"number": number}) for number, gap in enumerate(gaps, start=1)),
        cells=tuple(_cells(found)),
        reworded=_reworded(translations, bank, space, config),
        shows_titles=config.shows_titles,
    )


def _cells(found: Sequence[Judged]) -> Iterable[Cell]:
    counts: dict[tuple[str, str], list[bool]] = {}
    for one in found:
        for field in one.asked.fields:
            counts.setdefault((one.asked.need.region or NO_REGION, field), []).append(one.is_unmet)
    for (region, field), unmet in sorted(counts.items()):
        yield Cell(region=region, field=field, unmet=rate(sum(unmet), len(unmet)))


def _points(found: Sequence[Judged]) -> list[Point]:
    points = [Point(language=one.asked.language, expected=one.asked.expected, is_unmet=one.is_unmet) for one in found]
    return sorted(points, key=lambda point: (point.language, point.expected, point.is_unmet))


def _ordinary_points(reference: Reference) -> tuple[Point, ...]:
    values: dict[tuple[str, str], list[float]] = {}
    for value in reference.values:
        values.setdefault((value.asked.language, value.subject), []).append(value.asked.expected)
    points = []
    for (language, _), expected in sorted(values.items()):
        mean = sum(expected) / len(expected)
        points.append(Point(language=language, expected=mean, is_unmet=mean < reference.line(language)))
    return tuple(points)


def _reworded(
    translations: Mapping[str, Sequence[AskedNeed]] | None, bank: OrdinaryBank, space: Space, config: GapConfig
) -> Reworded | None:
    if not translations:
        return None
    ways = {key: judged(translations[key], bank.reference, config.least_probability) for key in sorted(translations)}
    apart = space.apart([way.asked.vector for of_need in ways.values() for way in of_need])
    return reworded(ways, apart, space.unrelated)


def _alike(reference: Reference, ordinary: Sequence[Judged]) -> Alike:
    wordings: dict[tuple[str, str], list[Judged]] = {}
    for value, one in zip(reference.values, ordinary, strict=True):
        wordings.setdefault((value.subject, one.asked.need.country), []).append(one)
    return alike(wordings.values())
