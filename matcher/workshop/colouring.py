"""When meetings take place, if everybody is there all the time: colours of edges, one colour a slot.

Two sides need no more colours than anybody has meetings (König 1916), one set of people at most one more (Vizing 1964, by the
method of Misra and Gries 1992); and any colouring can be evened out, so that no colour is used for more edges than its share
(de Werra 1971).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_FREE = -1


class Colouring:
    """Edges between nodes, each in one of `colours`, no two of a colour at one node."""

    def __init__(self, ends: Sequence[tuple[int, int]], colours: int) -> None:
        self._ends = list(ends)
        nodes = max((max(pair) for pair in self._ends), default=-1) + 1
        self._at = np.full((nodes, colours), _FREE, dtype=np.int64).tolist()
        """Edge of each colour at each node."""
        self._colour = [_FREE] * len(self._ends)
        self._count = [0] * colours

    @property
    def colours(self) -> NDArray[np.int64]:
        """`(edges,)` colour of each."""
        return np.array(self._colour, dtype=np.int64)

    def two_sides(self) -> None:
        """Colour every edge of a graph of two sides that has as many colours as any node has edges."""
        for edge, (one, other) in enumerate(self._ends):
            free, there = self._rarest(one), self._rarest(other)
            if self._at[other][free] != _FREE and self._at[one][there] == _FREE:
                free = there
            elif self._at[other][free] != _FREE:
                # The path of both colours from the other end never comes here: it would arrive with the wrong colour.
                self._swap(other, free, there)
            self._put(edge, free)

    def any_graph(self) -> None:
        """Colour every edge of any simple graph that has one colour more than any node has edges."""
        for edge in range(len(self._ends)):
            self._by_fan(edge)

    def even_out(self) -> None:
        """Use every colour for nearly as many edges as any other: the counts differ by one at most."""
        while True:
            most, least = (int(pick(self._count)) for pick in (np.argmax, np.argmin))
            if self._count[most] - self._count[least] <= 1:
                return
            self._shift(most, least)

    def _rarest(self, node: int) -> int:
        """The colour that is free at the node and used least."""
        at = self._at[node]
        return min(
            (colour for colour in range(len(at)) if at[colour] == _FREE), key=lambda colour: (self._count[colour], colour)
        )

    def _put(self, edge: int, colour: int) -> None:
        self._colour[edge] = colour
        self._count[colour] += 1
        for node in self._ends[edge]:
            self._at[node][colour] = edge

    def _take(self, edge: int) -> int:
        colour = self._colour[edge]
        self._colour[edge] = _FREE
        self._count[colour] -= 1
        for node in self._ends[edge]:
            if self._at[node][colour] == edge:
                self._at[node][colour] = _FREE
        return colour

    def _across(self, edge: int, node: int) -> int:
        one, other = self._ends[edge]
        return other if one == node else one

    def _path(self, node: int, first: int, second: int) -> list[int]:
        """Edges from the node on that are of one colour and the other in turn."""
        edges: list[int] = []
        colour, other = first, second
        while (edge := self._at[node][colour]) != _FREE:
            if edges and edge == edges[0]:
                break  # it was a circle
            edges.append(edge)
            node = self._across(edge, node)
            colour, other = other, colour
        return edges

    def _swap(self, node: int, first: int, second: int) -> None:
        """Exchange both colours on the path that begins at the node."""
        self._exchange(self._path(node, first, second), first, second)

    def _exchange(self, edges: list[int], first: int, second: int) -> None:
        before = [self._take(edge) for edge in edges]
        for edge, colour in zip(edges, before, strict=True):
            self._put(edge, second if colour == first else first)

    def _shift(self, most: int, least: int) -> None:
        """Exchange two colours where the first has one edge more: such a path begins and ends with it."""
        for edge in range(len(self._ends)):
            if self._colour[edge] != most:
                continue
            for node in self._ends[edge]:
                if self._at[node][least] == _FREE:
                    path = self._path(node, most, least)
                    if len(path) % 2 == 1:
                        self._exchange(path, most, least)
                        return
        raise AssertionError("a colour used more often than another must have a path that begins and ends with it")

    def _by_fan(self, edge: int) -> None:
        """Misra and Gries: turn a fan of edges around one end until a colour is free for this one."""
        centre, first = self._ends[edge]
        fan, edges = [first], [edge]
        while True:
            free_there = self._rarest(fan[-1])
            if self._at[centre][free_there] == _FREE:
                break
            following = self._at[centre][free_there]
            leaf = self._across(following, centre)
            if leaf in fan:
                break
            fan.append(leaf)
            edges.append(following)
        free_here, free_last = self._rarest(centre), self._rarest(fan[-1])
        if self._at[centre][free_last] != _FREE:
            self._swap(centre, free_last, free_here)
            # After the exchange the fan may hold up to some leaf only at which that colour is free.
            end = next(
                place
                for place, leaf in enumerate(fan)
                if self._at[leaf][free_last] == _FREE and self._is_fan(centre, fan[: place + 1], edges[: place + 1])
            )
            fan, edges = fan[: end + 1], edges[: end + 1]
        taken = [self._take(one) for one in edges[1:]]
        for one, colour in zip(edges, [*taken, free_last], strict=True):
            self._put(one, colour)

    def _is_fan(self, centre: int, fan: list[int], edges: list[int]) -> bool:
        """Each edge's colour is free at the leaf before."""
        return all(self._at[before][self._colour[edge]] == _FREE for before, edge in zip(fan, edges[1:], strict=False))
