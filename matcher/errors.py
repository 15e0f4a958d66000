"""What the domain refuses, each in the common form of `embeddings.errors.Refusal`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embeddings.errors import Refusal

if TYPE_CHECKING:
    from matcher.workshop.rules import Rule


class RequestRefused(Refusal):
    """A need, filter, policy or number of results that cannot be matched as given."""


class NeedTooLong(Refusal):
    """A need text beyond the length that is read."""


class NotFound(Refusal):
    """A provider or match list that does not exist."""


class LogUnavailable(Refusal):
    """The match log cannot be written, so no answer may be given out."""


class StepRefused(Refusal):
    """A step of a match that is not legal after those before it."""


class RuleBroken(Refusal):
    """What a rule of the programme does not allow; `rule` is its name."""

    def __init__(self, rule: str, place: str, required: str, found: str, remedy: str = "") -> None:
        super().__init__(place, required, found, remedy)
        self.rule = rule

    def __str__(self) -> str:
        return f"{super().__str__()} (rule: {self.rule})"


class ReplayImpossible(Refusal):
    """A list that cannot be made again, or lists that do not answer the same request."""


class KeyReused(Refusal):
    """An idempotency key that came before with another request."""


class RecordBroken(Refusal):
    """The record does not hold together: something was changed, taken out or put in beside the chain."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file: where (line from 1; 0 for the file as a whole), what had to hold, what was there."""

    file: str
    line: int
    column: str
    required: str
    found: str
    remedy: str

    @property
    def place(self) -> str:
        """File, line and column in words."""
        line = f", line {self.line}" if self.line else ""
        return f"{self.file}{line}" + (f", column {self.column}" if self.column else "")

    def __str__(self) -> str:
        return f"{self.place}: must {self.required}. Got {self.found}. {self.remedy}".rstrip()


class FilesRefused(Refusal):
    """Files with one problem or more; all of them are in `problems`, the first is what the refusal says."""

    all_named_by = ""
    """What names the others, for whoever sees only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = problems[0]
        more = f" ({len(problems) - 1} more problems{self.all_named_by})" if len(problems) > 1 else ""
        super().__init__(first.place, first.required, first.found, f"{first.remedy}{more}".strip())


class DirectoryRefused(FilesRefused):
    """A directory with one problem or more."""

    all_named_by = ": crossmatch directory check"


class BenchmarkRefused(FilesRefused):
    """A benchmark that cannot be read, or of which nothing is left."""


class EventRefused(FilesRefused):
    """An event with one problem or more in its files."""


class ProgrammeRefused(FilesRefused):
    """A programme file with one problem or more."""


class OutcomesRefused(FilesRefused):
    """A file of what became of meetings with one problem or more; nothing of it went on record."""


class PlanImpossible(Refusal):
    """An event whose rules cannot all hold; `rules` are a smallest set of them: giving up any one of these resolves it.

    `told` says them in words, a sentence for each or for several that are alike.
    """

    def __init__(
        self, place: str, required: str, found: str, remedy: str, rules: Sequence[Rule], told: Sequence[str] = ()
    ) -> None:
        super().__init__(place, required, found, remedy)
        self.rules = tuple(rules)
        self.told = tuple(told)


class PlanNotFound(Refusal):
    """An event for which the time limit came before a plan, and before a proof that there is none."""
