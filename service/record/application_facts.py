"""An application beside all that the rules look at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from embeddings.errors import shown
from matcher.errors import RuleBroken
from matcher.log import MatchHistory
from matcher.programme.application import GRANTED, NewApplication
from matcher.programme.eligibility import Facts, Finding, check_eligibility
from matcher.programme.ledger import Account, ledger
from matcher.upkeep import since_when
from service.record import queries
from service.record.programme_queries import histories_of, no_match, rules_in_force, sums_by_place
from service.record.rows import key_of_company
from service.record.sql_upkeep import is_on_lists, steps_of_provider
from service.record.tables import applications

_ACCEPTED = ("accepted", "met", "incentive granted", "outcome")
"""States of a match that both have accepted."""


class Looked:
    """An application beside all that the rules look at, as it stands within one transaction."""

    def __init__(self, connection: Connection, new: NewApplication, region: str | None, now: datetime) -> None:
        self._connection = connection
        self._new = new
        self._now = now
        self.programme = rules_in_force(connection).programme
        self.match: MatchHistory = queries.history_of(connection, new.match_id)
        if region is not None and region not in (self.match.match.need_region, ""):
            raise no_match(new.match_id)
        served = self.match.match.need_region
        if served and self.programme.region(served) is not None and served != new.region_id:
            place, remedy = f"application for match {new.match_id}", f"Apply in region {served}."
            raise RuleBroken(
                "region of the company", place, f"be handed in to {served}, which serves the company", new.region_id, remedy
            )
        if self.programme.region(new.region_id) is None:
            known = ", ".join(one.region_id for one in self.programme.regions)
            place = f"application for match {new.match_id}"
            raise RuleBroken(
                "region of the company", place, "name a region of the programme", shown(new.region_id), f"Known are: {known}."
            )
        self.company_key = key_of_company(self.match.match.company, self.match.match.need_country)
        if not self.company_key:
            place, remedy = f"match {new.match_id}", "Ask again with the company's name; the new list has matches to apply for."
            raise RuleBroken("named company", place, "be of a need that names its company", "none", remedy)

    @property
    def account(self) -> Account:
        """What the region has in the call."""
        place = (self._new.region_id, self._new.call_id)
        accounts = ledger(self.programme, sums_by_place(self._connection, place))
        return next(one for one in accounts if (one.region_id, one.call_id) == place)

    def findings(self, amount: int, handed_in: datetime | None = None) -> tuple[Finding, ...]:
        """What each rule says.

        Args:
            amount: cents.
            handed_in: when it was, if it was: whether its call was open is asked of then.
        """
        new = self._new
        if self.programme.call(new.call_id) is None:
            known = ", ".join(one.call_id for one in self.programme.calls)
            raise RuleBroken(
                "call open", f"application for match {new.match_id}", "name a call", shown(new.call_id), f"Known are: {known}."
            )
        return check_eligibility(
            self.programme, new.call_id, new.incentive_id, amount, new.applicant, self._facts(handed_in or self._now)
        )

    def _facts(self, now: datetime) -> Facts:
        match = self.match.match
        of_provider = steps_of_provider(self._connection, match.match.provider_id)
        before = [
            one.application
            for one in histories_of(self._connection, select(applications).where(applications.c.applicant == self.company_key))
            if one.state in GRANTED
        ]
        return Facts(
            now=now,
            company_country=match.need_country,
            company_region=match.need_region or self._new.region_id,
            provider_country=match.match.country,
            provider_region=match.match.region,
            provider_since=since_when(of_provider),
            provider_listed=is_on_lists(of_provider),
            accepted=self.match.state in _ACCEPTED,
            granted_incentives=frozenset(one.incentive_id for one in before),
            granted_calls=frozenset(one.call_id for one in before),
            left=self.account.left,
        )
