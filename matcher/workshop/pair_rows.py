"""Who wishes, knows, must or may not meet whom, from the rows of four tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from embeddings.errors import shown
from matcher.workshop.event import FixedMeeting, Participant, Wish
from matcher.workshop.event_settings import EventSettings
from matcher.workshop.event_tables import Rows

LEVELS = ("must", "meet", "no")
_OTHER = {"other": "provider"}
"""In an event of companies only the second company may stand in a column of its own name."""


@dataclass
class Pairs:
    """What the tables say, as far as it can be read."""

    wishes: list[Wish] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)
    fixed: list[FixedMeeting] = field(default_factory=list)
    forbidden: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class PairReader:
    """Reads the tables of pairs of one event; what is wrong becomes a problem of its table."""

    def __init__(self, settings: EventSettings, participants: Mapping[str, Participant], *, all_are_known: bool) -> None:
        self.settings = settings
        self.participants = participants
        self.all_are_known = all_are_known
        """False where rows of participants could not be read: ids that are missing would only repeat the news."""
        self.pairs = Pairs()
        self._forbidden_at: dict[tuple[str, str], str] = {}

    def read_wishes(self, rows: Rows) -> None:
        """`of`, `about` and `level`; twice the same is once."""
        if not rows.needs("of", "about", "level"):
            return
        self.pairs.notes += rows.unused(("of", "about", "level"))
        said: dict[tuple[str, str], tuple[str, int]] = {}
        for line, cells in rows:
            level = cells["level"].casefold()
            if level not in LEVELS:
                found = shown(cells["level"]) if cells["level"] else "nothing"
                rows.problem(line, "level", f"be one of {', '.join(LEVELS)}", found, "Choose one of them.")
                continue
            both = [self._participant(rows, line, name, cells[name]) for name in ("of", "about")]
            if both[0] is None or both[1] is None or not self._are_two(rows, line, "about", both[0], both[1]):
                continue
            pair = (both[0].participant_id, both[1].participant_id)
            before, first = said.setdefault(pair, (level, line))
            if before != level:
                found = f"{level} here and {before} in line {first}"
                rows.problem(line, "level", "be the same wherever a wish is told", found, "Remove one of the two rows.")
            elif first == line:
                self.pairs.wishes.append(Wish.model_validate({"of": pair[0], "about": pair[1], "level": level}))

    def read_known(self, rows: Rows) -> None:
        """`company` and `provider`."""
        self.pairs.known += [pair for _, pair in self._company_pairs(rows, ("company", "provider"))]

    def read_forbidden(self, rows: Rows) -> None:
        """`company` and `provider`."""
        for line, pair in self._company_pairs(rows, ("company", "provider")):
            self.pairs.forbidden.append(pair)
            self._forbidden_at[pair] = f"{rows.table.file}, line {line}"

    def read_fixed(self, rows: Rows) -> None:
        """`company`, `provider` and, where the organiser says when, `slot`; after what is forbidden."""
        taken: dict[tuple[str, str], int] = {}
        cells_at = dict(rows)
        for line, pair in self._company_pairs(rows, ("company", "provider", "slot")):
            slot_id = cells_at[line].get("slot") or None
            if pair in self._forbidden_at:
                found = f"a pair that is forbidden in {self._forbidden_at[pair]}"
                rows.problem(line, "provider", "be one that the company may meet", found, "Remove one of the two rows.")
            elif slot_id is None or self._suits(rows, line, slot_id, pair, taken):
                company, provider = pair
                self.pairs.fixed.append(FixedMeeting(company_id=company, provider_id=provider, slot_id=slot_id))

    def _suits(self, rows: Rows, line: int, slot_id: str, pair: tuple[str, str], taken: dict[tuple[str, str], int]) -> bool:
        slots = [slot.slot_id for slot in self.settings.slots]
        if slots and slot_id not in slots:
            remedy = f"The slots are {', '.join(slots[:8])}{', …' if len(slots) > 8 else ''}."
            rows.problem(line, "slot", "be a slot of the event", shown(slot_id), remedy)
            return False
        for one in pair:
            there = self.participants[one].slots
            if there and slot_id not in there:
                found = f"{slot_id}, when {one} is away"
                rows.problem(
                    line, "slot", "be one in which both are there", found, "Take another, or correct when it is there."
                )
                return False
            first = taken.setdefault((one, slot_id), line)
            if first != line:
                found = f"{slot_id}, for which {one} is fixed in line {first} already"
                rows.problem(line, "slot", "be free for both", found, "Take another slot.")
                return False
        return True

    def _company_pairs(self, rows: Rows, known: tuple[str, ...]) -> list[tuple[int, tuple[str, str]]]:
        """Line and pair, each pair once."""
        for name, stands_for in _OTHER.items():
            if name in rows.columns:
                rows.columns.setdefault(stands_for, rows.columns.pop(name))
        if not rows.needs("company", "provider"):
            return []
        self.pairs.notes += rows.unused(known)
        seen: dict[tuple[str, str], int] = {}
        for line, cells in rows:
            company = self._participant(rows, line, "company", cells["company"], "company")
            other = "company" if self.settings.is_between_companies else "provider"
            provider = self._participant(rows, line, "provider", cells["provider"], other)
            if company is None or provider is None or not self._are_two(rows, line, "provider", company, provider):
                continue
            pair = (company.participant_id, provider.participant_id)
            if self.settings.is_between_companies and pair[::-1] in seen:
                continue
            seen.setdefault(pair, line)
        return [(line, pair) for pair, line in seen.items()]

    def _participant(self, rows: Rows, line: int, name: str, identifier: str, side: str = "") -> Participant | None:
        if not identifier:
            rows.problem(line, name, "name a participant", "nothing", "Fill in its id.")
            return None
        one = self.participants.get(identifier)
        if one is None:
            if self.all_are_known:
                remedy = "Correct the id, or add the participant."
                rows.problem(line, name, "be the id of a participant", shown(identifier), remedy)
            return None
        if side and one.side != side:
            rows.problem(line, name, f"be a {side}", f"{identifier}, a {one.side}", "Is it in the other's column?")
            return None
        return one

    def _are_two(self, rows: Rows, line: int, name: str, one: Participant, other: Participant) -> bool:
        """Whether they may meet at all."""
        if one.participant_id == other.participant_id:
            rows.problem(line, name, "be another participant", f"{other.participant_id} on both sides", "Correct one of them.")
            return False
        if not self.settings.is_between_companies and one.side == other.side:
            found = f"two of one side: {one.participant_id} and {other.participant_id}"
            rows.problem(line, name, "be of the other side", found, "Companies meet providers in this kind of event.")
            return False
        return True
