"""Directory and match lists as pandas tables, for notebooks. pandas is imported when one is asked for, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.directory import Directory
from matcher.records import MatchList

if TYPE_CHECKING:
    import pandas as pd


def provider_frame(directory: Directory) -> pd.DataFrame:
    """One row a provider, indexed by id, with the number of its pieces of evidence in `evidence`."""
    import pandas as pd

    rows = [p.model_dump() | {"evidence": len(directory.evidence_of(p.provider_id))} for p in directory.providers]
    return pd.DataFrame(rows).set_index("provider_id")


def match_frame(answer: MatchList) -> pd.DataFrame:
    """One row a match, indexed by rank, with a column for each part of the score; empty for a list without matches."""
    import pandas as pd

    rows = [
        match.model_dump(exclude={"parts", "evidence", "because", "signals"}) | {part.name: part.value for part in match.parts}
        for match in answer.matches
    ]
    return pd.DataFrame(rows).set_index("rank") if rows else pd.DataFrame()
