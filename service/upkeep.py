"""The upkeep of the directory, as a regional partner does it: through the interface or on the command line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from embeddings.errors import shown
from matcher.directory import Directory
from matcher.errors import DirectoryRefused, NotFound, Problem, StepRefused
from matcher.kept_directory import filed_entry
from matcher.log import Once
from matcher.records import Day
from matcher.standing import Standing, standing_of
from matcher.upkeep import Entry, NewProviderStep, ProviderStep
from service.access.errors import Forbidden
from service.record.sql_upkeep import SqlUpkeep


class Upkeep:
    """Steps of providers, checked against the directory that is in use.

    `region` is, in every call, the region of whoever asks; `None` may look after all of them.
    """

    def __init__(self, steps: SqlUpkeep, directory: Directory) -> None:
        self._steps = steps
        self._directory = directory
        self._in_files = frozenset(provider.provider_id for provider in directory.providers)

    def standing(self, provider_id: str) -> Standing:
        """How a provider stands.

        Raises:
            NotFound: it is neither in the directory nor on record.
        """
        steps = self._steps.steps_of(provider_id)
        if not steps and provider_id not in self._in_files:
            raise NotFound("provider", "be in the directory or on record", shown(provider_id), "Propose it first.")
        return standing_of(provider_id, steps, filed_entry(self._directory, provider_id))

    def standings(self, region: str | None = None) -> Iterator[Standing]:
        """How each provider stands of which anything is on record, by id."""
        for steps in self._steps.every_provider(region):
            provider_id = steps[0].provider_id
            yield standing_of(provider_id, steps, filed_entry(self._directory, provider_id))

    def everybody(self, region: str | None = None) -> Iterator[Standing]:
        """How every provider stands, of the directory and of the record, by id."""
        stepped = {steps[0].provider_id: steps for steps in self._steps.every_provider()}
        for provider_id in sorted(self._in_files | stepped.keys()):
            found = standing_of(provider_id, stepped.get(provider_id, []), filed_entry(self._directory, provider_id))
            if region in (None, found.region):
                yield found

    def propose(
        self, entries: Sequence[Entry], by: str, *, region: str | None = None, once: Once | None = None
    ) -> list[ProviderStep]:
        """Propose providers, all of them or none.

        Args:
            entries: each is of the region that proposes it, if it says of none; at least one.
            by: who records it.
            region: see above.
            once: the same proposal under the same key is recorded once; for one provider only.

        Raises:
            DirectoryRefused: an entry is of another region, of none, or has evidence of another provider's id; all are named.
            StepRefused: a provider is in the directory, or was proposed before.
        """
        placed = [_of_region(entry, region or "") for entry in entries]
        problems = [problem for entry in placed for problem in _region_problems(entry, region)]
        problems += self._evidence_problems(placed)
        if problems:
            raise DirectoryRefused(problems)
        return self._record("proposed", [(entry, entry.provider.region) for entry in placed], by, once)

    def correct(
        self,
        entries: Sequence[Entry],
        by: str,
        *,
        region: str | None = None,
        once: Once | None = None,
        happened_on: Day | None = None,
    ) -> list[ProviderStep]:
        """Correct the entries of providers, all of them or none. Without evidence what there is stays.

        Args:
            entries: how they read now; at least one.
            by: who records it.
            region: see above.
            once: the same correction under the same key is recorded once; for one provider only.
            happened_on: the day from which it holds, where that is told.

        Raises:
            NotFound: a provider is neither in the directory nor on record.
            Forbidden: a provider is of another region than whoever asks.
            DirectoryRefused: an entry moves to a region that whoever asks does not look after, or has evidence of another
                provider's id; all are named.
            StepRefused: a provider cannot be corrected now.
        """
        placed = [(_of_region(entry, found.region), found) for entry, found in self._own_each(entries, region)]
        problems = [problem for entry, found in placed for problem in _moved_problems(entry, found, region)]
        problems += self._evidence_problems([entry for entry, _ in placed])
        if problems:
            raise DirectoryRefused(problems)
        return self._record("corrected", [(entry, entry.provider.region) for entry, _ in placed], by, once, happened_on)

    def correct_as_asked(
        self, provider_id: str, by: str, *, region: str | None = None, once: Once | None = None
    ) -> ProviderStep:
        """Record the correction that the provider itself asked for last.

        Raises:
            StepRefused: it asked for none since the last correction.
            NotFound, Forbidden, DirectoryRefused: see `correct`.
        """
        asked = self.own(provider_id, region).asked
        if asked is None:
            wanted, remedy = "follow a correction that the provider asked for", "Give the correction in files."
            raise StepRefused(f"step of provider {provider_id}", wanted, "none that waits", remedy)
        [step] = self.correct([asked], by, region=region, once=once)
        return step

    def step(self, new: NewProviderStep, by: str, *, region: str | None = None, once: Once | None = None) -> ProviderStep:
        """Put any other step on record.

        Raises:
            NotFound: the provider is neither in the directory nor on record.
            Forbidden: it is of another region than whoever asks.
            StepRefused: the step is not legal now.
        """
        found = self.own(new.provider_id, region)
        in_files = new.provider_id in self._in_files
        return self._steps.step(new, by, region=found.region, in_files=in_files, once=once)

    def check_asked(self, entry: Entry, provider_id: str) -> Entry:
        """The entry that a provider asks for, in its region if it says of none.

        Raises:
            DirectoryRefused: it is another provider's, or moves to another region; all that is wrong is named.
        """
        found = self.standing(provider_id)
        placed = _of_region(entry, found.region)
        problems = list(_moved_problems(placed, found, found.region))
        if entry.provider.provider_id != provider_id:
            told = shown(entry.provider.provider_id)
            problems.append(_problem(entry, "provider_id", f"stay {provider_id}", told, "An id is for good."))
        if problems:
            raise DirectoryRefused(problems)
        return placed

    def own(self, provider_id: str, region: str | None) -> Standing:
        """A provider that a region looks after.

        Raises:
            NotFound, Forbidden: see `step`.
        """
        found = self.standing(provider_id)
        if region is not None and found.region != region:
            wanted, got = f"be the caller's own, {region}", shown(found.region) if found.region else "none"
            raise Forbidden(f"region of provider {provider_id}", wanted, got, "Ask the regional partner that looks after it.")
        return found

    def _own_each(self, entries: Sequence[Entry], region: str | None) -> Iterator[tuple[Entry, Standing]]:
        for entry in entries:
            yield entry, self.own(entry.provider.provider_id, region)

    def _record(
        self,
        kind: str,
        entries: Sequence[tuple[Entry, str]],
        by: str,
        once: Once | None,
        happened_on: Day | None = None,
    ) -> list[ProviderStep]:
        new = [(_telling(kind, entry, happened_on), region) for entry, region in entries]
        if once is None:
            return self._steps.step_each(new, by, in_files=self._in_files)
        [(step, region)] = new
        in_files = step.provider_id in self._in_files
        return [self._steps.step(step, by, region=region, in_files=in_files, once=once)]

    def _evidence_problems(self, entries: Sequence[Entry]) -> Iterator[Problem]:
        """Evidence under an id that another provider's has: the next index could not be built."""
        owner = {one.evidence_id: one.provider_id for one in self._directory.evidence}
        for steps in self._steps.every_provider():
            told = (step.entry for step in steps if step.entry is not None and step.kind != "asked")
            owner |= {one.evidence_id: one.provider_id for entry in told for one in entry.evidence}
        for entry in entries:
            for one in entry.evidence:
                there = owner.setdefault(one.evidence_id, one.provider_id)
                if there != one.provider_id:
                    found = f"{shown(one.evidence_id)}, of {there}"
                    yield _problem(entry, "evidence_id", "be of no other provider", found, "Give it an id of its own.")


def _telling(kind: str, entry: Entry, happened_on: Day | None) -> NewProviderStep:
    told = {"provider_id": entry.provider.provider_id, "kind": kind, "entry": entry, "happened_on": happened_on}
    return NewProviderStep.model_validate(told)


def _of_region(entry: Entry, region: str) -> Entry:
    """The entry, of that region if it says of none."""
    provider = entry.provider
    if provider.region:
        return entry
    return entry.model_copy(update={"provider": provider.model_copy(update={"region": region})})


def _region_problems(entry: Entry, region: str | None) -> Iterator[Problem]:
    told = entry.provider.region
    if not told:
        yield _problem(entry, "region", "name the region that looks after it", "none", "Fill it in.")
    elif region is not None and told != region:
        yield _problem(entry, "region", f"be the region that proposes it, {region}", shown(told), "Leave it empty.")


def _moved_problems(entry: Entry, found: Standing, region: str | None) -> Collection[Problem]:
    told = entry.provider.region
    if region is None or told == found.region:
        return ()
    remedy = "Leave it empty; a programme office of all regions may move it."
    return [_problem(entry, "region", f"stay {found.region or 'empty'}", shown(told), remedy)]


def _problem(entry: Entry, column: str, required: str, found: str, remedy: str) -> Problem:
    return Problem(f"provider {entry.provider.provider_id}", 0, column, required, found, remedy)
