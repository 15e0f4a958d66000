"""Judgements as files: TREC qrels, a line a judged pair, `need_id 0 provider_id grade` (https://trec.nist.gov/data/qrels_eng/)."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from embeddings.errors import Refusal, shown
from matcher.evaluation.measures import Qrels
from matcher.evaluation.whole_file import whole_file

GRADES = {3: "exactly what is asked for", 2: "clearly useful", 1: "worth a call", 0: "of no use"}
"""What a judge says by a grade: how useful the provider would be to the company that wrote the need."""

GRADES_IN_WORDS = "; ".join(f"{grade} {meaning}" for grade, meaning in GRADES.items())

_GRADE = re.compile(r"[0-3]")


class QrelsRefused(Refusal):
    """A file of judgements that cannot be read as such; the place names file and line."""


def as_grade(text: str) -> int | None:
    """The grade that is written there, or none."""
    return int(text) if _GRADE.fullmatch(text) else None


def read_qrels(
    file: Path, known_needs: Collection[str] | None = None, known_providers: Collection[str] | None = None
) -> dict[str, dict[str, int]]:
    """Need → provider → grade.

    Args:
        file: UTF-8, four columns with white space between them. The second is not used, as by trec_eval; empty lines are
            passed over, and so is a judgement that is there twice with one grade.
        known_needs: ids; any other is refused. Left out, every need is taken.
        known_providers: the same for providers.

    Raises:
        QrelsRefused: the first line that is not as it must be.
    """
    qrels: dict[str, dict[str, int]] = {}
    judged_in: dict[tuple[str, str], int] = {}
    for number, line in enumerate(_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        place = f"line {number} of {file.name}"
        need, provider, grade = _judgement(line, place)
        if known_needs is not None and need not in known_needs:
            remedy = "Correct the id, or name the file of needs that were judged."
            raise QrelsRefused(f"need in {place}", "be one of the needs", shown(need), remedy)
        if known_providers is not None and provider not in known_providers:
            remedy = "Correct the id, or remove the line if the provider has left the directory."
            raise QrelsRefused(f"provider in {place}", "be in the directory", shown(provider), remedy)
        before = qrels.setdefault(need, {}).setdefault(provider, grade)
        first = judged_in.setdefault((need, provider), number)
        if before != grade:
            found = f"grade {grade} for {shown(need)} and {shown(provider)}, which line {first} gives {before}"
            raise QrelsRefused(place, "agree with the lines before it", found, "Decide on one and remove the other.")
    if not qrels:
        raise QrelsRefused(f"file {file.name}", "hold at least one judgement", "none", "Write need_id 0 provider_id grade.")
    return qrels


def write_qrels(file: Path, qrels: Qrels) -> None:
    """Write the judgements, in order of need and provider, all or nothing. A need without any leaves no trace.

    Raises:
        QrelsRefused: there are none, a grade is out of range, or an id cannot stand between white space.
    """
    lines = []
    for need in sorted(qrels):
        for provider in sorted(qrels[need]):
            for name, identifier in (("need", need), ("provider", provider)):
                if identifier.split() != [identifier]:
                    raise QrelsRefused(f"id of a {name}", "have no white space in it", shown(identifier), "Give it another id.")
            grade = qrels[need][provider]
            if grade not in GRADES:
                place = f"grade of {shown(provider)} for {shown(need)}"
                raise QrelsRefused(place, "be a whole number from 0 to 3", shown(grade), f"{GRADES_IN_WORDS}.")
            lines.append(f"{need} 0 {provider} {grade:d}\n")
    if not lines:
        raise QrelsRefused("qrels", "hold at least one judgement", "none", "Fill in grades first.")
    with whole_file(file) as beside:
        beside.write_text("".join(lines), encoding="utf-8", newline="\n")


def _judgement(line: str, place: str) -> tuple[str, str, int]:
    columns = line.split()
    if len(columns) != 4:
        wanted = "have the four columns need_id 0 provider_id grade"
        raise QrelsRefused(place, wanted, f"{len(columns)}: {shown(line.strip())}", "Put white space between columns only.")
    need, _, provider, written = columns
    grade = as_grade(written)
    if grade is None:
        raise QrelsRefused(f"grade in {place}", "be a whole number from 0 to 3", shown(written), f"{GRADES_IN_WORDS}.")
    return need, provider, grade


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise QrelsRefused(f"file {file}", "be readable", error.strerror or str(error), "Check the path.") from error
    except UnicodeDecodeError as error:
        # The error counts from where the decoder began, which is after a byte order mark.
        bad = error.object[error.start]
        line = error.object.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{bad:02X}"
        raise QrelsRefused(f"line {line} of {file.name}", "be UTF-8", found, "Save the file as UTF-8.") from error
