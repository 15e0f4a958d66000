"""Who may call which route. What is not in this table cannot be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.access.caller import FOLLOWING_UP, ROLES, Caller, Role


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
_JUDGING = _rule("evaluator")
_FOLLOWING_UP = Rule(FOLLOWING_UP)
_ERASING = _rule("advisor", "programme office")
_AUDITING = _rule("evaluator", "programme office")
_APPLYING = _rule("advisor", "organiser", "programme office")
_DECIDING = _rule("advisor", "programme office")
"""An advisor may withdraw an application, and nothing else; that is looked at where the step is read."""
_GOVERNING = _rule("programme office")

RULES: Mapping[tuple[str, str], Rule] = {
    ("POST", "/v1/match-lists"): _MATCHING,
    ("GET", "/v1/match-lists"): _EVERY_ROLE,
    ("GET", "/v1/match-lists/{list_id}"): _EVERY_ROLE,
    ("GET", "/v1/match-lists/{list_id}/replay"): _EVERY_ROLE,
    ("POST", "/v1/match-lists/{list_id}/erasure"): _ERASING,
    ("POST", "/v1/match-lists/{list_id}/notes"): _FOLLOWING_UP,
    ("GET", "/v1/match-lists/{list_id}/notes"): _EVERY_ROLE,
    ("GET", "/v1/corrections"): _FOLLOWING_UP,
    ("POST", "/v1/batches"): _MATCHING,
    ("GET", "/v1/batches/{batch_id}"): _EVERY_ROLE,
    ("POST", "/v1/workshops"): _PLANNING,
    ("POST", "/v1/workshops/changes"): _PLANNING,
    ("GET", "/v1/matches"): _EVERY_ROLE,
    ("GET", "/v1/matches/{match_id}"): _EVERY_ROLE,
    ("POST", "/v1/matches/{match_id}/steps"): _FOLLOWING_UP,
    ("GET", "/v1/indicators"): _EVERY_ROLE,
    ("GET", "/v1/record"): _AUDITING,
    ("GET", "/v1/programme"): _EVERY_ROLE,
    ("POST", "/v1/programme"): _GOVERNING,
    ("GET", "/v1/programme/versions"): _EVERY_ROLE,
    ("GET", "/v1/programme/ranking"): _EVERY_ROLE,
    ("GET", "/v1/programme/ledger"): _EVERY_ROLE,
    ("GET", "/v1/programme/deadlines"): _EVERY_ROLE,
    ("GET", "/v1/programme/report"): _EVERY_ROLE,
    ("POST", "/v1/applications/check"): _APPLYING,
    ("POST", "/v1/applications"): _APPLYING,
    ("GET", "/v1/applications"): _EVERY_ROLE,
    ("GET", "/v1/applications/{application_id}"): _EVERY_ROLE,
    ("POST", "/v1/applications/{application_id}/steps"): _DECIDING,
    ("GET", "/v1/providers"): _EVERY_ROLE,
    ("GET", "/v1/providers/{provider_id}"): _EVERY_ROLE,
    ("POST", "/v1/providers"): _FOLLOWING_UP,
    ("GET", "/v1/providers/{provider_id}/steps"): _EVERY_ROLE,
    ("POST", "/v1/providers/{provider_id}/steps"): _FOLLOWING_UP,
    ("POST", "/v1/links"): _FOLLOWING_UP,
    ("POST", "/v1/link"): PUBLIC,
    ("POST", "/v1/link/answer"): PUBLIC,
    ("GET", "/console"): _EVERY_ROLE,
    ("GET", "/console/match"): _MATCHING,
    ("POST", "/console/match"): _MATCHING,
    ("GET", "/console/lists"): _EVERY_ROLE,
    ("GET", "/console/lists/{list_id}"): _EVERY_ROLE,
    ("GET", "/console/lists/{list_id}/compare"): _EVERY_ROLE,
    ("GET", "/console/lists/{list_id}/policy"): _MATCHING,
    ("GET", "/console/lists/{list_id}/export.xlsx"): _EVERY_ROLE,
    ("POST", "/console/lists/{list_id}/notes"): _FOLLOWING_UP,
    ("GET", "/console/corrections"): _FOLLOWING_UP,
    ("GET", "/console/matches/{match_id}"): _EVERY_ROLE,
    ("POST", "/console/matches/{match_id}/steps"): _FOLLOWING_UP,
    ("GET", "/console/providers"): _EVERY_ROLE,
    ("GET", "/console/providers/{provider_id}"): _EVERY_ROLE,
    ("GET", "/console/record"): _AUDITING,
    ("POST", "/console/record"): _AUDITING,
    ("GET", "/console/workshops"): _PLANNING,
    ("POST", "/console/workshops"): _PLANNING,
    ("GET", "/console/workshops/example.zip"): _PLANNING,
    ("GET", "/console/workshops/{workshop_id}"): _PLANNING,
    ("POST", "/console/workshops/{workshop_id}/plan"): _PLANNING,
    ("GET", "/console/workshops/{workshop_id}/moves"): _PLANNING,
    ("POST", "/console/workshops/{workshop_id}/changes"): _PLANNING,
    ("POST", "/console/workshops/{workshop_id}/final"): _PLANNING,
    ("GET", "/console/workshops/{workshop_id}/insight"): _PLANNING,
    ("GET", "/console/workshops/{workshop_id}/export.zip"): _PLANNING,
    ("GET", "/console/judging"): _JUDGING,
    ("POST", "/console/judging"): _JUDGING,
    ("GET", "/console/judging/{sheet_id}"): _JUDGING,
    ("POST", "/console/judging/{sheet_id}"): _JUDGING,
    ("GET", "/console/judging/{sheet_id}/qrels.txt"): _JUDGING,
    ("GET", "/console/evaluations"): _JUDGING,
    ("POST", "/console/evaluations"): _JUDGING,
    ("GET", "/console/evaluations/compare"): _JUDGING,
    ("GET", "/console/evaluations/{evaluation_id}/report"): _JUDGING,
    ("GET", "/console/programme"): _EVERY_ROLE,
    ("GET", "/console/programme/report"): _EVERY_ROLE,
    ("GET", "/console/applications/{application_id}"): _EVERY_ROLE,
    ("POST", "/console/applications/{application_id}/steps"): _GOVERNING,
    ("GET", "/console/sign-in"): PUBLIC,
    ("POST", "/console/sign-in"): PUBLIC,
    ("POST", "/console/sign-out"): PUBLIC,
    ("POST", "/console/language"): PUBLIC,
    ("GET", "/console/static/{name}"): PUBLIC,
    ("GET", "/answer"): PUBLIC,
    ("POST", "/answer"): PUBLIC,
    ("POST", "/answer/survey"): PUBLIC,
    ("POST", "/answer/correction"): PUBLIC,
    ("POST", "/answer/company"): PUBLIC,
    ("POST", "/answer/leave"): PUBLIC,
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
`Caller.sees_need_texts`; `/open` and the routes below `/v1/link` and `/answer` look at tokens of their own."""
