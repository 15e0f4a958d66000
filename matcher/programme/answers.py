"""What each rule of eligibility answers: whether it passes, and one sentence with the values that decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from matcher.programme.facts import Asked
from matcher.programme.money import in_euros
from matcher.programme.sme import size_of

Answer = tuple[bool, str]


def _call_open(asked: Asked) -> Answer:
    def told(moment: datetime) -> str:
        return f"{moment.astimezone(asked.zone):%Y-%m-%d %H:%M} ({asked.zone.key})"

    call, now = asked.call, asked.facts.now
    if now < call.opens:
        return False, f"Call {call.call_id} opens on {told(call.opens)}; it is {told(now)}."
    if now >= call.closes:
        return False, f"Call {call.call_id} closed on {told(call.closes)}; it is {told(now)}."
    return True, f"Call {call.call_id} is open until {told(call.closes)}."


def _incentive_of_the_call(asked: Asked) -> Answer:
    known, one = ", ".join(asked.call.incentives) or "none", asked.incentive.incentive_id
    if one in asked.call.incentives:
        return True, f"Call {asked.call.call_id} gives {one}."
    return False, f"Call {asked.call.call_id} does not give {one}; it gives {known}."


def _amount(asked: Asked) -> Answer:
    told, most, name = in_euros(asked.requested), in_euros(asked.incentive.amount), asked.incentive.name
    if asked.incentive.form == "lump sum":
        return asked.requested == asked.incentive.amount, f"{name} is a lump sum of {most}; {told} is requested."
    return 0 < asked.requested <= asked.incentive.amount, f"{name} pays costs up to {most}; {told} is requested."


def _other_country(asked: Asked) -> Answer:
    company, provider = asked.facts.company_country, asked.facts.provider_country
    if company == provider:
        return False, f"Company and provider are both in {company}."
    return True, f"The company is in {company}, the provider in {provider}."


def _other_region(asked: Asked) -> Answer:
    facts = asked.facts
    company, provider = facts.company_region, facts.provider_region
    if company and provider:
        if company == provider:
            return False, f"Company and provider are both in region {company}."
        return True, f"The company is in region {company}, the provider in {provider}."
    # A region has one country.
    if facts.company_country != facts.provider_country:
        return True, f"The company is in {facts.company_country}, the provider in {facts.provider_country}: no region has both."
    missing = " and ".join(who for who, region in (("company", company), ("provider", provider)) if not region)
    return False, f"Both are in {facts.company_country}, and nobody said in which region the {missing} is."


def _accepted(asked: Asked) -> Answer:
    if asked.facts.accepted:
        return True, "By the record company and provider accepted the match."
    return False, "By the record company and provider have not both accepted the match."


def _sme(asked: Asked) -> Answer:
    size = size_of(asked.applicant)
    return size.is_sme is True, size.why


def _in_directory(asked: Asked) -> Answer:
    until, since = asked.call.directory_until, asked.facts.provider_since
    if not asked.facts.provider_listed:
        return False, "The provider is not in the directory now."
    if until is None:
        return True, "The provider is in the directory, and the call asks no day."
    if since is None:
        return True, f"The provider is in the directory since before there was a record of it; the call asks for {until}."
    return since <= until, f"The provider is in the directory since {since}; the call asks for {until} at the latest."


def _one_grant(asked: Asked) -> Answer:
    facts, incentive, call = asked.facts, asked.incentive.incentive_id, asked.call.call_id
    asks = asked.rules.one_grant or ()
    had = []
    if "incentive" in asks and incentive in facts.granted_incentives:
        had.append(incentive)
    if "call" in asks and call in facts.granted_calls:
        had.append(f"an incentive in call {call}")
    if had:
        return False, f"The company was granted {' and '.join(had)} before."
    never = {"incentive": incentive, "call": f"anything in call {call}"}
    return True, f"The company was not granted {' or '.join(never[one] for one in dict.fromkeys(asks))} before."


def _de_minimis(asked: Asked) -> Answer:
    most, declared, years = asked.rules.de_minimis or 0, asked.applicant.de_minimis, asked.rules.de_minimis_years
    if declared is None:
        return False, f"The company did not declare its de minimis aid of {years} years; {in_euros(most)} is the most."
    total = declared + asked.requested
    parts = f"{in_euros(declared)} declared for {years} years and {in_euros(asked.requested)} requested"
    return total <= most, f"{parts} make {in_euros(total)}; {in_euros(most)} is the most."


def _budget_left(asked: Asked) -> Answer:
    left, requested = in_euros(asked.facts.left), in_euros(asked.requested)
    return (
        asked.requested <= asked.facts.left,
        f"The region has {left} left in call {asked.call.call_id}; {requested} is requested.",
    )


ANSWERS: Mapping[str, Callable[[Asked], Answer]] = {
    "call open": _call_open,
    "incentive of the call": _incentive_of_the_call,
    "amount": _amount,
    "provider in another country": _other_country,
    "provider in another region": _other_region,
    "match accepted": _accepted,
    "small or medium-sized company": _sme,
    "provider in the directory in time": _in_directory,
    "one grant": _one_grant,
    "de minimis": _de_minimis,
    "budget left": _budget_left,
}
"""Rule → what it says."""
