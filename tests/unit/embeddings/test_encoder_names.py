from __future__ import annotations

import re
import subprocess
import sys

import pytest

from embeddings.bundled import BundledE5
from embeddings.encoder import ENCODERS, open_encoder
from embeddings.errors import EncoderUnavailable

HEAVY = """
import sys
import embeddings.encoder
from embeddings.bundled import BundledE5
assert BundledE5().encode_queries(["lung"]).shape == (1, 384)
assert embeddings.encoder.open_encoder("bundled-e5").encode_passages(["lung"]).shape == (1, 384)
print(sorted({name.split(".")[0] for name in sys.modules} & {"torch", "transformers", "sentence_transformers"}))
"""


def test_the_default_encoder_works_without_loading_torch_or_sentence_transformers() -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-c", HEAVY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_naming_the_class_for_sentence_transformers_loads_neither() -> None:
    code = "import sys, embeddings.sentence_transformer; print('torch' in sys.modules, 'sentence_transformers' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"


def test_the_default_is_opened_by_its_name() -> None:
    assert isinstance(open_encoder("bundled-e5"), BundledE5)


@pytest.mark.parametrize(
    "name",
    ["", "e5", "Bundled-E5", "bundled-e5 ", "bundled-e5:small", "sentence-transformers", "sentence-transformers:", ":model"],
)
def test_an_unknown_name_is_refused_and_the_known_ones_are_listed(name: str) -> None:
    with pytest.raises(EncoderUnavailable, match=re.escape(f"Got {name!r}.")) as refused:
        open_encoder(name)
    assert all(known in str(refused.value) for known in ENCODERS)
    assert refused.value.remedy == "Set CROSSMATCH_ENCODER."


def test_a_model_that_cannot_be_loaded_is_refused_by_its_name() -> None:
    with pytest.raises(EncoderUnavailable, match="encoder sentence-transformers:/no/such/folder must be a model"):
        open_encoder("sentence-transformers:/no/such/folder")
