"""Would a list be the same today? What differs from the list that was given out, and what changed that decides it."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from matcher.errors import ReplayImpossible
from matcher.log import LoggedList
from matcher.records import Match, MatchList, Record, SpokenEvidence
from matcher.replay_words import NONE, sentences_of

NEGLIGIBLE = 1e-5
"""Numbers that differ by no more are the same: another processor may round the last digits of a product otherwise."""
_PARTS = {
    "encoder": "encoder",
    "directory": "directory",
    "ordinary_needs": "bank of ordinary needs",
    "passages": "number of passages",
    "dense": "kind of index",
    "model": "relevance model",
    "ranking_version": "ranking version",
}
"""Component of an engine (`Matcher.components`) → what it is. Settings are told by their names."""
_COUNTS = {
    "directory": "providers in the directory",
    "own_organisation": "providers that are the company itself",
    "filtered_out": "providers filtered out",
    "domestic_left_out": "providers of the own country left out",
    "known_contacts": "providers left out that the company knows",
    "off_lists": "providers left out that are off lists",
    "candidates": "candidates",
}
"""Field of `Considered` → whom it counts."""
_PLACE_ON_LIST = {"rank", "provider_id", "score", "parts", "probability", "signals", "evidence", "because", "contact"}
"""Fields of a match that are not about the provider itself."""


class Change(Record):
    """Something that is now another than it was."""

    what: str
    given: str
    """`none` where it was not there."""
    now: str


class Listed(Record):
    """A provider's place on one of the lists."""

    provider_id: str
    name: str
    rank: int


class Moved(Record):
    """A provider that has another place now."""

    provider_id: str
    name: str
    given: int
    now: int


class NumberChanged(Record):
    """A number of a match on both lists that is another now."""

    provider_id: str
    name: str
    number: str
    """`score`, `probability` or the name of a part of the score."""
    given: float | None
    now: float | None


class ToldOtherwise(Record):
    """A match on both lists of which something else is said now. Says what, and never repeats the need's words."""

    provider_id: str
    name: str
    what: tuple[str, ...]


class Replay(Record):
    """What became of a list when its need was matched again."""

    same: bool
    """Nothing differs in the list. Something that decides lists may have changed all the same."""
    causes: tuple[Change, ...]
    """What the two engines do not share."""
    verdict: Change | None
    gone: tuple[Listed, ...]
    """With the place they had."""
    new: tuple[Listed, ...]
    """With the place they have."""
    moved: tuple[Moved, ...]
    numbers: tuple[NumberChanged, ...]
    explanations: tuple[ToldOtherwise, ...]
    circumstances: tuple[Change, ...]
    """The need's language as it was told, the counts of who was considered, the notes."""
    off_lists: tuple[Listed, ...] = ()
    """Who was on the list and would be on no new one, whatever the engine: suspended, expired or gone since. The list was
    made again without regard to that, and so it is no difference."""
    sentences: tuple[str, ...] = ()
    """All of it for people."""


def check_replayable(entry: LoggedList) -> None:
    """Return if the list can be made again.

    Raises:
        ReplayImpossible: the need's words were erased.
    """
    if entry.erased_at is not None:
        found = f"one whose words were erased on {entry.erased_at:%Y-%m-%d}"
        remedy = "Read it as it was given out; it cannot be made again."
        raise ReplayImpossible("match list to be replayed", "still have the words of its need", found, remedy)


def differences(
    given: MatchList,
    now: MatchList,
    given_components: Mapping[str, Any],
    components: Mapping[str, Any],
    *,
    off_lists: Collection[str] = (),
) -> Replay:
    """Compare a list with the one that the same request gets now.

    Args:
        given: as it was given out.
        now: of the same request, with the contacts that the company had then, and without the providers off lists then.
        given_components: what the engine consisted of then (`MatchLog.components`).
        components: what it consists of now (`Matcher.components`).
        off_lists: ids of the providers that are on no new list today.

    Raises:
        ReplayImpossible: the two answer different requests.
    """
    if given.request != now.request:
        remedy = "Match the request of the first list again, as it stands there."
        raise ReplayImpossible("lists to be compared", "answer the same request", "two requests", remedy)
    before = {match.provider_id: match for match in given.matches}
    after = {match.provider_id: match for match in now.matches}
    on_both = [(match, after[name]) for name, match in before.items() if name in after]
    found: dict[str, Any] = {
        "verdict": _change("verdict", given.verdict, now.verdict),
        "gone": tuple(_listed(match) for name, match in before.items() if name not in after),
        "new": tuple(_listed(match) for name, match in after.items() if name not in before),
        "moved": tuple(
            Moved(provider_id=one.provider_id, name=other.name, given=one.rank, now=other.rank)
            for one, other in on_both
            if one.rank != other.rank
        ),
        "numbers": tuple(number for pair in on_both for number in _numbers(*pair)),
        "explanations": tuple(
            ToldOtherwise(provider_id=one.provider_id, name=other.name, what=what)
            for one, other in on_both
            if (what := tuple(_told_otherwise(one, other)))
        ),
        "circumstances": tuple(_circumstances(given, now)),
    }
    causes = tuple(_causes(given_components, components))
    gone = tuple(_listed(match) for name, match in before.items() if name in off_lists)
    replay = Replay(same=not any(found.values()), causes=causes, **found, off_lists=gone)
    return replay.model_copy(update={"sentences": tuple(sentences_of(replay))})


def _listed(match: Match) -> Listed:
    return Listed(provider_id=match.provider_id, name=match.name, rank=match.rank)


def _change(what: str, given: object, now: object) -> Change | None:
    return None if given == now else Change(what=what, given=_shown(given), now=_shown(now))


def _shown(value: object) -> str:
    return NONE if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _causes(given: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    one, other = dict(_flat(given)), dict(_flat(now))
    for what in dict.fromkeys([*one, *other]):
        change = _change(what, one.get(what), other.get(what))
        if change is not None:
            yield change


def _flat(components: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What each component is, and its value as JSON keeps it; settings one by one."""
    for name, value in json.loads(json.dumps(components)).items():
        if name == "config":
            yield from _settings("setting ", value)
        else:
            yield _PARTS.get(name, name), value


def _settings(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _settings(f"{prefix}{name}.", value)
        else:
            yield prefix + name, value


def _circumstances(given: MatchList, now: MatchList) -> Iterator[Change]:
    yield from filter(None, [_change("language of the need", given.language, now.language)])
    counts, counts_now = given.considered.model_dump(), now.considered.model_dump()
    for name, whom in _COUNTS.items():
        yield from filter(None, [_change(f"number of {whom}", counts[name], counts_now[name])])
    notes = [" ".join(answer.notes) or None for answer in (given, now)]
    yield from filter(None, [_change("notes", *notes)])


def _numbers(one: Match, other: Match) -> Iterator[NumberChanged]:
    parts, parts_now = ({part.name: part.value for part in match.parts} for match in (one, other))
    numbers: list[tuple[str, float | None, float | None]] = [
        ("score", one.score, other.score),
        *((name, parts.get(name), parts_now.get(name)) for name in dict.fromkeys([*parts, *parts_now])),
        ("probability", one.probability, other.probability),
    ]
    for number, given, now in numbers:
        if not _same_number(given, now):
            yield NumberChanged(provider_id=one.provider_id, name=other.name, number=number, given=given, now=now)


def _same_number(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=0.0, abs_tol=NEGLIGIBLE)


def _told_otherwise(one: Match, other: Match) -> Iterator[str]:
    about, about_now = (match.model_dump(exclude=_PLACE_ON_LIST) for match in (one, other))
    yield from (name.replace("_", " ") for name in about if about[name] != about_now[name])
    yield from _evidence_otherwise(one.evidence, other.evidence)
    if one.because != other.because:
        yield "what else spoke for it"
    if one.contact != other.contact:
        yield "how the company knows it"
    # Lists from before signals were kept have none, and show all the same what came of them.
    kept = one.signals and other.signals
    if kept and not all(map(_same_number, one.signals, other.signals)):
        yield "signals of the relevance model"


def _evidence_otherwise(one: Sequence[SpokenEvidence], other: Sequence[SpokenEvidence]) -> Iterator[str]:
    pieces, pieces_now = ({f"{piece.kind} {piece.evidence_id}".strip(): piece for piece in some} for some in (one, other))
    yield from (f"{name} no longer shown" for name in pieces if name not in pieces_now)
    yield from (f"{name} newly shown" for name in pieces_now if name not in pieces)
    on_both = [name for name in pieces if name in pieces_now]
    yield from (f"{name} told otherwise" for name in on_both if not _same_piece(pieces[name], pieces_now[name]))
    if on_both != [name for name in pieces_now if name in pieces]:
        yield "order of the evidence"


def _same_piece(one: SpokenEvidence, other: SpokenEvidence) -> bool:
    numbers = {"contribution", "similarity"}
    if one.model_dump(exclude=numbers) != other.model_dump(exclude=numbers):
        return False
    return _same_number(one.contribution, other.contribution) and _same_number(one.similarity, other.similarity)
