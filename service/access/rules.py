"""Who may call which route. What is not in this table cannot be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.access.caller import ROLES, Caller, Role


@dataclass(frozen=True)
class Rule:
    """Who may call a route: these roles, or anybody."""

    roles: frozenset[Role] = frozenset()
    public: bool = False
    """Anybody, without a key."""

    def admits(self, caller: Caller) -> bool:
        """Whether one of the caller's roles is among those that may."""
        return self.public or bool(self.roles & caller.roles)


def _rule(*roles: Role) -> Rule:
    return Rule(frozenset(roles))


PUBLIC = Rule(public=True)
_EVERY_ROLE = _rule(*ROLES)
_MATCHING = _rule("advisor", "organiser")
_PLANNING = _rule("organiser")
_FOLLOWING_UP = _rule("advisor", "organiser", "programme office")
_ERASING = _rule("advisor", "programme office")
_AUDITING = _rule("evaluator", "programme office")

RULES: Mapping[tuple[str, str], Rule] = {
    ("POST", "/v1/match-lists"): _MATCHING,
    ("GET", "/v1/match-lists"): _EVERY_ROLE,
    ("GET", "/v1/match-lists/{list_id}"): _EVERY_ROLE,
    ("GET", "/v1/match-lists/{list_id}/replay"): _EVERY_ROLE,
    ("POST", "/v1/match-lists/{list_id}/erasure"): _ERASING,
    ("POST", "/v1/batches"): _MATCHING,
    ("GET", "/v1/batches/{batch_id}"): _EVERY_ROLE,
    ("POST", "/v1/workshops"): _PLANNING,
    ("POST", "/v1/workshops/changes"): _PLANNING,
    ("GET", "/v1/matches"): _EVERY_ROLE,
    ("GET", "/v1/matches/{match_id}"): _EVERY_ROLE,
    ("POST", "/v1/matches/{match_id}/steps"): _FOLLOWING_UP,
    ("GET", "/v1/indicators"): _EVERY_ROLE,
    ("GET", "/v1/record"): _AUDITING,
    ("GET", "/v1/providers"): _EVERY_ROLE,
    ("GET", "/v1/providers/{provider_id}"): _EVERY_ROLE,
    ("GET", "/metrics"): _AUDITING,
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/open"): PUBLIC,
    ("GET", "/docs"): PUBLIC,
    ("GET", "/docs/oauth2-redirect"): PUBLIC,
    ("GET", "/redoc"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
}
"""Method and path template → who may. Which regions and texts an admitted caller sees is `Caller.may_see` and
`Caller.sees_need_texts`; `/open` looks at its own token."""
