"""Match lists of the simulated history, put together from providers of the shipped directory without any engine."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from matcher.log import LoggedList
from matcher.records import Considered, Match, MatchList, MatchRequest, Need, Provider, ScorePart
from service.programme.simulation_plan import PlannedCompany, Random

ENGINE = "simulated"
COMPONENTS = {"simulated": True, "note": "Made up: no engine made these lists."}
_NOTE = "Simulated: made up from the directory, by no engine."
_K = 10
_AT_HOME = 2.2
_LEANING: Mapping[str, Mapping[str, float]] = {
    "BE": {"NL": 4.0, "FR": 3.5, "DE": 2.0, "DK": 0.6},
    "DE": {"NL": 4.0, "FR": 2.2, "BE": 1.8, "DK": 1.5},
    "DK": {"DE": 4.0, "NL": 2.5, "BE": 1.2, "FR": 1.0},
    "FR": {"BE": 4.0, "DE": 3.0, "NL": 1.5, "DK": 0.6},
    "NL": {"DE": 4.0, "BE": 4.0, "FR": 1.4, "DK": 1.0},
}
"""Company's country → how often providers of another are on its list; made up, neighbours more often than others."""
_SOUGHT = {
    "expertise": "technological or commercial expertise that it does not have itself",
    "collaboration": "a partner abroad for a joint project",
}


class ListMaker:
    """Puts lists together. The same seed gives the same lists."""

    def __init__(self, providers: Sequence[Provider], random: Random) -> None:
        self._random = random
        self._of_country: dict[str, list[Provider]] = {}
        for one in providers:
            self._of_country.setdefault(one.country, []).append(one)
        self._lists = 0

    def empty(self, company: PlannedCompany, at: datetime) -> LoggedList:
        """A list that says that there is no good match."""
        return self._logged(company, (), at)

    def list_of(self, company: PlannedCompany, at: datetime) -> LoggedList:
        """A list of ten, most of them in other countries, the first of these as its pairs want it."""
        chances = {**_LEANING[company.country], company.country: _AT_HOME}
        countries = list(chances)
        weights = np.array(list(chances.values()))
        found: dict[str, Provider] = {}
        while len(found) < _K or sum(one.country != company.country for one in found.values()) < 2:
            country = countries[int(self._random.choice(len(countries), p=weights / weights.sum()))]
            of_country = self._of_country[country]
            one = of_country[int(self._random.integers(len(of_country)))]
            found[one.provider_id] = one
        scores = np.sort(self._random.uniform(-2.0, 3.0, len(found)))[::-1]
        matches = (
            _match(rank, one, company.country, float(score))
            for rank, (one, score) in enumerate(zip(found.values(), scores, strict=True), start=1)
        )
        return self._logged(company, tuple(matches), at)

    def _logged(self, company: PlannedCompany, matches: tuple[Match, ...], at: datetime) -> LoggedList:
        self._lists += 1
        need = Need(
            text=f"Simulated need: {company.name} looks for {_SOUGHT[company.kind]}.",
            title=f"Simulated need {self._lists:03}",
            country=company.country,
            region=company.region_id,
            company=company.name,
            kind=company.kind,
            language="en",
            need_id=f"simulated-{self._lists:03}",
        )
        directory = sum(map(len, self._of_country.values()))
        counts = Considered(directory=directory, own_organisation=0, filtered_out=0, domestic_left_out=0, candidates=directory)
        answer = MatchList(
            request=MatchRequest(need=need, k=_K),
            language="en",
            verdict="matches" if matches else "no good match",
            notes=(_NOTE,),
            considered=counts,
            matches=matches,
            engine=ENGINE,
        )
        return LoggedList(
            list_id=str(uuid.uuid5(uuid.NAMESPACE_OID, need.need_id)),
            request_id=need.need_id,
            created_at=at,
            asked_by=f"simulated partner of {company.region_id}",
            answer=answer,
        )


def _match(rank: int, provider: Provider, own_country: str, score: float) -> Match:
    return Match(
        rank=rank,
        provider_id=provider.provider_id,
        name=provider.name,
        category=provider.category,
        country=provider.country,
        city=provider.city,
        region=provider.region,
        url=provider.url,
        cross_border=provider.country != own_country,
        score=score,
        parts=(ScorePart(name="simulated", value=score),),
        evidence=(),
        because=(_NOTE,),
    )
