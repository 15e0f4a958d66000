"""The bundled weights as the numbers they stand for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers.bundled_weights import _numbers, read_weights, weights_file
from benchmarks.peers.contender import by_best_passage
from benchmarks.peers.engine_rounds import recall
from benchmarks.peers.model_folder import _name_in_file
from embeddings.errors import Refusal


def test_a_block_of_four_bits_is_scale_times_number_less_eight() -> None:
    halves = bytes([0x80, 0xF0] + [0x88] * 14)
    block = np.float16(0.5).tobytes() + halves
    found = _numbers(block, 0, len(block), 32)
    assert found[:3].tolist() == [-4.0, -4.0, 0.0]
    assert found[16:19].tolist() == [0.0, 3.5, 0.0]


def test_the_bundled_model_is_read_whole() -> None:
    weights = read_weights(weights_file())
    assert (weights.dim, weights.layers, weights.positions) == (384, 12, 512)
    assert weights.pieces[weights.special["bos"]][0] == "<s>"
    assert len(weights.tensors) == 5 + 16 * weights.layers
    assert all(np.isfinite(numbers).all() for numbers in weights.tensors.values())


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(Refusal, match="begin with E5S1"):
        read_weights(tmp_path / "other.bin")


@pytest.mark.parametrize(
    ("name", "in_file"),
    [
        ("embeddings.word_embeddings.weight", "emb.word"),
        ("embeddings.LayerNorm.bias", "emb.ln.b"),
        ("encoder.layer.3.attention.self.query.weight", "l3.q.w"),
        ("encoder.layer.11.attention.output.LayerNorm.weight", "l11.aln.w"),
        ("encoder.layer.0.output.dense.bias", "l0.fo.b"),
    ],
)
def test_every_part_of_the_model_has_its_name_in_the_file(name: str, in_file: str) -> None:
    assert _name_in_file(name) == in_file


def test_a_provider_stands_where_its_best_passage_does() -> None:
    assert by_best_passage(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


def test_recall_is_the_share_of_the_right_rows() -> None:
    assert recall([[1, 2], [3]], [[1, 2], [3, 4]]) == pytest.approx(0.75)
