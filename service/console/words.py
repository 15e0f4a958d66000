"""Words of the record's own scales on pages: they are kept in English, and told in the reader's language."""

from __future__ import annotations

from collections.abc import Callable


def _(text: str) -> str:
    """Marks a text for the catalogues."""
    return text


SCALES = (
    # Categories and kinds
    _("technology"), _("finance"), _("commercial"), _("expertise"), _("collaboration"),
    _("project"), _("investment"), _("service"), _("profile"), _("portfolio"),
    # How a match stands, and the steps
    _("proposed"), _("introduced"), _("accepted"), _("declined"), _("met"), _("incentive granted"), _("outcome"),
    _("withdrawn"),
    # Why declined
    _("too early"), _("wrong field"), _("no capacity"), _("terms"), _("language"), _("already in contact"), _("conflict"),
    _("unclear need"), _("other"),
    # How the meeting went
    _("did not take place"), _("insufficient interest"), _("informative, no cooperation"), _("cooperation possible"),
    # What came of it
    _("no contact"), _("knowledge gain"), _("valuable"), _("negotiating"), _("agreement reached"),
    _("yes"), _("no"), _("cannot say"),
    # Applications
    _("submitted"), _("assessed"), _("granted"), _("rejected"), _("signed"), _("reported"), _("paid"), _("lapsed"),
    # Notes
    _("correction asked"), _("correction made"), _("correction declined"),
    # Roles
    _("advisor"), _("organiser"), _("evaluator"), _("programme office"),
    # Parts of a score
    _("baseline"), _("closeness"), _("semantic"), _("lexical"), _("experience"), _("acquainted"), _("named"), _("border"),
    # The programme's regions
    _("Liège and Wallonia"), _("Flanders and Brussels"), _("North Rhine-Westphalia with northern and eastern Germany"),
    _("Stuttgart and Neckar-Alb with southern Germany"), _("Denmark"), _("Lille with France"),
    _("Noord-Brabant with the southern Netherlands"), _("East Netherlands with the northern Netherlands"),
    # Fields of life science
    _("infections and vaccines"), _("cancer"), _("brain and mind"), _("heart, metabolism and nutrition"),
    _("immune system, lungs and skin"), _("women, children and rare diseases"), _("medicines and their discovery"),
    _("cells, genes and tissues"), _("diagnostics and imaging"), _("medical devices and materials"),
    _("safety and toxicology"), _("clinical trials and patients"), _("digital health and data"),
    _("regulation, market access and public health"), _("bioprocesses, food and environment"),
    # Roles in a project or a service
    _("coordinator"), _("participant"), _("linked third party"), _("associated partner"), _("investor"), _("provider"),
)  # fmt: skip

_IN_PLAIN_WORDS = {"thirdParty": "linked third party", "associatedPartner": "associated partner"}
"""Roles as CORDIS writes them → as a person would."""


def in_page_words(text: str, translate: Callable[[str], str]) -> str:
    """A word of a scale in the reader's language; any other text as it is."""
    text = _IN_PLAIN_WORDS.get(text, text)
    return translate(text) if text in _KNOWN else text


def probability_in_words(probability: float | None) -> str:
    """How likely, as an advisor would say it."""
    if probability is None:
        return _("not judged")
    for least, words in ((0.5, _("very likely")), (0.25, _("likely")), (0.1, _("possible")), (0.03, _("a long shot"))):
        if probability >= least:
            return words
    return _("unlikely")


_KNOWN = frozenset(SCALES)
