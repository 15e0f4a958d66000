"""What runs on the machines of a cluster: an encoder, and matchers, each in a process of its own that opens its part once.

Ray makes actors of these classes (`ray_crew.py`). They know nothing of Ray, so that they can be tried without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import repeat
from typing import NamedTuple

from embeddings.cache import CachedEncoder
from embeddings.encoder import Encoder
from embeddings.errors import Refusal
from embeddings.store import open_build
from matcher.contacts import Contact
from matcher.encoding import EncodedNeed, encode_needs
from matcher.index import ProviderIndex
from matcher.listing import Asked
from matcher.ordinary import OrdinaryNeeds
from matcher.pipeline import Matcher, build_matcher
from matcher.records import MatchRequest
from matcher.relevance import RelevanceModel
from service.batch.ray_index import CarriedIndex, model_in, remove, unpacked
from service.batch.refusals import BatchRefused
from service.batch.workers import Done, EncodedElsewhere, Task, carry_out, keep_what_is_open

Told = tuple[str, str, str, str]
"""Place, required, found and remedy of a refusal: exceptions of one's own do not travel well."""


class Engine(NamedTuple):
    """What every process of the batch must have open, or it is not the same engine."""

    fingerprint: str
    encoder: str
    """The encoder's fingerprint."""
    dim: int
    open_encoder: Callable[[], Encoder]
    remembered: int
    """Query vectors that an encoder keeps in memory."""


class Part(NamedTuple):
    """Needs that are encoded and matched together."""

    batch_id: str
    form: str
    """The output's ending."""
    numbers: list[int]
    """Of their rows."""
    requests: list[MatchRequest]
    contacts: list[tuple[Contact, ...]]
    off_lists: frozenset[str]
    asked_by: str
    at: datetime


class EncodingActor:
    """Encodes needs."""

    def __init__(self) -> None:
        self._encoder: CachedEncoder | None = None
        self._ordinary: OrdinaryNeeds | None = None

    def begin(self, engine: Engine, index: CarriedIndex) -> Told | None:
        """Open the encoder; says why not, where that cannot be."""
        try:
            self._encoder = CachedEncoder(engine.open_encoder(), queries=engine.remembered)
            if self._encoder.fingerprint != engine.encoder:
                remedy = "Install the same versions on every machine of the cluster."
                raise BatchRefused("encoder of the cluster", f"be {engine.encoder}", self._encoder.fingerprint, remedy)
            build, _ = open_build(unpacked(index), engine.encoder)
            self._ordinary = OrdinaryNeeds.load(build)
        except Refusal as refusal:
            return told(refusal)
        keep_what_is_open()
        return None

    def encode(self, part: Part) -> tuple[int, list[EncodedNeed]]:
        """How many needs a part has, and these as vectors. Apart, so that the number tells of success where it is asked for."""
        assert self._encoder is not None
        assert self._ordinary is not None
        needs = [request.need for request in part.requests]
        return len(needs), encode_needs(needs, self._encoder, self._ordinary)


class MatchingActor:
    """Matches needs that come as vectors."""

    def __init__(self) -> None:
        self._matcher: Matcher | None = None

    def begin(self, engine: Engine, index: CarriedIndex) -> Told | None:
        """Open the index; says why not, where that cannot be."""
        try:
            place = unpacked(index)
            encoder = CachedEncoder(EncodedElsewhere(engine.dim, engine.encoder))
            own = model_in(place)
            model = None if own is None else RelevanceModel.load(own)
            self._matcher = build_matcher(ProviderIndex.open(place, encoder), encoder, model=model)
            if self._matcher.fingerprint != engine.fingerprint:
                remedy = "Install the same version of crossmatch on every machine of the cluster."
                raise BatchRefused("engine of the cluster", f"be {engine.fingerprint}", self._matcher.fingerprint, remedy)
        except Refusal as refusal:
            return told(refusal)
        keep_what_is_open()
        return None

    def match(self, encoded: Sequence[EncodedNeed], part: Part) -> Done:
        """The lists of a part, ready to be recorded."""
        assert self._matcher is not None
        asked = list(map(Asked, encoded, part.requests, part.contacts, repeat(part.off_lists)))
        try:
            return carry_out(self._matcher, Task(part.batch_id, part.form, part.numbers, asked, part.asked_by, part.at))
        except Refusal as refusal:
            return Done([], [], told(refusal))

    def leave(self, name: str) -> None:
        """Remove from this machine what was unpacked for the batch."""
        remove(name)


def told(refusal: Refusal) -> Told:
    """A refusal as four texts."""
    return refusal.place, refusal.required, refusal.found, refusal.remedy
