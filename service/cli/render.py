"""Match lists for people: who, where, why."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from matcher.countries import country_names
from matcher.log import LoggedList
from matcher.records import Match
from service.cli.console import cell

_LONGEST_TEXT = 150
_CELLS_A_LOG_ODD = 2
_LEAST_SHOWN = 0.05
"""Log-odds; whoever wants every digit has them in JSON."""
_PART_STYLES = {"semantic": "cyan", "lexical": "magenta", "experience": "yellow", "border": "green"}


def print_match_list(console: Console, entry: LoggedList, *, pieces: int = 2) -> None:
    """One match list: the need, a table of matches with their best `pieces` of evidence, and what to know about it."""
    answer, need = entry.answer, entry.answer.request.need
    heading = need.title or _short(need.text)
    origin = " · ".join(filter(None, (need.need_id, need.company, country_names()[need.country], need.kind, answer.language)))
    console.print(cell(heading, "bold"))
    console.print(cell(origin, "dim"))
    if answer.matches:
        console.print(_table(answer.matches, pieces))
    else:
        console.print(Text("No good match.", style="yellow"))
    for note in answer.notes:
        console.print(cell(note, "yellow"))
    policy = answer.request.policy
    terms = f"favour, β {policy.beta:g}" if policy.mode == "favour" else policy.mode
    counted = f"{len(answer.matches)} of {answer.considered.candidates} candidates"
    console.print(Text(f"{counted} · border policy {terms} · on record as {entry.list_id}", style="dim"))
    console.print()


def _table(matches: tuple[Match, ...], pieces: int) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_lines=False)
    table.add_column("#", justify="right")
    table.add_column("Provider", ratio=3, overflow="fold")
    table.add_column("Why", ratio=7, overflow="fold")
    for match in matches:
        table.add_row(str(match.rank), _who(match), _why(match, pieces))
        table.add_row()
    return table


def _who(match: Match) -> Text:
    text = Text(match.name, style="bold")
    text.append(f"\n{match.city}, {country_names()[match.country]}", "not bold")
    text.append(
        "\nacross the border" if match.cross_border else "\nown country", "not bold green" if match.cross_border else "dim"
    )
    text.append(f"\n{match.category}", "not bold dim")
    if match.contact:
        text.append(f"\n{match.contact}", "not bold yellow")
    return text


def _why(match: Match, pieces: int) -> Text:
    text = Text()
    for piece in match.evidence[:pieces]:
        text.append_text(cell(f"need: {_short(piece.need_sentence)}\n", "cyan"))
        kind = " ".join(filter(None, (piece.kind, str(piece.year or ""), piece.role if piece.role == "coordinator" else "")))
        text.append(f"{kind}: ", "dim")
        text.append(_short(piece.text))
        if piece.terms:
            text.append_text(cell(f" [{', '.join(piece.terms[:5])}]", "magenta"))
        text.append(f"\n  {piece.reference}\n" if piece.reference else "\n", "dim")
    for reason in match.because:
        text.append_text(cell(f"also: {reason}\n", "cyan"))
    text.append(f"score {match.score:.2f}", "dim")
    if match.probability is not None:
        text.append(f" · probability {match.probability:.1%}", "dim")
    text.append("\n")
    return text.append_text(_bar(match))


def _bar(match: Match) -> Text:
    """The parts of the score as lengths, the baseline as the number that all of them start from; tiny ones are left out."""
    bar = Text()
    for part in match.parts:
        if part.name != "baseline" and abs(part.value) >= _LEAST_SHOWN:
            style = _PART_STYLES.get(part.name, "white") if part.value > 0 else "red"
            bar.append("█" * max(1, round(_CELLS_A_LOG_ODD * abs(part.value))), style)
            bar.append(f" {part.name} {part.value:+.2f}  ", "dim")
    start = next((part.value for part in match.parts if part.name == "baseline"), 0.0)
    return bar.append(f"from {start:+.2f}", "dim")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1].rstrip()}…"
