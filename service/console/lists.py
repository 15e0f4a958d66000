"""Lists that were given out: all of them, one of them, two providers of it side by side, and it under another policy."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from embeddings.errors import shown
from matcher.errors import NotFound
from matcher.fields import LARGEST_NUMBER
from matcher.log import ListQuery
from service.access.caller import FOLLOWING_UP
from service.api.at_desk import AtDesk, FromCaller, own_list, sql_log_of
from service.api.notes import shown_notes
from service.batch.forms import FORMS
from service.console.bars import score_bars
from service.console.map import map_of
from service.console.marking import marked
from service.console.page import START, page
from service.console.policies import policies_of
from service.console.words import probability_in_words
from service.record.sql_notes import SqlNotes

router = APIRouter(include_in_schema=False)
_PAGE = 25
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get(f"{START}/lists")
def lists(
    request: Request,
    desk: AtDesk,
    caller: FromCaller,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER)] = None,
    company: str = "",
) -> Response:
    """The newest lists, a page at a time."""
    query = ListQuery(need_region=caller.region, company=company or None, before=before, limit=_PAGE + 1)
    found = desk.log.lists(query)
    older = found[_PAGE - 1].number if len(found) > _PAGE else None
    waiting = SqlNotes(sql_log_of(desk)).waiting(caller.region) if caller.roles & FOLLOWING_UP else []
    return page(request, "lists.html", lists=found[:_PAGE], older=older, company=company, corrections=len(waiting))


@router.get(f"{START}/lists/{{list_id}}")
def one_list(request: Request, list_id: str, desk: AtDesk, caller: FromCaller) -> Response:
    """A list as it was given out, with how each match stands."""
    entry = own_list(desk, caller, list_id)
    histories = {one.match.match.rank: one for one in desk.log.histories_on(entry.list_id)}
    return page(
        request,
        "list.html",
        entry=entry,
        answer=entry.answer,
        rows=[
            {
                "match": match,
                "match_id": histories[match.rank].match.match_id,
                "state": histories[match.rank].state,
                "words": probability_in_words(match.probability),
                "bars": score_bars(match.parts),
                "evidence": [(spoken, marked(spoken.need_sentence, spoken.terms)) for spoken in match.evidence],
            }
            for match in entry.answer.matches
        ],
        map=map_of(desk.matcher.index.directory, entry.answer),
        notes=[one for one in shown_notes(desk, caller, list_id) if one.match_id is None],
        may_write=bool(caller.roles & FOLLOWING_UP) and entry.erased_at is None,
        may_match=bool(caller.roles & {"advisor", "organiser"}) and entry.erased_at is None,
    )


@router.get(f"{START}/lists/{{list_id}}/compare")
def compare(
    request: Request,
    list_id: str,
    desk: AtDesk,
    caller: FromCaller,
    rank: Annotated[list[int], Query(min_length=1, max_length=100)] = [1, 2],  # noqa: B006
) -> Response:
    """Two providers of a list side by side."""
    entry = own_list(desk, caller, list_id)
    chosen = [match for match in entry.answer.matches if match.rank in rank][:2]
    if len(chosen) < 2:
        ranks = ", ".join(str(one) for one in rank)
        raise NotFound("comparison", "be of two providers of the list", shown(ranks), "Choose two on the list.")
    columns = [
        {
            "match": match,
            "words": probability_in_words(match.probability),
            "bars": score_bars(match.parts),
            "evidence": [(spoken, marked(spoken.need_sentence, spoken.terms)) for spoken in match.evidence],
        }
        for match in chosen
    ]
    return page(request, "compare.html", entry=entry, columns=columns)


@router.get(f"{START}/lists/{{list_id}}/policy")
def other_policies(request: Request, list_id: str, desk: AtDesk, caller: FromCaller) -> Response:
    """What another border policy would make of the list. Nothing of it is put on record."""
    entry = own_list(desk, caller, list_id)
    if entry.erased_at is not None or not caller.sees_need_texts:
        raise NotFound("need of the list", "be there to be matched again", "no words of it", "Only its record is left.")
    found = policies_of(desk, entry.answer.request)
    return page(request, "policy.html", entry=entry, policies=found)


@router.get(f"{START}/lists/{{list_id}}/export.xlsx")
def workbook(list_id: str, desk: AtDesk, caller: FromCaller) -> Response:
    """The list as a workbook."""
    entry = own_list(desk, caller, list_id)
    form = FORMS[".xlsx"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list.xlsx"
        form.write(file, [form.line_of(1, entry)])
        content = file.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="crossmatch-{entry.list_id[:8]}.xlsx"'}
    return Response(content, headers=headers, media_type=_XLSX)
