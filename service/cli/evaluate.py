"""`crossmatch evaluate`: how well the engine finds partners, as tables, JSON and a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from embeddings.errors import Refusal
from service.cli.console import out, progress
from service.settings import Settings

_Cut = Literal["all", "five", "both"]
_CUTS: dict[_Cut, tuple[str, ...]] = {
    "all": ("all countries",),
    "five": ("five countries",),
    "both": ("all countries", "five countries"),
}


def evaluate(
    benchmark: Annotated[
        Path | None, typer.Option("--benchmark", help="A folder made by crossmatch import; the shipped one if left out.")
    ] = None,
    cut: Annotated[_Cut, typer.Option("--cut", help="Needs and providers of all countries, of five, or both.")] = "both",
    model: Annotated[Path | None, typer.Option("--model", help="A relevance model; the shipped one if left out.")] = None,
    target: Annotated[
        Path | None, typer.Option("--out", help="Folder to write evaluation.json and evaluation.html to.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="The evaluation.json of another run to compare with, need by need.")
    ] = None,
    samples: Annotated[bool, typer.Option("--samples/--no-samples", help="The 28 sample needs in five languages too.")] = True,
) -> None:
    """Evaluate the engine on past needs whose answers are known, beside what a user could have instead."""
    # Only here, so that a usage error and `--help` load no encoder.
    from embeddings.cache import CachedEncoder, VectorStore
    from embeddings.encoder import open_encoder
    from matcher.evaluation.benchmark import read_benchmark
    from matcher.evaluation.comparison import check_comparable, compare
    from matcher.relevance import RelevanceModel
    from matcher.shipped import shipped_benchmark_folder, shipped_model_file
    from service.cli.evaluation_tables import print_comparison, print_cut, print_samples
    from service.evaluation import benchmark_of, read_evaluation, write_evaluation
    from service.evaluation import evaluate as run

    if benchmark is not None and not benchmark.is_dir():
        remedy = "Name one that crossmatch import made."
        raise Refusal(f"option --benchmark {benchmark}", "be a folder", "a file" if benchmark.exists() else "none", remedy)
    if target is not None and target.exists() and not target.is_dir():
        raise Refusal(f"option --out {target}", "be a folder", "a file", "Name a folder.")
    settings = Settings()
    learned = RelevanceModel.load(model or settings.model or shipped_model_file())
    other = None if against is None else read_evaluation(against)
    past = read_benchmark(benchmark or shipped_benchmark_folder(), None if benchmark else "consortium completion")
    if other is not None:
        check_comparable(benchmark_of(past), _CUTS[cut], other, str(against))
    store = VectorStore(settings.benchmark_vectors)
    try:
        # Needs may be kept on disk too: those of a benchmark and the samples are public.
        encoder = CachedEncoder(open_encoder(settings.encoder), queries=store, passages=store)
        content = run(past, encoder, learned, cuts=_CUTS[cut], samples=samples, stage=progress)
    finally:
        store.close()
    if other is not None:
        content["comparison"] = compare(content, other, str(against))
    if target is not None:
        # matplotlib, which leaves its own files in the home of who runs it, is loaded for a page only.
        from service.report.page import evaluation_page

        write_evaluation(content, evaluation_page(content), target)
    console = out()
    for found in content["cuts"]:
        print_cut(console, found)
    if samples:
        print_samples(console, content["samples"])
    if other is not None:
        print_comparison(console, content["comparison"])
    for note in content["notes"]:
        console.print(f"\n{note}", markup=False, soft_wrap=True)
    if target is not None:
        console.print(f"\nevaluation.json and evaluation.html are in {target}", markup=False, soft_wrap=True)
