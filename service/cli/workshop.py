"""`crossmatch workshop`: plan an event, hand out who meets whom, and put on record what became of it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from embeddings.errors import Refusal, shown
from service.cli.console import err, out, progress
from service.cli.output_file import whole_or_not
from service.cli.problem_list import every_problem_told
from service.settings import Settings

if TYPE_CHECKING:
    from matcher.pipeline import Matcher
    from matcher.workshop.event import Event
    from matcher.workshop.plan import Plan
    from service.workshop.programme import Programme

app = typer.Typer(no_args_is_help=True, help="Plan who meets whom at an event.")


class Exchange(StrEnum):
    """What two meetings exchange."""

    TIMES = "times"
    PARTNERS = "partners"


_PlanFile = Annotated[Path, typer.Argument(help="The file that crossmatch workshop plan wrote.")]


@app.callback()
def group() -> None:
    """Plan who meets whom at an event, hand it out, and put on record what became of the meetings."""


@app.command()
def example(folder: Annotated[Path, typer.Argument(help="Folder to write; made if it is not there.")]) -> None:
    """Write the files of an example event, to plan it or to fill in one's own."""
    from matcher.workshop.example import example_event

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        found = "one with files in it" if folder.is_dir() else "a file"
        raise Refusal(f"folder {folder}", "be empty or new", found, "Name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in example_event().items():
        (folder / name).write_bytes(content)
    out().print(f"An example event in {folder}. Plan it: crossmatch workshop plan {folder} --out plan.json", soft_wrap=True)


@app.command()
def plan(
    files: Annotated[list[Path], typer.Argument(help="Folder of the event, or its files.")],
    file: Annotated[Path, typer.Option("--out", help="The plan file to write (JSON).")],
    seconds: Annotated[float, typer.Option(min=1, help="Time that planning may take.")] = 60.0,
    record: Annotated[
        bool, typer.Option("--record/--no-record", help="Leave out pairs that know each other by the match log.")
    ] = True,
) -> None:
    """Read an event, plan it, and write the plan. Every mistake in its files is named by line and column."""
    # Only here: the solver and the encoder are not needed for --help.
    from service.cli.log.opening import open_record
    from service.desk import open_matcher
    from service.workshop.on_record import leave_out_known
    from service.workshop.planning import plan_event

    matcher = open_matcher(Settings())
    with every_problem_told("Nothing was planned."):
        event, notes = _read(files, matcher)
    if record:
        event, more = leave_out_known(event, open_record())
        notes += more
    with progress("Judging needs") as report:
        planned = plan_event(event, matcher, seconds=seconds, notes=notes, on_progress=report)
    with whole_or_not(file) as stream:
        stream.write(planned.as_json)
    console = out()
    console.print(f"{event.name}: {_in_short(planned.plan)}", markup=False, soft_wrap=True)
    console.print(f"  in {file}. See it: crossmatch workshop show {file}", markup=False, soft_wrap=True)
    for note in (*planned.plan.notes, *planned.notes):
        err().print(note, markup=False, soft_wrap=True)


@app.command()
def show(
    file: _PlanFile,
    participant: Annotated[str | None, typer.Option("--of", help="Only meetings of this participant (id).")] = None,
) -> None:
    """Who meets whom, when and where, how good that is, and whether it is final."""
    from service.workshop.telling import lines_of_changes

    programme = _programme(file)
    if participant is not None and participant not in programme.participants:
        raise Refusal("option --of", "be the id of a participant", shown(participant), "crossmatch workshop show lists all.")
    console, event = out(), programme.event
    console.print(", ".join(filter(None, (event.name, programme.days, event.place))), markup=False)
    console.print(f"  {programme.standing}", markup=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in ("Time", "Table", "Company", "", "Meets", "", "Useful", ""):
        table.add_column(column, no_wrap=column in ("Time", "Useful"))
    for meeting in programme.meetings:
        if participant not in (None, meeting.company_id, meeting.provider_id):
            continue
        two = [programme.participants[one] for one in (meeting.company_id, meeting.provider_id)]
        names = [cell for one in two for cell in (f"{one.name} [{one.participant_id}]", one.country)]
        marks = ", ".join(word for word, holds in (("wished", meeting.wished), ("fixed", meeting.fixed)) if holds)
        when = programme.when(programme.slots[meeting.slot_id])
        table.add_row(when, str(meeting.table), *map(Text, names), f"{meeting.probability:.0%}", marks)
    console.print(table)
    console.print(_in_short(programme.plan), markup=False)
    for line in lines_of_changes(programme, participant):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    for one in programme.unmet_wishes:
        console.print(
            f"  not met: {one.of.name} wishes to meet {one.about.name} ({one.wish.level})", markup=False, soft_wrap=True
        )
    for note in (*programme.plan.notes, *programme.planned.notes):
        console.print(f"  {note}", markup=False, soft_wrap=True)


@app.command()
def change(
    file: _PlanFile,
    to: Annotated[Path, typer.Option("--out", help="The new plan file to write (JSON); may be the same.")],
    fix: Annotated[list[str] | None, typer.Option(help="These two meet: company,provider or company,provider,slot.")] = None,
    forbid: Annotated[list[str] | None, typer.Option(help="These two do not meet: company,provider.")] = None,
    hold: Annotated[list[str] | None, typer.Option(help="These two keep their time: company,provider.")] = None,
    free: Annotated[list[str] | None, typer.Option(help="These two are decided by hand no more: company,provider.")] = None,
    swap: Annotated[list[str] | None, typer.Option(help="Two meetings: company,provider,company,provider.")] = None,
    move: Annotated[list[str] | None, typer.Option(help="A meeting goes to company,provider,slot or …,slot,table.")] = None,
    exchange: Annotated[Exchange, typer.Option(help="What a swap exchanges.")] = Exchange.TIMES,
    absent: Annotated[list[str] | None, typer.Option(help="Does not come (id).")] = None,
    from_slot: Annotated[str | None, typer.Option(help="Before this slot nothing changes any more (id).")] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Time that planning may take.")] = 30.0,
) -> None:
    """Change a plan by hand or on the day: as few meetings as can be. Every option but --from-slot may come several times.

    A draft stays a draft. Of a final plan it is the next version, and says who has to be told.
    """
    from service.desk import open_matcher
    from service.workshop.changing import asked_for, changed
    from service.workshop.programme import Programme
    from service.workshop.telling import who_to_tell

    asked = asked_for(
        fix=fix or [],
        forbid=forbid or [],
        hold=hold or [],
        free=free or [],
        swaps=swap or [],
        exchange=exchange.value,
        moves=move or [],
        absent=absent or [],
        from_slot=from_slot,
    )
    before = _programme(file)
    made = changed(before.planned, asked, lambda: open_matcher(Settings()), seconds=seconds)
    with whole_or_not(to) as stream:
        stream.write(made.planned.as_json)
    console = out()
    proven = "" if made.fewest_changes else " (fewer changes may be possible)"
    console.print(f"{made.kept} meetings stay, {len(made.lost)} go, {len(made.new)} are new{proven}", markup=False)
    for sign, meetings in (("-", made.lost), ("+", made.new)):
        for one in meetings:
            two = " and ".join(f"{before.participants[who].name} [{who}]" for who in (one.company_id, one.provider_id))
            when = before.when(before.slots[one.slot_id])
            console.print(f"  {sign} {when}, table {one.table}: {two}", markup=False, soft_wrap=True)
    after = Programme(made.planned)
    for line in who_to_tell(after):
        console.print(line, markup=False, soft_wrap=True)
    console.print(f"  in {to}: {after.standing}; {_in_short(made.planned.plan)}", markup=False, soft_wrap=True)
    for note in made.planned.plan.notes:
        err().print(note, markup=False, soft_wrap=True)


@app.command()
def final(
    file: _PlanFile,
    to: Annotated[Path, typer.Option("--out", help="The final plan file to write (JSON); may be the same.")],
) -> None:
    """Check a draft by every rule and make it final: to be handed out. Changed after that, it has a new version."""
    from service.workshop.final import made_final
    from service.workshop.programme import Programme

    programme = Programme(made_final(_programme(file).planned))
    with whole_or_not(to) as stream:
        stream.write(programme.planned.as_json)
    console = out()
    console.print(f"{programme.event.name}: {programme.standing}; {_in_short(programme.plan)}", markup=False, soft_wrap=True)
    hand_out = f"crossmatch workshop export {to} --folder exports"
    console.print(f"  in {to}. Hand it out: {hand_out}", markup=False, soft_wrap=True)


@app.command()
def insight(
    file: _PlanFile,
    seconds: Annotated[float, typer.Option(min=1, help="Time for each rule.")] = 5.0,
    count: Annotated[int, typer.Option(min=1, max=20, help="Alternates for each side of a meeting.")] = 2,
) -> None:
    """Who could step in at each meeting, who would rather swap, and what each rule costs."""
    from service.cli.workshop_insight import told

    programme = _programme(file)
    console = out()
    for part in told(programme, seconds=seconds, count=count):
        if isinstance(part, str):
            console.print(part, markup=False, soft_wrap=True)
        else:
            console.print(part)


@app.command()
def export(
    file: _PlanFile,
    folder: Annotated[Path, typer.Option(help="Folder to write; made if it is not there.")],
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export in a folder that is not empty.")] = False,
) -> None:
    """Write workbook, booklet, calendars, and the form to fill in after the event."""
    from service.workshop.export import export as export_to

    written = export_to(_programme(file), folder, replace=force)
    console = out()
    console.print(f"In {folder}", markup=False, soft_wrap=True)
    for line in written:
        console.print(f"  {line}", markup=False, soft_wrap=True)


@app.command()
def outcomes(
    event: Annotated[Path, typer.Argument(help="Folder of the event, or its final plan.")],
    file: Annotated[Path, typer.Argument(help="The form, filled in (XLSX, CSV or JSONL).")],
    check: Annotated[bool, typer.Option("--check", help="Only say what would go on record.")] = False,
    by: Annotated[str, typer.Option(help="Who records it.")] = "command line",
) -> None:
    """Put on record what became of the meetings: accepted or declined, why, and how they went. Twice is once."""
    from service.cli.log.opening import open_record
    from service.workshop.outcome_rows import read_outcomes
    from service.workshop.outcomes import plan_outcomes, record_outcomes

    record = open_record()
    with every_problem_told("Nothing went on record."):
        told, made = _event_and_plan(event)
        read = read_outcomes(file, told, made)
        planned = plan_outcomes(read, record, by)
    steps = len(planned.steps) if check else len(record_outcomes(planned, record, by))
    console = out()
    would = "would go" if check else "went"
    console.print(f"{steps} {'step' if steps == 1 else 'steps'} {would} on record, of {len(read.rows)} rows")
    console.print(f"  on record already: {planned.unchanged}, not filled in: {read.empty}")
    for line in planned.left_out:
        console.print(f"  left out: {line}", markup=False, soft_wrap=True)


def _read(files: list[Path], matcher: Matcher) -> tuple[Event, list[str]]:
    from matcher.workshop.event_files import read_event

    found = read_event(files, matcher.index.directory)
    return found.event, list(found.notes)


def _event_and_plan(place: Path) -> tuple[Event, Plan | None]:
    from matcher.directory import load_directory
    from matcher.workshop.event_files import read_event
    from service.workshop.final import check_final

    if place.suffix.lower() == ".json":
        planned = _programme(place).planned
        check_final(planned, f"plan file {place}")
        return planned.event, planned.plan
    return read_event(place, load_directory(Settings().directory_files)).event, None


def _programme(file: Path) -> Programme:
    from service.workshop.plan_file import read_plan
    from service.workshop.programme import Programme

    return Programme(read_plan(file))


def _in_short(made: Plan) -> str:
    quality = made.quality
    best = "no plan is better" if quality.proven == "optimal" else f"no plan is better by more than {quality.gap:.1%}"
    useful = f"{quality.useful:.1f} of them expected to be useful"
    return f"{quality.meetings} meetings, {quality.cross_border} across the border, {useful}; {best}"
