"""What every vector search can do: index vectors with a country each, and find the nearest in some countries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors

Countries = NDArray[np.str_]


class Engine(ABC):
    """Opened over `(n, dim)` vectors of unit length and `(n,)` countries; `folder` is empty and its own."""

    @abstractmethod
    def __init__(self, vectors: Vectors, countries: Countries, folder: Path) -> None: ...

    @abstractmethod
    def search(self, query: Vectors, k: int, country: str) -> Sequence[int]:
        """Rows of the `k` nearest to `(dim,)` a query in that country, as the engine finds them."""
