"""Which type of index holds how many vectors, and why."""

from __future__ import annotations

from dataclasses import dataclass

EXACT = "Flat"


@dataclass(frozen=True)
class DenseConfig:
    """When to give up exactness, and for what. Measured: `benchmarks/README.md`, one machine as far as it goes."""

    exact_up_to: int = 100_000
    """Vectors searched one by one: 100,000 of 384 numbers take about 10 ms on one core, a tenth of encoding a need."""

    visited_at_least: int = 100_000
    """Rows in the lists that a search visits; so many codes are gone through in two milliseconds."""

    visited_share: float = 0.125
    """Share of the lists that a search for a few visits. Needs lie elsewhere than passages, so that it takes many: with
    1,000,000 passages a thirtieth of them holds .97 of the ten nearest, an eighth all."""

    visited_more: float = 3.0
    """What is added to that share, times the root of the share of the allowed rows that is wanted: the nearest 5,000 of
    1,000,000 lie in a third of the lists, the nearest 5,000 of 100,000 in four fifths."""

    rescored: int = 4
    """Rows that are scored exactly for each one wanted: the codes tell near from far, and not the first from the second."""

    rescored_at_least: int = 400
    """Rows that are scored exactly at least; they take a quarter of a millisecond. Of a hundred, the ten nearest are .989."""

    exact_below_kept: int = 20_000
    """Rows kept by a filter up to which just they are searched, one by one: exact, in a few milliseconds."""

    exact_from_share: float = 0.2
    """Share of the allowed rows that would be scored exactly after the lists, from which on all of them are, without the
    lists: reading rows in order takes a third of the time a row that reading them here and there takes."""


@dataclass(frozen=True)
class DenseKind:
    """An index type by FAISS's factory name, and the reason for it in words."""

    factory: str
    why: str

    @property
    def is_exact(self) -> bool:
        """Whether every vector is compared."""
        return self.factory == EXACT


def choose_kind(count: int, dim: int, config: DenseConfig | None = None) -> DenseKind:
    """Exact while small, and inverted lists of short codes above: four bits for two numbers, residual product quantisation.

    The full vectors lie beside the codes, mapped into memory from the disk, and score what the codes find. Of 1,000,000
    passages codes of one byte a number found as much, and took four times as long and as much memory; one bit a number
    (RaBitQ) found .77 of a need's ten nearest among four hundred candidates.
    """
    config = config or DenseConfig()
    if count <= config.exact_up_to:
        return DenseKind(EXACT, f"exact: {count:,} vectors are at most {config.exact_up_to:,}")
    lists = max(1, int(2 * count**0.5))
    told = f"{count:,} vectors are over {config.exact_up_to:,}"
    if dim % 2:
        return DenseKind(f"IVF{lists},SQ8", f"inverted lists, one byte a number: {told}, of {dim} numbers, which are no pairs")
    return DenseKind(f"IVF{lists},PQ{dim // 2}x4fsr", f"inverted lists, four bits for two numbers: {told}")
