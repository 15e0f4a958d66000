"""Examples of bodies of the directory's upkeep and of links, for the description."""

from __future__ import annotations

from typing import Any

_PROVIDER = {
    "provider_id": "example-lab",
    "name": "Example Laboratory",
    "category": "technology",
    "country": "NL",
    "city": "Ede",
    "region": "nl-oost",
    "summary": "Inhalation toxicology under GLP, with lung models on a chip.",
    "summary_language": "en",
}
_EVIDENCE = {
    "evidence_id": "example-lab#1",
    "provider_id": "example-lab",
    "kind": "project",
    "title": "Aerosol toxicology of nanoparticles in human lung tissue",
    "year": 2023,
    "reference": "https://example.org/project/1",
}
_ENTRY = {"provider": _PROVIDER, "evidence": [_EVIDENCE]}
_TOKEN = "ct_abcdefghij_" + "x" * 43


def entry_examples() -> dict[str, Any]:
    """A provider with its evidence."""
    return {"a laboratory": {"value": _ENTRY}}


def step_examples() -> dict[str, Any]:
    """Steps of a provider."""
    return {
        "vetted": {"value": {"kind": "vetted", "happened_on": "2026-03-02"}},
        "suspended": {"value": {"kind": "suspended", "reason": "a complaint is being looked into"}},
        "left": {"value": {"kind": "left"}},
    }


def link_examples() -> dict[str, Any]:
    """Links to be made."""
    return {
        "a survey": {"value": {"purpose": "after the event", "subject": "1"}},
        "a company": {"value": {"purpose": "company entry", "subject": "NL:Lungs", "days": 14}},
    }


def token_examples() -> dict[str, Any]:
    """What a link is opened with."""
    return {"a token": {"value": {"token": _TOKEN}}}


def answer_examples() -> dict[str, Any]:
    """What is taken through a link."""
    rated = {"survey": "after the event", "rating": "cooperation possible", "wishes_to_continue": "yes"}
    later = {"survey": "after six months", "result": "valuable", "anyway": "no", "wishes_to_continue": "cannot say"}
    return {
        "after the event": {"value": {"token": _TOKEN, "answer": rated}},
        "after six months": {"value": {"token": _TOKEN, "answer": later}},
        "a provider's correction": {"value": {"token": _TOKEN, "entry": _ENTRY}},
        "a company's correction": {
            "value": {"token": _TOKEN, "correction": {"list_id": "l-1", "match_id": 1, "text": "We did not decline: they did."}}
        },
        "leaving": {"value": {"token": _TOKEN, "leave": True}},
    }


def note_examples() -> dict[str, Any]:
    """Notes on a list."""
    return {
        "a note": {"value": {"text": "Asked to be called back in May.", "match_id": 1}},
        "an answer": {"value": {"kind": "correction declined", "answers": 12, "text": "The meeting did take place."}},
    }
