"""Any model of sentence-transformers, from a local folder or a hub, on a GPU where there is one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.encoder import Vectors
from embeddings.errors import EncoderUnavailable, check_encodable, shown

_E5_PREFIXES = ("query: ", "passage: ")


class SentenceTransformerEncoder:
    """torch and sentence_transformers are imported when this class is used, not before.

    Args:
        model: a local folder or a hub name.
        query_prefix, passage_prefix: put before each text. `None` takes the model's own prompts named `query` and
            `passage` or `document`, else the E5 prefixes for a model whose name has `e5` in it, else nothing.
        device: as torch names it; `None` lets sentence-transformers choose.
        batch_size: texts encoded at a time.
    """

    def __init__(
        self,
        model: str,
        *,
        query_prefix: str | None = None,
        passage_prefix: str | None = None,
        device: str | None = None,
        batch_size: int = 32,
    ) -> None:
        try:
            from sentence_transformers import SentenceTransformer

            self._model: Any = SentenceTransformer(model, device=device)
        # Whatever is wrong with a model, each of the libraries below says it in an exception of its own.
        except Exception as error:
            remedy = "Give a local folder, or check the name and the network."
            raise EncoderUnavailable(
                f"encoder sentence-transformers:{model}", "be a model that can be loaded", shown(str(error), 200), remedy
            ) from error
        self._name = model
        self._batch_size = batch_size
        prompts = getattr(self._model, "prompts", None) or {}
        default = _E5_PREFIXES if "e5" in Path(model).name.lower() else ("", "")
        self._query_prefix = (prompts.get("query") or default[0]) if query_prefix is None else query_prefix
        self._passage_prefix = (
            (prompts.get("passage") or prompts.get("document") or default[1]) if passage_prefix is None else passage_prefix
        )
        self._revision = self._find_revision()

    @property
    def dim(self) -> int:
        """Numbers in one vector."""
        return int(self._model.get_embedding_dimension())

    @property
    def fingerprint(self) -> str:
        """Model, revision, number type, pooling and prefixes."""
        pooling = "-".join(str(getattr(m, "pooling_mode", "")) for m in self._model if hasattr(m, "pooling_mode")) or "own"
        kind = next((str(p.dtype).removeprefix("torch.") for p in self._model.parameters()), "none")
        name = Path(self._name).name
        return f"{name};{self._revision};{kind};{pooling};{self._query_prefix}|{self._passage_prefix}"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See `embeddings.encoder.Encoder`."""
        return self._encode(texts, self._query_prefix)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See `embeddings.encoder.Encoder`."""
        return self._encode(texts, self._passage_prefix)

    def _encode(self, texts: Sequence[str], prefix: str) -> Vectors:
        texts = list(texts)
        check_encodable(texts)
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        vectors = self._model.encode(
            texts,
            prompt=prefix,
            batch_size=self._batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _find_revision(self) -> str:
        """A hub commit where there is one, else a hash over the model folder's files."""
        folder = Path(self._name)
        if folder.is_dir():
            digest = hashlib.sha256()
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                digest.update(str(file.relative_to(folder)).encode())
                digest.update(file.read_bytes())
            return f"sha256-{digest.hexdigest()[:12]}"
        config = getattr(getattr(self._model[0], "auto_model", None), "config", None)
        return str(getattr(config, "_commit_hash", None) or "revision-unknown")[:12]
