"""Every encoder keeps the promises of `embeddings.encoder.Encoder`; the ones with a model also refuse broken text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from embeddings.cache import CachedEncoder, VectorStore
from embeddings.encoder import Encoder, Vectors, open_encoder
from embeddings.errors import TextRefused
from tests.fakes import FakeEncoder
from tests.unit.embeddings.tiny_model import make_tiny_model

TEXTS = [
    "Vaccine filling line for clinical batches under GMP, with cold storage and release by a qualified person.",
    "Lung models",
    "Vi søger et laboratorium til toksikologi for en næsevaccine.",
    "Venture capital for medical devices, seed rounds of up to two million euros in the Benelux.",
    "Patentanwälte",
    "Étude clinique en diabétologie, trois cents patients, deux ans de suivi.",
]
ODD = ["", " ", "\n\t", "?", "🧬🧪", "Ångström µg ß ﬁ", "CAR-T", "word " * 600]
TOLERANCE = 1e-3


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "tiny"
    make_tiny_model(folder, seed=0)
    return folder


@pytest.fixture(scope="module", params=["fake", "cached", "bundled-e5", "sentence-transformers"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Encoder]]:
    if request.param == "cached":
        store = VectorStore(tmp_path_factory.mktemp("store") / "passages.sqlite3")
        yield lambda: CachedEncoder(FakeEncoder(), passages=store)
        store.close()
    elif request.param == "fake":
        yield FakeEncoder
    elif request.param == "bundled-e5":
        yield lambda: open_encoder("bundled-e5")
    else:
        folder = request.getfixturevalue("tiny_model")
        yield lambda: open_encoder(f"sentence-transformers:{folder}")


@pytest.fixture(scope="module")
def encoder(opened: Callable[[], Encoder]) -> Encoder:
    return opened()


@pytest.fixture(scope="module", params=["encode_queries", "encode_passages"])
def encode(encoder: Encoder, request: pytest.FixtureRequest) -> Callable[[list[str]], Vectors]:
    chosen: Callable[[list[str]], Vectors] = getattr(encoder, request.param)
    return chosen


@pytest.fixture(scope="module")
def vectors(encode: Callable[[list[str]], Vectors]) -> Vectors:
    return encode(TEXTS)


class TestEncoder:
    def test_one_float32_row_of_unit_length_per_text(self, encoder: Encoder, vectors: Vectors) -> None:
        assert (vectors.shape, vectors.dtype) == ((len(TEXTS), encoder.dim), np.float32)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_odd_and_overlong_texts_have_rows_of_unit_length_too(self, encode: Callable[[list[str]], Vectors]) -> None:
        np.testing.assert_allclose(np.linalg.norm(encode(ODD), axis=1), 1, atol=1e-5)

    def test_different_texts_have_rows_further_apart_than_the_tolerance(self, vectors: Vectors) -> None:
        apart = np.abs(vectors[:, None] - vectors[None]).max(axis=2)
        assert apart[~np.eye(len(TEXTS), dtype=bool)].min() > 10 * TOLERANCE

    def test_rows_keep_the_order_of_the_texts(self, encode: Callable[[list[str]], Vectors], vectors: Vectors) -> None:
        turned = [3, 0, 5, 1, 4, 2]
        np.testing.assert_allclose(encode([TEXTS[i] for i in turned]), vectors[turned], atol=TOLERANCE)

    def test_texts_encoded_together_are_as_each_alone(self, encode: Callable[[list[str]], Vectors], vectors: Vectors) -> None:
        np.testing.assert_allclose(vectors, np.vstack([encode([text]) for text in TEXTS]), atol=TOLERANCE)

    def test_more_texts_than_a_batch_are_as_few(self, encode: Callable[[list[str]], Vectors], vectors: Vectors) -> None:
        many = encode([*["GMP"] * 33, *TEXTS])
        np.testing.assert_allclose(many[33:], vectors, atol=TOLERANCE)
        np.testing.assert_allclose(many[:33], np.tile(many[0], (33, 1)), atol=TOLERANCE)

    def test_a_tuple_is_as_good_as_a_list(self, encode: Callable[..., Vectors], vectors: Vectors) -> None:
        np.testing.assert_allclose(encode(tuple(TEXTS)), vectors, atol=TOLERANCE)

    def test_no_text_gives_no_row_of_the_right_width(self, encoder: Encoder, encode: Callable[[list[str]], Vectors]) -> None:
        nothing = encode([])
        assert (nothing.shape, nothing.dtype) == ((0, encoder.dim), np.float32)

    def test_the_same_text_gives_the_same_bytes(self, encode: Callable[[list[str]], Vectors], vectors: Vectors) -> None:
        assert encode(TEXTS).tobytes() == vectors.tobytes()

    def test_a_second_opening_has_the_same_fingerprint_and_vectors(
        self, encoder: Encoder, opened: Callable[[], Encoder]
    ) -> None:
        again = opened()
        assert again.fingerprint == encoder.fingerprint
        assert again.dim == encoder.dim
        np.testing.assert_array_equal(again.encode_queries(TEXTS[:2]), encoder.encode_queries(TEXTS[:2]))

    def test_the_given_list_is_left_as_it_was(self, encode: Callable[[list[str]], Vectors]) -> None:
        given = ["lung", "heart", "lung"]
        encode(given)
        assert given == ["lung", "heart", "lung"]


@pytest.mark.parametrize("opened", ["bundled-e5", "sentence-transformers"], indirect=True)
class TestBrokenText:
    def test_a_nul_character_is_refused_by_number_and_place(self, encode: Callable[[list[str]], Vectors]) -> None:
        with pytest.raises(TextRefused, match=r"text 2 must be whole Unicode text\. Got a NUL character at character 5\."):
            encode(["fine", "lung\0", "fine"])

    @pytest.mark.parametrize(("half", "name"), [("\ud83e", "D83E"), ("\udc00", "DC00"), ("\udfff", "DFFF")])
    def test_half_a_character_is_refused_by_name_and_place(
        self, encode: Callable[[list[str]], Vectors], half: str, name: str
    ) -> None:
        with pytest.raises(TextRefused, match=rf"The text must .* Got half a character \(U\+{name}\) at character 3\."):
            encode([f"ab{half}"])

    def test_after_a_refusal_the_next_text_is_encoded_as_ever(
        self, encode: Callable[[list[str]], Vectors], vectors: Vectors
    ) -> None:
        with pytest.raises(TextRefused):
            encode([TEXTS[0], "\0"])
        np.testing.assert_array_equal(encode(TEXTS), vectors)


def test_no_two_encoders_share_a_fingerprint(tiny_model: Path) -> None:
    names = ("bundled-e5", f"sentence-transformers:{tiny_model}")
    assert len({FakeEncoder().fingerprint, *(open_encoder(name).fingerprint for name in names)}) == 3


def test_a_cached_encoder_has_the_fingerprint_of_the_one_within() -> None:
    assert CachedEncoder(FakeEncoder("one")).fingerprint == "one"
