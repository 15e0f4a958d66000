from __future__ import annotations

import pytest
from pydantic import ValidationError

from service.access.caller import LOCAL, ROLES, Caller, Role


def caller(role: Role, region: str | None = None) -> Caller:
    return Caller(name="the office", roles=frozenset({role}), region=region, key_id="abcdefgh")


@pytest.mark.parametrize(
    ("own", "asked", "may"),
    [("north", "north", True), ("north", "south", False), ("north", "", False), ("north", "North", False)]
    + [(None, region, True) for region in ("north", "south", "")],
)
def test_a_region_sees_itself_and_all_regions_see_everything(own: str | None, asked: str, may: bool) -> None:
    assert caller("advisor", own).may_see(asked) is may


@pytest.mark.parametrize(("role", "sees"), [(role, role != "evaluator") for role in ROLES])
def test_only_the_evaluator_does_not_see_need_texts(role: Role, sees: bool) -> None:
    assert caller(role).sees_need_texts is sees


def test_the_local_user_may_all() -> None:
    assert set(ROLES) == LOCAL.roles
    assert LOCAL.sees_need_texts
    assert LOCAL.may_see("anywhere")
    assert LOCAL.key_id is None


def test_a_caller_is_said_in_words() -> None:
    assert caller("advisor").in_words == "advisor for all regions"
    assert caller("advisor", "north").in_words == "advisor for region north"
    assert LOCAL.in_words == "the local user for all regions"


def test_a_caller_cannot_be_changed_or_have_a_role_that_does_not_exist() -> None:
    with pytest.raises(ValidationError):
        caller("advisor").roles = frozenset(ROLES)
    with pytest.raises(ValidationError):
        Caller.model_validate({"name": "x", "roles": {"administrator"}})
