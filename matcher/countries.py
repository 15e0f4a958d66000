"""Countries by their two ISO 3166 letters, checked against a list nobody here wrote."""

from __future__ import annotations

from functools import cache

from babel import Locale

from embeddings.errors import Refusal, shown

_OFTEN_MEANT = {"UK": "GB", "EL": "GR"}


@cache
def country_names() -> dict[str, str]:
    """English names by ISO 3166-1 alpha-2 code (Unicode CLDR, by `babel`)."""
    territories = Locale("en").territories
    no_country = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in no_country}


def checked_country(code: str) -> str:
    """The code in capitals.

    Raises:
        Refusal: not a country; where a name or another usual code was given, the remedy holds the right one.
    """
    upper = code.strip().upper()
    if upper in country_names():
        return upper
    meant = _OFTEN_MEANT.get(upper)
    by_name = next((c for c, name in country_names().items() if name.casefold() == code.strip().casefold()), None)
    hint = meant or by_name
    remedy = f"Write {hint}" if hint else "For instance NL, BE, DE, DK or FR"
    raise Refusal("country", "be a country by its two ISO 3166 letters", shown(code), f"{remedy}.")
