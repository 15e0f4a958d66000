"""A tiny benchmark with needs before and after the split: enough to evaluate, far too little to learn from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

COUNTRIES = ("DE", "NL", "DK", "FR", "BE", "SE")
SUBJECTS = ("lung models", "ship engines", "battery recycling", "vaccine filling", "soil microbes", "rail signals")


def write_benchmark(folder: Path, *, providers: int = 12) -> Path:
    """Provider n is of country n and subject n, counted round; each subject is looked for once before the split, once after.

    Known matches are all providers of the subject, so that most are abroad. The companies are no providers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Shifted by one each round, or a subject would be of one country.
    country = [COUNTRIES[(number + number // len(COUNTRIES)) % len(COUNTRIES)] for number in range(providers)]
    subject = [SUBJECTS[number % len(SUBJECTS)] for number in range(providers)]
    _write(
        folder / "providers.csv",
        [
            {"provider_id": f"p{n:02}", "name": f"Institute {n}", "category": "technology", "country": country[n]}
            for n in range(providers)
        ],
    )
    _write(
        folder / "evidence.csv",
        [
            {
                "evidence_id": f"e{n:02}-{piece}",
                "provider_id": f"p{n:02}",
                "kind": "project",
                "title": f"Work on {subject[n]}, part {piece}",
                "date": "2023-01-01",
            }
            for n in range(providers)
            for piece in range(1 + n % 3)
        ],
    )
    needs, known = [], []
    for number, sought in enumerate(SUBJECTS):
        for group, day in ((f"early{number}", "2024-01-01"), (f"late{number}", "2024-09-01")):
            need = {"need_id": f"{group}-sme", "text": f"We look for {sought}.", "country": COUNTRIES[number - 1]}
            needs.append({**need, "language": "en", "asked_on": day, "group": group})
            known += [f"{group}-sme 0 p{n:02} 1" for n in range(providers) if subject[n] == sought]
    (folder / "needs.jsonl").write_text("".join(f"{json.dumps(need)}\n" for need in needs), encoding="utf-8")
    (folder / "known_matches.qrels").write_text("".join(f"{line}\n" for line in known), encoding="utf-8")
    return folder


def _write(file: Path, rows: Iterable[Mapping[str, str]]) -> None:
    stream = io.StringIO(newline="")
    writer = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(stream, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    file.write_text(stream.getvalue(), encoding="utf-8")
