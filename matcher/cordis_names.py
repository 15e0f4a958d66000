"""Names as one would write them: CORDIS has organisations, towns and some titles in capitals, and a few private persons."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_SHOUTED = 0.7
"""Share of capitals among the letters from which a name counts as written in capitals."""

_LONGEST_ACRONYM = 5
_VOWELS = set("AEIOUYÄÖÜÆØÅÁÀÂÉÈÊËÍÌÎÏÓÒÔÚÙÛÝÕÃĄĘŐŰİ")
_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*(?:['’]|\.(?!\w))?")

_FORMS = """
GmbH gGmbH mbH GesmbH SpA Ltd ApS Oyj Kft Zrt Nyrt ehf Lda Inc Corp FlexCo EV BV NV SA SAS SASU SL SLU SLP SCCL SAU SRL SRLS
SARL SAGL SPRL SCRL SCARL BVBA CVBA VOF AB ASA OY AG KG KGAA UG UAB EOOD OOD EAD DOO SRO AISBL ASBL IVZW VZW CLG LBG LLC LLP
PLC MTU AIE EEIG
"""
_ACRONYMS = """
AI BASF CEA CERN CIDETEC CNR CNRS CSIC DLR EDF EIT ENEA ENI ERIC ESA ETH EU EURAC ICFO ICLEI ICT IFE IMEC INESC INRAE IRCCS
IRTA KU NATO NIVA OECD RISE SINTEF TECNALIA TNO TU TUV UCL UK UMC UN UNESCO USA VITO WWF ZSI
"""
_SMALL_WORDS = """
a ai al am amb an and at au aux av by con d da das de degli dei del dell della delle den der des det di do dos du e ed el em
en es et for fuer fur für het i ia im in la las le les lo los mit na nad o och od of og on or para pentru per po pod por
pour pre pri si the til till to u und van ve voor von w y z za ze zu zum zur
"""
_LEGAL_FORMS = {form.upper(): form for form in _FORMS.split()}
_FORMS_AT_AN_END = {"AS", "SE", "AD", "OG", "OU", "RY", "SIA", "AE"}
"""Legal forms that are also ordinary words: taken for what they are only as first or last word."""

_DOTTED = {"E.V.": "e.V.", "O.O.": "o.o.", "D.O.O.": "d.o.o.", "S.R.O.": "s.r.o.", "SP.": "Sp.", "ST.": "St.", "DR.": "Dr."}
_KNOWN_ACRONYMS, _SMALL = frozenset(_ACRONYMS.split()), frozenset(_SMALL_WORDS.split())


def organisation_name(text: str) -> str:
    """The name in normal spelling: `FRAUNHOFER GESELLSCHAFT EV` becomes `Fraunhofer Gesellschaft EV`. Mixed case stays.

    So does a single word of up to five letters, which is an acronym more often than not.
    """
    name = _unquoted(text)
    return name if name.isalpha() and len(name) <= _LONGEST_ACRONYM else _in_title_case(name, _as_in_names)


def place_name(text: str) -> str:
    """The town in normal spelling; no word of it is taken for a legal form or an acronym."""
    return _in_title_case(_unquoted(text), lambda found: "")


def plain_title(text: str) -> str:
    """One line without HTML entities; a title that shouts gets the case of a sentence, but for what are surely acronyms."""
    text = " ".join(html.unescape(text).split()).strip(" .")
    letters = [character for character in text if character.isalpha()]
    if len(letters) <= 30 or sum(character.isupper() for character in letters) <= 0.8 * len(letters):
        return text
    lower = _WORD.sub(lambda found: found[0] if _is_acronym(found[0]) else found[0].lower(), text)
    return lower[:1].upper() + lower[1:]


def web_address(text: str) -> str:
    """`www.Example.EU/` becomes `https://www.example.eu`; what has no host in it becomes empty."""
    first = next(iter(text.split()), "")
    scheme, found, rest = first.partition("://")
    if not found:
        scheme, rest = "https", first
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}{slash}{path}".rstrip("/") if "." in host else ""


def _unquoted(text: str) -> str:
    text = " ".join(html.unescape(text).split())
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1].replace('""', '"').strip() if quoted else text.rstrip(" ,")


def _in_title_case(text: str, exception: Callable[[re.Match[str]], str]) -> str:
    """Every word capitalised but for small ones; `exception` may say of a word found in the text how it is written instead."""
    letters = [character for character in text if character.isalpha()]
    if not letters or sum(character.isupper() for character in letters) < _SHOUTED * len(letters):
        return text

    def written(found: re.Match[str]) -> str:
        word, (start, end) = found[0], found.span()
        special = exception(found)
        stands_alone = text[start - 1 : start].isspace() and text[end : end + 1].isspace()
        if special:
            return special
        return word.lower() if stands_alone and word.lower() in _SMALL else _capitalised(word, first=start == 0)

    return _WORD.sub(written, text)


def _as_in_names(found: re.Match[str]) -> str:
    """How a legal form or an acronym is written; empty for other words."""
    word, text, (start, end) = found[0], found.string, found.span()
    upper = word.upper()
    if upper in _LEGAL_FORMS:
        return _LEGAL_FORMS[upper]
    if upper in _DOTTED or re.fullmatch(r"(\w\.)+\w?", word):
        return _DOTTED.get(upper, word)
    is_form = (start == 0 or end == len(text)) and upper in _FORMS_AT_AN_END
    alone_in_brackets = text[start - 1 : end + 1] == f"({word})" and len(word) <= _LONGEST_ACRONYM
    return word if is_form or alone_in_brackets or _is_acronym(word) else ""


def _is_acronym(word: str) -> bool:
    """Known ones, short words without a vowel (`NTT`), and words with a digit (`CO2`)."""
    without_vowel = (
        1 < len(word) <= 4 and word.isalpha() and not _VOWELS & set(word.upper()) and word.upper() not in ("ST", "DR")
    )
    return without_vowel or word.upper() in _KNOWN_ACRONYMS or any(character.isdigit() for character in word)


def _capitalised(word: str, *, first: bool) -> str:
    """`L'AQUILA` becomes `l'Aquila` (`L'Aquila` at the beginning), `MARY'S` `Mary's`."""
    parts = re.split(r"([.'’])", word)
    if len(parts) == 3 and len(parts[2]) == 1:
        return parts[0].capitalize() + parts[1] + parts[2].lower()
    article = (
        len(parts) == 3 and parts[1] != "." and parts[2] and parts[0].lower() in ("d", "l", "de", "dell", "all", "nell", "sull")
    )
    return "".join(
        part.lower() if number == 0 and article and not first else part.capitalize() for number, part in enumerate(parts)
    )
