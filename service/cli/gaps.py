"""`crossmatch gaps`: which needs, fields and regions have no good provider abroad."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.records import MOST_MATCHES
from service.cli.console import out, progress
from service.cli.log.opening import open_record
from service.cli.need_input import needs_of_jsonl
from service.settings import Settings

if TYPE_CHECKING:
    from matcher.records import Need
    from service.gaps.reading import NeedsRead


def gaps(
    samples: Annotated[bool, typer.Option("--samples", help="The 28 sample needs, with their translations.")] = False,
    need_file: Annotated[Path | None, typer.Option("--need-file", help="A .jsonl file with one need a line.")] = None,
    region: Annotated[str | None, typer.Option(help="Only needs of this region.")] = None,
    since: Annotated[str | None, typer.Option(help="Only needs of the record from this day on, as 2026-01-31.")] = None,
    until: Annotated[str | None, typer.Option(help="Only needs of the record up to this day, itself included.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=MOST_MATCHES, help="Providers abroad that count for a need.")] = 10,
    titles: Annotated[
        bool, typer.Option("--titles", help="Show titles and ids of needs: only for those who may read the needs.")
    ] = False,
    target: Annotated[
        Path | None, typer.Option("--out", help="Folder to write gaps.html, gaps.json, gaps.csv and regions.csv to.")
    ] = None,
) -> None:
    """Find out whom to recruit: needs without a good provider abroad, by subject, field and region.

    Needs come from the record, unless --samples or --need-file is given. Each is asked anew of today's directory.
    """
    if samples and need_file is not None:
        raise typer.BadParameter("--samples and --need-file exclude each other.")
    if (since or until) and (samples or need_file is not None):
        raise typer.BadParameter("--since and --until choose from the record, not from --samples or --need-file.")
    # Only here, so that a usage error and `--help` load no encoder.
    from matcher.gaps.one_gap import GapConfig
    from service.cli.gap_tables import print_findings
    from service.gaps.asking import analyse
    from service.gaps.files import check_folder, write_findings

    if target is not None:
        check_folder(target)
    read, translations, source = _read(samples, need_file, region, since, until)
    # The samples are published: nothing in them is anybody's secret.
    config = GapConfig(k=k, shows_titles=titles or samples)
    found = analyse(Settings(), read, config, source=source, stage=progress, translations=translations, is_public=samples)
    if target is not None:
        # matplotlib, which leaves its own files in the home of who runs it, is loaded for a page only.
        from service.gaps.page import gap_page

        write_findings(found, gap_page(found), target)
    console = out()
    print_findings(console, found)
    if target is not None:
        console.print(f"\ngaps.html, gaps.json, gaps.csv and regions.csv are in {target}", markup=False, soft_wrap=True)


def _read(
    samples: bool, need_file: Path | None, region: str | None, since: str | None, until: str | None
) -> tuple[NeedsRead, dict[str, list[Need]], str]:
    """The needs, their translations, and where they come from."""
    from matcher.shipped import shipped_needs, shipped_regions
    from service.gaps.reading import check_region, day, needs_given, needs_on_record
    from service.gaps.samples import sample_needs

    of = f" of {region}" if region else ""
    programme = [one.region_id for one in shipped_regions()]
    if samples:
        if region is not None:
            check_region(region, [need.region for need in shipped_needs()])
        read, translations = sample_needs(region)
        return read, translations, f"the sample needs{of}"
    if need_file is not None:
        needs = needs_of_jsonl(need_file, {})
        if region is not None:
            check_region(region, [*programme, *(need.region for need in needs)])
        return needs_given(needs, region), {}, f"{need_file.name}{of}"
    first, last = day(since, "--since"), day(until, "--until")
    log = open_record()
    try:
        if region is not None:
            check_region(region, [*programme, *(given.region for given in log.given_out())])
        with progress("Reading the record") as report:
            read = needs_on_record(log, region=region, since=first, until=last, on_progress=report)
    finally:
        log.close()
    span = f"{f' from {first}' if first else ''}{f' up to {last}' if last else ''}"
    return read, {}, f"the record{of}{span}"
