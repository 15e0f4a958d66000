"""Match lists as rows of one flat table, a match a row."""

from __future__ import annotations

from typing import Any

from matcher.log import LoggedList

COLUMNS: dict[str, type] = {
    "row": int,
    "need_id": str,
    "company": str,
    "need_country": str,
    "list_id": str,
    "verdict": str,
    "note": str,
    "rank": int,
    "provider_id": str,
    "provider": str,
    "category": str,
    "country": str,
    "city": str,
    "url": str,
    "cross_border": bool,
    "probability": float,
    "score": float,
    "because": str,
    "contact": str,
    "need_sentence": str,
    "evidence": str,
    "evidence_year": int,
    "reference": str,
}
"""Column → kind of its values, any of which may be missing. A need that nobody answers has one row, with verdict and note."""

Flat = list[Any]


def flat_rows(number: int, entry: LoggedList) -> list[Flat]:
    """Rows of one list in the order of `COLUMNS`.

    Args:
        number: of the need's row in the file that it came from.
        entry: the list.
    """
    answer, need = entry.answer, entry.answer.request.need
    start = [number, need.need_id, need.company, need.country, entry.list_id, answer.verdict, " ".join(answer.notes)]
    rows = []
    for match in answer.matches:
        best = match.evidence[0] if match.evidence else None
        rows.append(
            [
                *start,
                match.rank,
                match.provider_id,
                match.name,
                match.category,
                match.country,
                match.city,
                match.url,
                match.cross_border,
                match.probability,
                match.score,
                "; ".join(match.because),
                match.contact,
                best.need_sentence if best else "",
                best.text if best else "",
                best.year if best else None,
                best.reference if best else "",
            ]
        )
    return rows or [start + [None] * (len(COLUMNS) - len(start))]
