"""The directory as it is kept: its files, with what the record says of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from embeddings.errors import shown
from matcher.directory import Directory
from matcher.errors import DirectoryRefused, NotFound, Problem
from matcher.upkeep import Entry, ProviderStep, entry_in_force, state_of_provider

IN_DIRECTORY = ("listed", "accepted", "suspended", "expired")
"""States in which a provider is searched. Who is suspended or expired is off lists, and may be back from one to the next."""


@dataclass(frozen=True)
class KeptDirectory:
    """What comes of files and record, and how much of it came from the record."""

    directory: Directory
    accepted: int = 0
    """Providers that the record tells and the files do not."""
    corrected: int = 0
    """Providers of the files of which the record tells another entry."""
    left_out: int = 0
    """Providers of the files that are in the directory no longer."""


def filed_entry(directory: Directory, provider_id: str) -> Entry | None:
    """How a directory tells a provider; `None` where it does not."""
    try:
        provider = directory.provider(provider_id)
    except NotFound:
        return None
    # The records were checked when the directory was made.
    return Entry.model_construct(provider=provider, evidence=directory.evidence_of(provider_id))


def with_record(files: Directory, histories: Iterable[Sequence[ProviderStep]]) -> KeptDirectory:
    """The directory of these files after these steps.

    Who was accepted comes in, who was corrected reads as corrected, who left or is yet to be accepted is left out. What the
    record says of a provider holds, whatever the files say.

    Args:
        files: as `matcher.directory.load_directory` reads them.
        histories: the steps of each provider that has any.

    Raises:
        DirectoryRefused: an id of evidence comes twice; all are named.
    """
    entries = {provider.provider_id: filed_entry(files, provider.provider_id) for provider in files.providers}
    accepted = corrected = left_out = 0
    for steps in histories:
        provider_id = steps[0].provider_id
        filed = entries.pop(provider_id, None)
        entry = _kept(steps, filed)
        if entry is None:
            left_out += filed is not None
            continue
        accepted += filed is None
        corrected += filed is not None and entry != filed
        entries[provider_id] = entry
    if not (accepted or corrected or left_out):
        return KeptDirectory(files)
    kept = [entry for _, entry in sorted(entries.items()) if entry is not None]
    _check_evidence(kept)
    evidence = sorted((one for entry in kept for one in entry.evidence), key=lambda one: one.evidence_id)
    directory = Directory(tuple(entry.provider for entry in kept), tuple(evidence), files.ignored_columns)
    return KeptDirectory(directory, accepted, corrected, left_out)


def _kept(steps: Sequence[ProviderStep], filed: Entry | None) -> Entry | None:
    was_accepted = any(step.kind == "accepted" for step in steps)
    if state_of_provider(steps) not in IN_DIRECTORY or (filed is None and not was_accepted):
        return None
    return entry_in_force(steps, filed)


def _check_evidence(entries: Iterable[Entry]) -> None:
    first: dict[str, str] = {}
    problems = []
    for entry in entries:
        for one in entry.evidence:
            owner = first.setdefault(one.evidence_id, one.provider_id)
            if owner != one.provider_id:
                place, found = f"entry of provider {one.provider_id}", f"{shown(one.evidence_id)} again (first of {owner})"
                remedy = "Give it an id of its own: crossmatch directory correct."
                problems.append(Problem(place, 0, "evidence_id", "be unique", found, remedy))
    if problems:
        raise DirectoryRefused(problems)
