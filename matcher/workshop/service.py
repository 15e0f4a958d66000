"""What companies get out of an assignment: the sum of their meetings' values, in whole units."""

from __future__ import annotations

import numpy as np

from matcher.workshop.pairing import Floats, Integers, Pairing
from matcher.workshop.worth import UNITS


def service_of(pairing: Pairing, rows: Integers, columns: Integers) -> Integers:
    """`(people,)` units of everybody's meetings."""
    found = np.zeros(len(pairing.people), dtype=np.int64)
    units = pairing.units(rows, columns)
    np.add.at(found, rows, units)
    np.add.at(found, columns + pairing.first_column, units)
    return found


def worst_of(pairing: Pairing, rows: Integers, columns: Integers) -> float:
    """Service of the worst-served of the companies that can be served; 0 where there are none."""
    served = pairing.served
    return float(service_of(pairing, rows, columns)[served].min() / UNITS) if served.any() else 0.0


def total_of(pairing: Pairing, rows: Integers, columns: Integers) -> float:
    """Sum of values."""
    return float(pairing.units(rows, columns).sum() / UNITS)


def best_alone(pairing: Pairing) -> Floats:
    """`(people,)`: what everybody would get with the best partners, if there were nobody else."""
    return np.array([best_sum(values_of(pairing, person), int(most)) for person, most in enumerate(pairing.most)])


def alone_bounds(pairing: Pairing) -> tuple[float, float]:
    """What no total and no service of a worst-served company exceeds, as nobody gets more than the best partners alone give."""
    alone = best_alone(pairing)
    total = alone.sum() / 2 if pairing.among else alone[: pairing.first_column].sum()
    return float(total), float(alone[pairing.served].min()) if pairing.served.any() else 0.0


def best_sum(values: Floats, count: int) -> float:
    """Sum of the greatest."""
    if count <= 0:
        return 0.0
    return float(np.partition(values, len(values) - count)[-count:].sum() if count < len(values) else values.sum())


def values_of(pairing: Pairing, person: int) -> Floats:
    """Values of the meetings that somebody may have."""
    rows, columns = pairing.value.shape
    values: list[Floats] = [np.zeros(0)]
    if person < rows:
        values.append(pairing.value[person][pairing.allowed[person]].astype(np.float64))
    if 0 <= person - pairing.first_column < columns:
        column = person - pairing.first_column
        values.append(pairing.value[:, column][pairing.allowed[:, column]].astype(np.float64))
    return np.concatenate(values)
