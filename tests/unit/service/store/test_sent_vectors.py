from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from embeddings.encoder import Vectors
from service.store.sent_vectors import digest, received, sent
from tests.contract.test_pgvector_index import spread


@given(
    arrays.arrays(np.float32, st.tuples(st.integers(0, 5), st.integers(1, 9)), elements=st.floats(width=32, allow_nan=False))
)
def test_what_is_sent_is_received_bit_by_bit(vectors: Vectors) -> None:
    messages = sent(vectors)
    assert [len(message) for message in messages] == [4 + 4 * vectors.shape[1]] * len(vectors)
    assert received(messages, vectors.shape[1]).tobytes() == vectors.tobytes()


def test_a_vector_is_what_pgvector_documents() -> None:
    assert sent(np.array([[1.0, -2.0]], dtype=np.float32)) == [b"\x00\x02\x00\x00\x3f\x80\x00\x00\xc0\x00\x00\x00"]


def test_vectors_of_another_dimension_are_refused() -> None:
    with pytest.raises(ValueError, match=r"The vectors must have 5 numbers\. Got others\."):
        received(sent(np.ones((3, 2), dtype=np.float32)), 5)


def test_the_digest_tells_vectors_their_order_and_their_places_apart() -> None:
    messages, places = sent(np.eye(3, dtype=np.float32)), spread(3)
    elsewhere = replace(places, regions=places.regions[::-1])
    of_each = [(messages, places), (messages[::-1], places), (messages[:2], places), (messages, elsewhere)]
    assert len({digest(*one) for one in of_each}) == len(of_each)
