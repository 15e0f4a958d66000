"""The lexical index as we use it (every passage's score for a need) beside tantivy (a filter within, only the best)."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.index_dense import timed
from benchmarks.made_directory import exchanged_texts
from embeddings.language import content_words
from embeddings.lexical import LexicalIndex
from matcher.index import ProviderIndex
from matcher.shipped import shipped_needs_in_all_languages

_KEPT = 10
_LISTED = 10


def lexical_rows(shipped: ProviderIndex, count: int) -> list[list[str]]:
    """Rows of a table: what, documents, built in, needs a second, memory or disk."""
    origin = np.arange(count, dtype=np.int64) % len(shipped.passages)
    texts = list(exchanged_texts(shipped, origin, seed=3))
    languages = [shipped.passages[row].language for row in origin.tolist()]
    asked = [(need.whole_text, language) for (_, language), need in shipped_needs_in_all_languages().items()]
    allowed = np.random.default_rng(5).permutation(count) % _KEPT == 0
    built, index = timed(lambda: LexicalIndex.build(texts, languages))
    index.scores_of_each(asked)  # A service has seen most words before.
    whole, _ = timed(lambda: [index.scores(*one) for one in asked])
    best, _ = timed(lambda: [index.search(*one, k=_LISTED, allowed=allowed) for one in asked])
    size = f"{index.nbytes / 1e6:,.1f} MB of memory"
    rows = [
        ["bm25s, five languages: score of every passage", f"{count:,}", f"{built:.0f} s", f"{len(asked) / whole:,.0f}", size],
        ["the same: ten best under a filter that keeps a tenth", f"{count:,}", "", f"{len(asked) / best:,.0f}", ""],
    ]
    return [*rows, *_tantivy(texts, allowed.tolist(), asked)]


def _tantivy(texts: Sequence[str], kept: Sequence[bool], asked: Sequence[tuple[str, str]]) -> list[list[str]]:
    try:
        import tantivy
    except ImportError:
        return [["tantivy", "pip install -r benchmarks/requirements.txt", "", "", ""]]
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="en_stem", index_option="position")
    builder.add_unsigned_field("kept", indexed=True)
    schema = builder.build()
    with tempfile.TemporaryDirectory() as folder:
        index = tantivy.Index(schema, path=folder)

        def _document(text: str, is_kept: bool) -> tantivy.Document:
            document = tantivy.Document(text=text)
            document.add_unsigned("kept", int(is_kept))
            return document

        def build() -> None:
            writer = index.writer(heap_size=200_000_000, num_threads=1)
            for text, is_kept in zip(texts, kept, strict=True):
                writer.add_document(_document(text, is_kept))
            writer.commit()
            writer.wait_merging_threads()

        built, _ = timed(build)
        index.reload()
        searcher = index.searcher()
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        words = [list(dict.fromkeys(content_words(*one))) for one in asked]
        needs = [index.parse_query(" ".join(of_need), ["text"]) for of_need in words]
        must = tantivy.Occur.Must
        keep = tantivy.Query.term_query(schema, "kept", 1)
        kept_only = [
            tantivy.Query.boolean_query([(must, need), (must, tantivy.Query.const_score_query(keep, 0.0))]) for need in needs
        ]
        plain, _ = timed(lambda: [searcher.search(need, _LISTED) for need in needs])
        filtered, _ = timed(lambda: [searcher.search(need, _LISTED) for need in kept_only])
        every, _ = timed(lambda: [searcher.search(need, len(texts)) for need in needs])
    count, shown = f"{len(texts):,}", f"{size / 1e6:,.1f} MB of mapped files"
    return [
        ["tantivy, one language for all: ten best", count, f"{built:.0f} s", f"{len(needs) / plain:,.0f}", shown],
        ["the same under a filter within that keeps a tenth", count, "", f"{len(needs) / filtered:,.0f}", ""],
        ["the same: score of every passage that shares a word", count, "", f"{len(needs) / every:,.0f}", ""],
    ]
