"""How countries and towns are written in the five languages: Unicode CLDR's names, and what everyday writing adds to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

_LANGUAGE_OF_ONE_COUNTRY = {
    "bg": "BG", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "es": "ES", "et": "EE", "fi": "FI", "fr": "FR", "hr": "HR",
    "hu": "HU", "it": "IT", "lt": "LT", "lv": "LV", "nl": "NL", "no": "NO", "pl": "PL", "pt": "PT", "ro": "RO", "sk": "SK",
    "sl": "SI", "sv": "SE",
}  # fmt: skip
"""Languages whose name is also the adjective of the country that most of its speakers in Europe live in. English is not one:
it is the language of projects."""

_MORE_NAMES = {
    "da": {
        "BA": "Bosnien",
        "CZ": "Den Tjekkiske Republik",
        "GB": "Det Forenede Kongerige|England|Skotland|Wales|Nordirland|UK",
        "HK": "Hongkong",
        "NL": "Holland",
    },
    "de": {
        "BA": "Bosnien",
        "CZ": "Tschechische Republik|Tschechischen Republik",
        "GB": "Großbritannien|Vereinigten Königreich|England|Schottland|Wales|Nordirland|UK",
        "HK": "Hongkong",
        "MD": "Moldau|Moldawien",
        "NL": "Niederlanden|Holland",
        "SK": "Slowakische Republik|Slowakischen Republik",
        "US": "USA|Vereinigten Staaten",
    },
    "en": {
        "BA": "Bosnia",
        "CZ": "Czech Republic",
        "GB": "Great Britain|Britain|England|Scotland|Wales|Northern Ireland|UK",
        "HK": "Hong Kong",
        "NL": "Holland",
        "SK": "Slovak Republic",
        "TR": "Turkey",
        "US": "USA",
    },
    "fr": {
        "BA": "Bosnie",
        "CZ": "République tchèque",
        "GB": "Grande-Bretagne|Angleterre|Écosse|Pays de Galles|Irlande du Nord",
        "HK": "Hong Kong",
        "NL": "Hollande",
        "SK": "République slovaque",
        "US": "USA",
    },
    "nl": {
        "BA": "Bosnië",
        "CZ": "Tsjechische Republiek",
        "GB": "Groot-Brittannië|Engeland|Schotland|Wales|Noord-Ierland|VK",
        "HK": "Hongkong",
        "NL": "Holland",
        "SK": "Slowaakse Republiek",
        "US": "VS|USA",
    },
}
_MORE_ADJECTIVES = {
    "da": {"AT": "østrigsk", "BE": "belgisk", "CH": "schweizisk", "GB": "britisk", "IE": "irsk", "NL": "hollandsk"},
    "de": {
        "AT": "österreichisch",
        "BE": "belgisch",
        "CH": "schweizerisch|Schweizer",
        "GB": "britisch",
        "IE": "irisch",
        "NL": "holländisch",
    },
    "en": {"AT": "Austrian", "BE": "Belgian", "CH": "Swiss", "GB": "British", "IE": "Irish", "SI": "Slovene"},
    "fr": {
        "AT": "autrichien",
        "BE": "belge",
        "CH": "suisse|helvétique",
        "FI": "finlandais",
        "GB": "britannique",
        "GR": "grecque",
        "IE": "irlandais",
        "NL": "hollandais",
    },
    "nl": {
        "AT": "Oostenrijks",
        "BE": "Belgisch",
        "CH": "Zwitsers",
        "EE": "Ests",
        "GB": "Brits",
        "IE": "Iers",
        "NL": "Hollands",
        "PT": "Portuges",
    },
}
_ENDINGS = {"da": ("", "e"), "de": ("", "e", "em", "en", "er", "es"), "en": ("",), "fr": ("", "s", "e", "es"), "nl": ("", "e")}
"""Of adjectives. Written out because stems go too far: Snowball makes `français` and `franc` one, `Lets` and `let` another."""
LOWER_CASE_ADJECTIVES = frozenset({"da", "de", "fr"})

NO_COUNTRY = (
    "British Columbia",
    "Guinea pig",
    "Guinea pigs",
    "New England",
    "New South Wales",
    "Spanish flu",
    "Swiss albino",
    "Swiss Webster",
    "Swiss-Prot",
    "UK Biobank",
)
"""What begins like a country and is none."""

NO_TOWN = (
    "Amsterdam criteria",
    "Baden-Württemberg",
    "Declaration of Helsinki",
    "Deklaration von Helsinki",
    "Déclaration d'Helsinki",
    "Edinburgh Postnatal",
    "Göttingen minipig",
    "Göttingen minipigs",
    "Helsinki Declaration",
    "Helsinki-deklarationen",
    "Louvain-la-Neuve",
    "Marburg virus",
    "Milan criteria",
    "Oxford Nanopore",
    "Paris Agreement",
    "plaster of Paris",
    "Rome IV",
    "Rotterdam criteria",
    "V Leiden",
    "vaccinia Ankara",
    "vaccinia virus Ankara",
    "Venezia Giulia",
    "Verklaring van Helsinki",
)
"""What holds a town's name and means something else: a breed, a mutation, a treaty, a region, another town."""

_SAME_TOWN = (
    "Aachen|Aken|Aix-la-Chapelle",
    "Aalborg|Ålborg",
    "Aarhus|Århus",
    "Antwerpen|Antwerp|Anvers",
    "Athina|Athens|Athen|Athènes|Athene",
    "Barcelona|Barcelone",
    "Basel|Bâle|Bazel",
    "Beograd|Belgrade|Belgrad|Belgrado",
    "Bern|Berne",
    "Bologna|Bologne",
    "Bruxelles|Brussel|Brussels|Brüssel",
    "București|Bucharest|Bukarest|Bucarest|Boekarest",
    "Budapest|Boedapest",
    "Den Haag|The Hague|La Haye|Haag|'s-Gravenhage",
    "Dresden|Dresde",
    "Edinburgh|Édimbourg",
    "Firenze|Florence|Florenz",
    "Frankfurt am Main|Frankfurt|Francfort",
    "Freiburg|Freiburg im Breisgau|Fribourg-en-Brisgau",
    "Genova|Genoa|Genua",
    "Genève|Geneva|Genf",
    "Gent|Ghent|Gand",
    "Groningen|Groningue",
    "Göteborg|Gothenburg",
    "Hamburg|Hambourg",
    "Hannover|Hanover|Hanovre",
    "Helsinki|Helsingfors",
    "Kongens Lyngby|Lyngby",
    "Kraków|Cracow|Krakau|Cracovie",
    "Kyiv|Kiev|Kiew",
    "København|Copenhagen|Kopenhagen|Copenhague",
    "Köln|Koeln|Cologne|Keulen",
    "Leiden|Leyde",
    "Leuven|Louvain|Löwen",
    "Lille|Rijsel",
    "Lisboa|Lisbon|Lissabon|Lisbonne",
    "Liège|Luik|Lüttich",
    "London|Londres|Londen",
    "Luxembourg|Luxemburg",
    "Mainz|Mayence",
    "Marseille|Marseilles",
    "Milano|Milan|Mailand|Milaan",
    "München|Muenchen|Munich",
    "Napoli|Naples|Neapel|Napels",
    "Nijmegen|Nimègue|Nimwegen",
    "Nürnberg|Nuernberg|Nuremberg|Neurenberg",
    "Padova|Padua|Padoue",
    "Paris|Parijs",
    "Praha|Prague|Prag|Praag",
    "Regensburg|Ratisbonne",
    "Roma|Rome|Rom",
    "Sevilla|Seville",
    "Strasbourg|Straßburg|Straatsburg",
    "Torino|Turin|Turijn",
    "Trier|Trèves",
    "Tübingen|Tuebingen|Tubingue",
    "Venezia|Venice|Venedig|Venise|Venetië",
    "Warszawa|Warsaw|Warschau|Varsovie",
    "Wien|Vienna|Vienne|Wenen",
    "Zürich|Zuerich|Zurich",
    "'s-Hertogenbosch|Den Bosch|Bois-le-Duc|Herzogenbusch",
    "Évry|Évry-Courcouronnes",
)
TOWN_SPELLINGS = {spelling: row.split("|") for row in _SAME_TOWN for spelling in row.split("|")}
"""Spelling of a town → all its spellings. Those that are ordinary words are left out: `Namen` for Namur, `Gênes` for Genoa."""

_ALSO_WORDS = {
    "da": "brande give gram greve lille lund rom skive vejen",
    "de": "aue baden berg bergen buchen burg enge essen giessen graben halle heide hof lage laufen leer leiden linden lowen "
    "norden regen senden siegen singen stade stein verden wald wangen waren weiden werder wiesen",
    "en": "antony bath battle best bury chester cork deal florence hull lens lincoln mobile nancy nice orange poole reading "
    "rugby sale split tours victoria ware wells",
    "fr": "antony auch castries die florence gap lens nancy orange sens tours tulle valence vienne",
    "nl": "assen beek bergen best born delft doorn echt geel goes halen heel hoorn houten leiden lent lier loos luik made "
    "menen namen peer stein",
}
ALSO_WORDS = {language: frozenset(words.split()) for language, words in _ALSO_WORDS.items()}
"""Towns, folded, that a capital does not tell from a word or a first name: nouns in German, any first word elsewhere."""

_BEFORE_TOWNS = {
    "da": "i fra ved omkring universitet",
    "de": "in aus nahe raum stadt universitat universitatsklinikum uniklinik klinikum hochschule",
    "en": "in from near of",
    "fr": "a d de pres",
    "nl": "in uit te bij van regio universiteit",
}
BEFORE_TOWNS = {language: frozenset(words.split()) for language, words in _BEFORE_TOWNS.items()}
"""Words, folded, after which such a town is one."""


@cache
def country_spellings(language: str) -> dict[str, tuple[str, ...]]:
    """Country by its ISO 3166 letters → its names in that language."""
    more = _MORE_NAMES[language]
    named = {str(code): str(name) for code, name in Locale(language).territories.items()}
    codes = [code for code in named if len(code) == 2 and code.isalpha()]
    return {code: (named[code], *filter(None, more.get(code, "").split("|"))) for code in codes}


@cache
def country_adjectives(language: str) -> dict[str, tuple[str, ...]]:
    """Country by its ISO 3166 letters → its adjectives in that language, with their endings."""
    named = Locale(language).languages
    found: dict[str, tuple[str, ...]] = {}
    for code, adjective in _adjectives(language, named):
        found[code] = (*found.get(code, ()), *_inflected(adjective, language))
    return found


def _adjectives(language: str, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((country, named[spoken]) for spoken, country in _LANGUAGE_OF_ONE_COUNTRY.items())
    for country, adjectives in _MORE_ADJECTIVES[language].items():
        yield from ((country, adjective) for adjective in adjectives.split("|"))


def _inflected(adjective: str, language: str) -> Iterator[str]:
    yield from (adjective + ending for ending in _ENDINGS[language])
    if language == "fr" and adjective.endswith("n"):  # italien, italienne
        yield from (f"{adjective}ne", f"{adjective}nes")
