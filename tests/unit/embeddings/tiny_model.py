"""A model without knowledge, made on the spot: sentence-transformers is tested without network and in milliseconds."""

from __future__ import annotations

import string
from pathlib import Path


def make_tiny_model(folder: Path, seed: int) -> None:
    """A BERT of random weights over letters, in the form that sentence-transformers loads."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    parts = folder.with_name(f"{folder.name}-parts")
    parts.mkdir(parents=True)
    signs = string.ascii_lowercase + string.digits + string.punctuation
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *signs, *(f"##{sign}" for sign in signs)]
    (parts / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizer(vocab=str(parts / "vocab.txt")).save_pretrained(parts)
    torch.manual_seed(seed)
    # Weights of the usual size (0.02) would make every text nearly the same.
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        initializer_range=0.3,
    )
    BertModel(config).save_pretrained(parts)
    words = Transformer(str(parts))
    SentenceTransformer(modules=[words, Pooling(words.get_embedding_dimension())], device="cpu").save(str(folder))
