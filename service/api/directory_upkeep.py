"""Routes of the directory's upkeep: what happens to a provider, and how it stands."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from pydantic import ConfigDict, model_validator

from matcher.errors import NotFound
from matcher.standing import Standing
from matcher.upkeep import Entry, NewProviderStep, ProviderStep, ProviderStepFields, check_told
from matcher.validation import checked
from service.api.at_desk import AtDesk, FromCaller, IdempotencyKey, once_of, sql_log_of
from service.api.documents import problems
from service.api.exact_types import exactly
from service.api.upkeep_examples import entry_examples, step_examples
from service.desk import Desk
from service.record.sql_upkeep import SqlUpkeep
from service.upkeep import Upkeep

router = APIRouter(tags=["directory"])
NUMBERS = ("year", "latitude", "longitude")
"""Fields of an entry that hold numbers."""
_KINDS = {
    "vetted": (),
    "accepted": (),
    "refused": ("reason",),
    "suspended": ("reason",),
    "resumed": (),
    "expired": (),
    "left": (),
    "corrected": ("entry",),
}
"""Kind → what it must tell. Proposing is a route of its own, and asking is the provider's."""


def _with_kinds(schema: dict[str, Any]) -> None:
    """Say in the schema what `check_told` checks: which kinds of step tell an entry, and which must tell a reason."""
    schema["oneOf"] = [_of_kind(kind, wanted) for kind, wanted in _KINDS.items()]


def _of_kind(kind: str, wanted: tuple[str, ...]) -> dict[str, Any]:
    details: dict[str, Any] = {"kind": {"const": kind}}
    details["entry"] = {"type": "object"} if "entry" in wanted else {"type": "null"}
    if "reason" in wanted:
        details["reason"] = {"type": "string", "pattern": r"\S"}
    return {"title": kind, "properties": details, "required": ["kind", *wanted]}


class ProviderStepTold(ProviderStepFields):
    """A step of a provider that tells all that its kind must; of which provider is said elsewhere."""

    model_config = ConfigDict(json_schema_extra=_with_kinds)

    kind: Literal["vetted", "accepted", "refused", "suspended", "resumed", "expired", "left", "corrected"]

    @model_validator(mode="after")
    def _tells_what_its_kind_must(self) -> ProviderStepTold:
        check_told(self)
        return self


_Entry = Annotated[Entry, exactly(numbers=NUMBERS), Body(openapi_examples=entry_examples())]
_Step = Annotated[ProviderStepTold, exactly(numbers=NUMBERS), Body(openapi_examples=step_examples())]


@router.post("/v1/providers", status_code=201, responses=problems(400, 408, 409, 413, 422, 507))
def propose_provider(entry: _Entry, desk: AtDesk, caller: FromCaller, key: IdempotencyKey = None) -> ProviderStep:
    """Propose a provider, with its evidence, for the directory.

    It is of the caller's region; a key for all regions names one in the entry. It is searched once it was vetted and accepted
    and the index was built anew.
    """
    once = once_of(key, caller, "proposal", entry)
    [step] = upkeep_of(desk).propose([entry], caller.name, region=caller.region, once=once)
    return step


@router.get("/v1/providers/{provider_id}/steps", responses=problems(403, 404, 422, 507))
def read_provider_steps(provider_id: str, desk: AtDesk, caller: FromCaller) -> Standing:
    """How a provider stands, how it reads, what happened to it, and which steps may come."""
    return upkeep_of(desk).own(_id(provider_id), caller.region)


@router.post("/v1/providers/{provider_id}/steps", status_code=201, responses=problems(400, 403, 404, 408, 409, 413, 422, 507))
def record_provider_step(
    provider_id: str, told: _Step, desk: AtDesk, caller: FromCaller, key: IdempotencyKey = None
) -> ProviderStep:
    """Put on record what happens to a provider that the caller's region looks after.

    Who is suspended, expires or leaves is on no new list from then on. A correction changes what is searched once the index is
    built anew; without evidence what there is stays. A correction that the provider asked for stands in `asked` of
    `GET /v1/providers/{provider_id}/steps`.
    """
    upkeep = upkeep_of(desk)
    provider_id = _id(provider_id)
    # Before its fields are looked at: what is not the caller's is refused as such.
    upkeep.own(provider_id, caller.region)
    new = checked(NewProviderStep, {**dict(told), "provider_id": provider_id}, "step")
    once = once_of(key, caller, "step of a provider", new)
    if new.kind == "corrected" and new.entry is not None:
        [step] = upkeep.correct([new.entry], caller.name, region=caller.region, once=once, happened_on=new.happened_on)
        return step
    return upkeep.step(new, caller.name, region=caller.region, once=once)


def upkeep_of(desk: Desk) -> Upkeep:
    """The upkeep of the directory that lists are made from now."""
    return Upkeep(SqlUpkeep(sql_log_of(desk)), desk.matcher.index.directory)


def _id(provider_id: str) -> str:
    """An id as the record may hold it.

    Raises:
        NotFound: no provider has such an id.
    """
    if "\0" in provider_id or len(provider_id) > _LONGEST_ID:
        raise NotFound("provider", "be in the directory or on record", "another id", "GET /v1/providers lists them.")
    return provider_id


_LONGEST_ID = 100
