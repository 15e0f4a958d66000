from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import EncoderUnavailable
from embeddings.sentence_transformer import SentenceTransformerEncoder
from tests.unit.embeddings.tiny_model import make_tiny_model

TEXTS = ["Vaccine filling line under GMP", "Lung models", "Patentanwälte"]


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "tiny"
    make_tiny_model(folder, seed=0)
    return folder


def with_prompts(model: Path, copy: Path, prompts: dict[str, str], always: str | None = None) -> str:
    shutil.copytree(model, copy)
    settings = copy / "config_sentence_transformers.json"
    changed = json.loads(settings.read_text()) | {"prompts": prompts, "default_prompt_name": always}
    settings.write_text(json.dumps(changed))
    return str(copy)


def test_the_prefix_is_put_before_the_text(tiny_model: Path) -> None:
    plain = SentenceTransformerEncoder(str(tiny_model))
    prefixed = SentenceTransformerEncoder(str(tiny_model), query_prefix="find: ", passage_prefix="text: ")
    np.testing.assert_allclose(
        prefixed.encode_queries(TEXTS), plain.encode_queries([f"find: {text}" for text in TEXTS]), atol=1e-5
    )
    np.testing.assert_allclose(
        prefixed.encode_passages(TEXTS), plain.encode_passages([f"text: {text}" for text in TEXTS]), atol=1e-5
    )


def test_other_prefixes_are_another_fingerprint(tiny_model: Path) -> None:
    prefixes = [(None, None), ("a: ", None), (None, "a: "), ("a: ", "b: "), ("b: ", "a: ")]
    prints = [
        SentenceTransformerEncoder(str(tiny_model), query_prefix=query, passage_prefix=passage).fingerprint
        for query, passage in prefixes
    ]
    assert len(set(prints)) == len(prefixes)


def test_other_weights_under_the_same_name_are_another_fingerprint(tiny_model: Path, tmp_path: Path) -> None:
    make_tiny_model(tmp_path / "tiny", seed=1)
    first, second = (SentenceTransformerEncoder(str(folder)) for folder in (tiny_model, tmp_path / "tiny"))
    assert first.fingerprint != second.fingerprint


def test_a_copy_elsewhere_has_the_same_fingerprint(tiny_model: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny_model, tmp_path / "tiny")
    assert SentenceTransformerEncoder(str(copy)).fingerprint == SentenceTransformerEncoder(str(tiny_model)).fingerprint


def test_a_model_named_e5_gets_the_prefixes_of_e5(tiny_model: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny_model, tmp_path / "tiny-E5")
    encoder, plain = SentenceTransformerEncoder(str(copy)), SentenceTransformerEncoder(str(tiny_model))
    assert encoder.fingerprint.endswith(";query: |passage: ")
    np.testing.assert_allclose(encoder.encode_queries(["lung"]), plain.encode_queries(["query: lung"]), atol=1e-5)


def test_the_models_own_prompts_come_first_and_given_prefixes_before_them(tiny_model: Path, tmp_path: Path) -> None:
    folder = with_prompts(tiny_model, tmp_path / "tiny-e5", {"query": "ask: ", "passage": "tell: "})
    assert SentenceTransformerEncoder(folder).fingerprint.endswith(";ask: |tell: ")
    assert SentenceTransformerEncoder(folder, query_prefix="").fingerprint.endswith(";|tell: ")


def test_a_prompt_that_the_model_puts_everywhere_is_not_added_to_the_prefix(tiny_model: Path, tmp_path: Path) -> None:
    prompts = {"query": "ask: ", "passage": "tell: "}
    folder = with_prompts(tiny_model, tmp_path / "always", prompts, always="query")
    plain = SentenceTransformerEncoder(str(tiny_model))
    told = SentenceTransformerEncoder(folder).encode_passages(["lung"])
    bare = SentenceTransformerEncoder(folder, passage_prefix="").encode_passages(["lung"])
    np.testing.assert_allclose(told, plain.encode_passages(["tell: lung"]), atol=1e-5)
    np.testing.assert_allclose(bare, plain.encode_passages(["lung"]), atol=1e-5)


def test_the_models_prompt_for_documents_is_that_of_passages(tiny_model: Path, tmp_path: Path) -> None:
    folder = with_prompts(tiny_model, tmp_path / "modern", {"query": "ask: ", "document": "tell: "})
    assert SentenceTransformerEncoder(folder).fingerprint.endswith(";ask: |tell: ")


@pytest.mark.parametrize("missing", ["/no/such/folder", "folder/that/is/nowhere"])
def test_a_model_that_is_not_there_is_refused_by_name(missing: str) -> None:
    with pytest.raises(EncoderUnavailable, match=f"sentence-transformers:{missing} must be a model that can be loaded"):
        SentenceTransformerEncoder(missing)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match="Give a local folder, or check the name and the network"):
        SentenceTransformerEncoder(str(tmp_path))


def test_a_model_whose_weights_are_cut_short_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny_model, tmp_path / "short")
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:500])
    with pytest.raises(EncoderUnavailable, match="short"):
        SentenceTransformerEncoder(str(copy))
