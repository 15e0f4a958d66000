"""The terms that all needs of a batch share."""

from __future__ import annotations

from matcher.fields import Count
from matcher.records import BorderPolicy, Filters, MatchRequest, Need, Preferences, Record


class BatchTerms(Record):
    """Under which every need of a batch is matched: those of a `MatchRequest`."""

    filters: Filters = Filters()
    policy: BorderPolicy = BorderPolicy()
    preferences: Preferences = Preferences()
    k: Count = 10
    """Length of the lists."""

    def request(self, need: Need) -> MatchRequest:
        """The request for one need."""
        return MatchRequest(need=need, filters=self.filters, policy=self.policy, preferences=self.preferences, k=self.k)
