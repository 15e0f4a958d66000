from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from matcher.workshop.colouring import Colouring

Edges = list[tuple[int, int]]


def two_sides(seed: int, left: int, right: int, share: float) -> Edges:
    random = np.random.default_rng(seed)
    return [(one, left + other) for one in range(left) for other in range(right) if random.random() < share]


def one_set(seed: int, nodes: int, share: float) -> Edges:
    random = np.random.default_rng(seed)
    return [pair for pair in combinations(range(nodes), 2) if random.random() < share]


def busiest(edges: Edges) -> int:
    return max(Counter(node for edge in edges for node in edge).values(), default=0)


def clashes(edges: Edges, colours: list[int]) -> list[tuple[int, int]]:
    taken = Counter((node, colour) for edge, colour in zip(edges, colours, strict=True) for node in edge)
    return [one for one, count in taken.items() if count > 1]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("share", [0.2, 0.6, 1.0])
def test_two_sides_need_no_more_colours_than_anybody_has_edges(seed: int, share: float) -> None:
    edges = two_sides(seed, 7, 5, share)
    colouring = Colouring(edges, busiest(edges))
    colouring.two_sides()
    colours = colouring.colours.tolist()
    assert clashes(edges, colours) == []
    assert all(0 <= colour < busiest(edges) for colour in colours)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("share", [0.2, 0.6, 1.0])
def test_one_set_needs_at_most_one_colour_more(seed: int, share: float) -> None:
    edges = one_set(seed, 9, share)
    colouring = Colouring(edges, busiest(edges) + 1)
    colouring.any_graph()
    assert clashes(edges, colouring.colours.tolist()) == []
    assert (colouring.colours >= 0).all()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("spare", [1, 4])
@pytest.mark.parametrize("among", [False, True])
def test_every_colour_can_be_used_as_often_as_any_other(seed: int, spare: int, among: bool) -> None:
    edges = one_set(seed, 10, 0.5) if among else two_sides(seed, 8, 6, 0.5)
    colours = busiest(edges) + spare
    colouring = Colouring(edges, colours)
    (colouring.any_graph if among else colouring.two_sides)()
    colouring.even_out()
    used = np.bincount(colouring.colours, minlength=colours)
    assert clashes(edges, colouring.colours.tolist()) == []
    assert used.max() - used.min() <= 1


def test_no_edges_need_no_colours() -> None:
    colouring = Colouring([], 1)
    colouring.two_sides()
    colouring.even_out()
    assert colouring.colours.tolist() == []


def test_a_large_graph_is_coloured_evenly() -> None:
    edges = two_sides(0, 300, 200, 0.03)
    colouring = Colouring(edges, busiest(edges))
    colouring.two_sides()
    colouring.even_out()
    assert clashes(edges, colouring.colours.tolist()) == []
    assert np.ptp(np.bincount(colouring.colours)) <= 1
