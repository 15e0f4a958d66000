"""Who asks: a name, what it may be here as, and the region it may see."""

from __future__ import annotations

from typing import Literal, get_args

from matcher.records import Record

Role = Literal["advisor", "organiser", "evaluator", "programme office"]
ROLES: tuple[Role, ...] = get_args(Role)
FOLLOWING_UP: frozenset[Role] = frozenset({"advisor", "organiser", "programme office"})
"""Roles that put on record what becomes of matches."""


class Caller(Record):
    """Whoever a request is answered for."""

    name: str
    """The holder of the key, as it stands in the record."""
    roles: frozenset[Role]
    """One for a key; all of them for the local user, so that no rule needs an exception."""
    region: str | None = None
    """The region it may see; `None` is all of them."""
    key_id: str | None = None
    """The key it showed; `None` for the local user, who has none."""

    def may_see(self, region: str) -> bool:
        """Whether what belongs to this region may be shown. What belongs to none ("") only callers of all regions see."""
        return self.region is None or self.region == region

    @property
    def sees_need_texts(self) -> bool:
        """Needs are confidential: who only judges quality sees lists and matches without them."""
        return bool(self.roles - {"evaluator"})

    @property
    def in_words(self) -> str:
        """For a refusal: `evaluator for all regions`."""
        role = " and ".join(sorted(self.roles)) if self.roles != frozenset(ROLES) else "the local user"
        return f"{role} for {f'region {self.region}' if self.region is not None else 'all regions'}"


LOCAL = Caller(name="local user", roles=frozenset(ROLES))
"""Whoever opened the link of a service that answers on this machine only: it can read the database's file anyway."""
