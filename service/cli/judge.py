"""`crossmatch judge`: what is to be judged, and what the judges said."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embeddings.errors import Refusal, shown
from matcher.records import MOST_MATCHES, BorderPolicy, Evidence, MatchRequest, Need
from matcher.shipped import shipped_needs
from service.cli.console import out, progress
from service.cli.need_input import needs_of_jsonl
from service.settings import Settings

if TYPE_CHECKING:
    from matcher.evaluation.judging_sheet import EvidenceChoice
    from matcher.evaluation.pooling import PooledPair
    from matcher.pipeline import EncodedNeed, Matcher

app = typer.Typer(no_args_is_help=True, help="Have match lists judged.")

_NeedsFile = Annotated[Path | None, typer.Option("--needs", help="A .jsonl file with one need a line, each with an id.")]
_Samples = Annotated[bool, typer.Option("--samples", help="The 28 sample needs that are shipped.")]
_RANKERS = (BorderPolicy(mode="favour"), BorderPolicy(mode="neutral"), BorderPolicy(mode="require"))


@app.callback()
def group() -> None:
    """Have match lists judged."""


@app.command("pool")
def write_pool(
    sheet: Annotated[Path, typer.Option("--out", help="The sheet to write, .csv or .xlsx; must not exist.")],
    needs: _NeedsFile = None,
    samples: _Samples = False,
    depth: Annotated[int, typer.Option(min=1, max=MOST_MATCHES, help="Places of each ranker's list.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Of the order of the rows.")] = 0,
) -> None:
    """Write a sheet for a judge: the first providers of every ranker, in random order, without saying whose they are."""
    from matcher.evaluation.judging_sheet import check_new_sheet, write_sheet
    from matcher.evaluation.pooling import pool
    from matcher.evaluation.qrels import GRADES_IN_WORDS
    from service.desk import open_matcher

    wanted = _needs(needs, samples)
    check_new_sheet(sheet)
    matcher = open_matcher(Settings())
    encoded = _encoded(matcher, wanted)
    pairs = pool(rankers_lists(matcher, encoded, depth), depth, seed=seed)
    by_id = {need.need_id: need for need in wanted}
    write_sheet(sheet, pairs, by_id, matcher.index.directory, nearest_evidence(matcher, encoded))
    answered = {pair.need_id for pair in pairs}
    console = out()
    console.print(f"{len(pairs)} pairs of {len(answered)} needs to judge in {sheet}", markup=False, soft_wrap=True)
    silent = [need.need_id for need in wanted if need.need_id not in answered]
    if silent:
        console.print(f"  needs that no ranker has an answer to: {', '.join(silent)}", markup=False, soft_wrap=True)
    console.print(f"  column grade: {GRADES_IN_WORDS}")


@app.command("read")
def read(
    sheet: Annotated[Path, typer.Argument(help="A sheet that a judge filled in, all or part of it.")],
    qrels: Annotated[Path, typer.Option("--out", help="The TREC qrels file to write.")],
) -> None:
    """Turn a judge's sheet into qrels."""
    from matcher.evaluation.judging_sheet import read_sheet
    from matcher.evaluation.qrels import GRADES, write_qrels

    judged = read_sheet(sheet)
    if not judged:
        raise Refusal(f"sheet {sheet}", "have at least one grade", "none", "Fill in the column grade.")
    write_qrels(qrels, judged)
    counts = Counter(grade for grades in judged.values() for grade in grades.values())
    console = out()
    console.print(f"{counts.total()} judgements of {len(judged)} needs in {qrels}", markup=False, soft_wrap=True)
    console.print("  grades: " + ", ".join(f"{grade} {meaning} {counts[grade]}" for grade, meaning in GRADES.items()))


@app.command("agree")
def agree(
    one: Annotated[Path, typer.Argument(help="Qrels of one judge.")],
    other: Annotated[Path, typer.Argument(help="Qrels of the other judge.")],
) -> None:
    """Say how far two judges agree on the pairs that both judged."""
    from matcher.evaluation.agreement import agreement
    from matcher.evaluation.qrels import read_qrels

    found = agreement(read_qrels(one), read_qrels(other))
    console = out()
    console.print(f"{found.pairs} pairs judged by both, {found.raw:.0%} with the same grade")
    for name, value in (
        ("Cohen's kappa", found.kappa),
        ("Cohen's kappa, quadratic weights", found.weighted_kappa),
        ("Krippendorff's alpha, ordinal", found.alpha),
    ):
        console.print(f"  {name}: " + ("not defined" if value is None else f"{value:.3f}"))
    for note in found.notes:
        console.print(f"  {note}")


@app.command("unjudged")
def unjudged(
    qrels: Annotated[Path, typer.Argument(help="What was judged.")],
    needs: _NeedsFile = None,
    samples: _Samples = False,
    k: Annotated[int, typer.Option("-k", min=1, max=MOST_MATCHES, help="Places of each ranker's list.")] = 10,
) -> None:
    """Say how much of each ranker's first places nobody has judged."""
    from matcher.evaluation.pooling import unjudged_share
    from matcher.evaluation.qrels import read_qrels
    from service.desk import open_matcher

    wanted = _needs(needs, samples)
    judged = read_qrels(qrels, known_needs={need.need_id for need in wanted})
    matcher = open_matcher(Settings())
    asked = [need for need in wanted if need.need_id in judged]
    console = out()
    for ranker, lists in rankers_lists(matcher, _encoded(matcher, asked), k).items():
        console.print(f"{ranker}: {unjudged_share(judged, lists, k):.1%} of the first {k} not judged, {len(judged)} needs")


def rankers_lists(matcher: Matcher, needs: list[EncodedNeed], depth: int) -> dict[str, dict[str, list[str]]]:
    """Ranker → need → providers, best first. The rankers are the border policies; this is where others come in."""
    return {
        policy.mode: {
            one.need.need_id: [
                match.provider_id
                for match in matcher.match_encoded(one, MatchRequest(need=one.need, policy=policy, k=depth)).matches
            ]
            for one in needs
        }
        for policy in _RANKERS
    }


def nearest_evidence(matcher: Matcher, needs: list[EncodedNeed]) -> EvidenceChoice:
    """A provider's evidence that is nearest to the need, by the index's encoder, whoever found the provider.

    Of a hospital with a hundred projects the newest three say nothing about a need. What has no passage of its own (the
    companies of a portfolio) comes after, newest first.
    """
    import numpy as np

    from matcher.evaluation.judging_sheet import newest

    index = matcher.index
    vectors = {one.need.need_id: one.parts.apart[:1] for one in needs}
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(index.passages):
        if passage.evidence_id:
            rows.setdefault(passage.provider_id, []).append(row)

    def choose(pair: PooledPair) -> list[Evidence]:
        items = {item.evidence_id: item for item in index.directory.evidence_of(pair.provider_id)}
        own = np.array(rows.get(pair.provider_id, []), dtype=np.int64)
        near = index.products(vectors[pair.need_id], own)[0]
        order = own[np.argsort(-near, kind="stable")].tolist()
        first = [items.pop(index.passages[row].evidence_id) for row in order]
        return [*first, *newest(items.values())]

    return choose


def _encoded(matcher: Matcher, needs: list[Need]) -> list[EncodedNeed]:
    encoded = []
    with progress("Encoding needs") as report:
        for done, need in enumerate(needs, start=1):
            encoded.append(matcher.encode(need))
            report(done, len(needs))
    return encoded


def _needs(file: Path | None, samples: bool) -> list[Need]:
    """Needs that judgements can be of: each has an id of its own."""
    if (file is not None) == samples:
        raise typer.BadParameter("Give one of --needs and --samples.")
    needs = shipped_needs() if file is None else needs_of_jsonl(file, {})
    counts = Counter(need.need_id for need in needs)
    for need_id, count in counts.items():
        if not need_id or count > 1:
            found = f"{count} needs called {shown(need_id)}" if need_id else f"{count} without"
            raise Refusal(f"needs in {file}", "each have an id of their own", found, "Write it as need_id.")
    return needs
