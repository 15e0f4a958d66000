"""What a provider works on: fields of life science, told by the subjects of its evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from matcher.records import Evidence

LEAST_SHARE = 0.2
"""Of the evidence with a field, what has to be in one for the provider to work in it. Whoever took part in twenty projects is
asked about cancer if four of them were on it, not if one was."""

_TERMS = {
    # What is treated
    "infections and vaccines": (
        "infect|antiinfect|vaccin|immunis|microbiolog|virolog|virus|coronavirus|viral|antiviral|antimicrob|antibiot|pandemic"
        "|epidemi|ebola|zoono|tuberculosis|malaria|influenza|hiv|bacteri|nd4bb|amr|diseases spread|drug resistance"
    ),
    "cancer": "cancer|oncolog|tumour|tumor|melanoma|leukaemi|leukemi|lymphoma",
    "brain and mind": (
        "neuro|alzheimer|parkinson|dementia|psychiatr|psycholog|epilep|stroke|autis|pain|brain|mental|multiple sclerosis"
    ),
    "heart, metabolism and nutrition": (
        "diabet|metabolic|cardi|endocrin|obes|nutrition|hepatolog|liver|kidney|nephro|heart|vascular|microbiom"
    ),
    "immune system, lungs and skin": (
        "autoimmun|immune|immunolog|immunomodul|inflamm|rheumat|osteoarthrit|respirat|asthma|pneumolog|lung|skin|fibros"
        "|allerg|dermat"
    ),
    "women, children and rare diseases": (
        "rare|orphan|paediatr|pediatr|neonat|obstetr|fertility|gynaecolog|gynecolog|hereditary"
    ),
    # What is made
    "medicines and their discovery": (
        "drug|target identif|biologicals|biopharm|pharmac|therapeutic|antibod|(?<!industrial )biotech|translational medic"
        "|tools for predicting/monitoring efficacy|disease taxonomy|personalized medic|personalised medic"
    ),
    "cells, genes and tissues": (
        "stem cell|cell therap|cell-based|gene therap|tissue|regenerat|immunotherap|cell biolog|cytolog|embryolog|genetic"
        "|genom|mutation|dna|rna(?! virus)|transcriptom|protein|proteom|biomolecul|enzym|lipid|carbohydr|structural biolog"
        "|molecular|biobank|evolutionary biolog"
    ),
    "diagnostics and imaging": (
        "diagnos|imaging|biomarker|biosensor|microscop|super resolution|ultraso|radiolog|patholog|medical laborator"
        "|lab on a chip|spectroscop|microfluid|crystallogr"
    ),
    "medical devices and materials": (
        "medical device|medtech|medical engineer|wearable|surg|robot|sensor|biomaterial|nano|additive manufact|mechatron"
        "|implant|coating|polymer|fiber|textile|composite|graphene|photon|laser"
    ),
    # How it is tried, and brought to people
    "safety and toxicology": (
        "toxic|tools for predicting/monitoring safety|3rs|animal use|organ on a chip|pharmacokinet|methods for benefit/risk"
        "|environmental aspects"
    ),
    "clinical trials and patients": (
        "clinical trial|clinical network|patient|physiotherap|nursing|translational medic|real-world"
    ),
    "digital health and data": (
        "digital health|digital medic|digital diagnos|digital tech|ehealth|connected health|healthtech|big data|bd4bo"
        "|data process|data sci|database|artificial intel|machine learn|software|simulation|computer|real-world"
    ),
    "regulation, market access and public health": (
        "regulatory|hta|market access|public health|health care|health econom|occupational health"
    ),
    # Beside health
    "bioprocesses, food and environment": (
        "industrial biotech|biocatal|ferment|bioprocess|manufacturing|bioecon|biofuel|food|agri|agro|agtech|fisher|forest|crop"
        "|plant|dairy|legume|grain|viticult|phycolog|mycolog|(?<!innovation )ecosystem|biodivers|biospher|pollut|recycl"
        "|environmental sci|climat|irrigation|energy|fuel|electrolys|chemistr|catalys|clean tech"
    ),
}
"""Field → how words of its subjects begin. A subject may belong to several; one that says no more than "Health" is of none."""

FIELDS: tuple[str, ...] = tuple(_TERMS)
"""In the order in which people are shown them."""

_PATTERNS = {field: re.compile(rf"(?<!\w)(?:{terms})") for field, terms in _TERMS.items()}


@lru_cache(maxsize=10_000)
def fields_of_subject(subject: str) -> frozenset[str]:
    """The fields that a subject belongs to; none where it names none.

    A subject is of a field when its words begin as the field's do: "Immuno-Oncology" is of cancer.
    """
    folded = subject.casefold()
    return frozenset(field for field, pattern in _PATTERNS.items() if pattern.search(folded))


def fields_of(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """The fields that a provider works in, those with most evidence first; equals in the order of `FIELDS`.

    A piece of evidence is in every field that one of its topics belongs to; where none belongs to any, in those of its title.
    The provider works in a field when at least `LEAST_SHARE` of its evidence that is in any field is in that one.
    """
    counts: Counter[str] = Counter()
    told = 0
    for one in evidence:
        found = _fields_of_one(one)
        counts.update(found)
        told += bool(found)
    kept = [field for field in FIELDS if counts[field] and counts[field] >= LEAST_SHARE * told]
    return tuple(sorted(kept, key=lambda field: -counts[field]))


def _fields_of_one(evidence: Evidence) -> frozenset[str]:
    topics = (topic.strip() for topic in evidence.topics.split(";"))
    found = frozenset[str]().union(*map(fields_of_subject, topics))
    # The title of an investment is a company's name, which says nothing for certain.
    return found if found or evidence.kind == "investment" else fields_of_subject(evidence.title)
