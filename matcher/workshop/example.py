"""An example of an event's files: organisations of the shipped directory, and the invented companies of the sample needs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from matcher.shipped import shipped_directory, shipped_needs
from matcher.workshop.participant_rows import COLUMNS

_COMPANIES = {
    "need-04": {"languages": "nl, en, de"},
    "need-05": {"languages": "nl, fr, en"},
    "need-09": {"languages": "fr, en"},
    "need-10": {"languages": "fr, en"},
    "need-14": {"languages": "de, en"},
    "need-17": {"languages": "de, en"},
    "need-18": {"languages": "de, en", "there_until": "15:00"},
    "need-19": {"languages": "da, en", "there_from": "10:30"},
    "need-24": {"languages": "da, en"},
    "need-27": {"languages": "fr, en", "most": "4"},
}
"""Sample need → what else its company says."""
_PROVIDERS = {
    "inv-thuja-capital-management": {"languages": "nl, en"},
    "inv-v-bio-ventures": {"languages": "nl, fr, en"},
    "inv-wellington-partners": {"languages": "de, en"},
    "pic-882590488": {"languages": "nl, en"},
    "pic-920961166": {"languages": "de, en"},
    "pic-951757987": {"languages": "nl, en"},
    "pic-966064323": {"languages": "fr, en", "most": "4"},
    "pic-968584383": {"languages": "fr, en"},
    "pic-998535752": {"languages": "de, en"},
    "pic-999483151": {"languages": "de, en", "there_from": "11:00"},
    "pic-999778419": {"languages": "de, fr, en"},
    "pic-999857474": {"languages": "de, en"},
    "pic-999902870": {"languages": "nl, fr, en"},
    "pic-999915189": {"languages": "nl, en", "most": "8"},
    "pic-999990655": {"languages": "da, en"},
    "pic-999991431": {"languages": "nl, en", "there_until": "14:30"},
}
"""Provider of the shipped directory → what else it says."""

_EVENT = """\
# An event as an organiser writes it. Lines that begin with # are remarks.
name = "Cross-border partnering day"
kind = "partnering workshop"    # or "pitch event", or "company to company"
place = "Liège"
time_zone = "Europe/Brussels"
date = 2027-03-11
tables = 8                      # meetings at a time; leave it out where there is room for all
fair = true                     # the worst-served company first

[slots]
first = "09:30"
length = 20                     # minutes
pause = 5                       # minutes between two slots
count = 12
breaks = ["12:25-13:25"]

# Or each for itself, instead of the table above:
# [[slots]]
# id = "s01"
# starts = "09:30"
# ends = "09:50"

[loads]                         # meetings, for whom nothing else is said
company_least = 3
company_most = 5
provider_least = 1
provider_most = 6

[policy]                        # favour, neutral or require a partner across the border
mode = "favour"
beta = 1.0
"""
_README = """\
# The files of an event

`event.toml` says when and where, and the rules. The tables may be CSV (with commas or semicolons), XLSX or JSONL.

| file | what it holds | columns |
|---|---|---|
| `participants` | who comes | see below |
| `wishes` | who wishes to meet whom | `of`, `about`, `level`: `must`, `meet` or `no` |
| `known` | who knows each other already; is left out unless one wishes to meet | `company`, `provider` |
| `fixed` | meetings set by hand | `company`, `provider`, `slot` (empty: whenever it suits) |
| `forbidden` | pairs taken out by hand | `company`, `provider` |

Only `event.toml` and `participants` must be there. `companies` and `providers` may stand in for `participants`.

Columns of `participants`; those that nobody fills in may be left out:

- `id`: short and of one's own; of a provider its `provider_id` if left out.
- `side`: `company` or `provider`.
- `name`, `country` (two letters), `region`: from the directory where a row has a `provider_id`.
- `group`: participants of one group never meet each other.
- `url`: helps to see that two rows are one organisation.
- `languages` in which it can hold a meeting; empty: any.
- `slots` in which it is there, or `there_from` and `there_until`; empty: all day.
- `least`, `most`: meetings; empty: as in `event.toml`.
- `need`, `need_title`, `need_language`, `categories`: what a company looks for; its meetings are chosen by it.
- `provider_id`: the provider in the directory.

Plan it with `crossmatch workshop plan FOLDER --out plan.json`.
"""


def example_event() -> dict[str, bytes]:
    """File name → content of a small event: 10 companies and 16 providers on one day. Its folder can be planned as it is."""
    companies, providers = list(_company_rows()), list(_provider_rows())
    ids = {row["name"]: row["id"] for row in companies}
    wishes = [
        (ids["Myrarès Therapeutics"], "inv-v-bio-ventures", "must"),
        (ids["AtemChip GmbH"], "pic-999991431", "meet"),
        (ids["Menarca Dx"], "pic-999857474", "meet"),
        ("pic-999915189", ids["Tissarelle"], "meet"),
        ("pic-999778419", ids["Ohrruhe Digital GmbH"], "no"),
    ]
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[str]]]] = {
        "participants.csv": (COLUMNS, [[row.get(column, "") for column in COLUMNS] for row in (*companies, *providers)]),
        "wishes.csv": (("of", "about", "level"), wishes),
        "known.csv": (("company", "provider"), [(ids["Fluxoptic Bio"], "pic-999990655")]),
        "fixed.csv": (("company", "provider", "slot"), [(ids["Kanalos Therapeutics"], "pic-951757987", "s02")]),
        "forbidden.csv": (("company", "provider"), [(ids["Lysantis"], "pic-999483151")]),
    }
    files = {"event.toml": _EVENT, "README.md": _README}
    return {name: text.encode() for name, text in files.items()} | {name: _csv(*table) for name, table in tables.items()}


def _company_rows() -> Iterable[Mapping[str, str]]:
    needs = {need.need_id: need for need in shipped_needs()}
    for number, (need_id, more) in enumerate(_COMPANIES.items(), start=1):
        need = needs[need_id]
        yield {
            "id": f"c{number:02}",
            "side": "company",
            "name": need.company,
            "country": need.country,
            "region": need.region,
            "need_title": need.title,
            "need": need.text,
            "need_language": need.language or "",
            "categories": ", ".join(need.categories),
            **more,
        }


def _provider_rows() -> Iterable[Mapping[str, str]]:
    directory = shipped_directory()
    for provider_id, more in _PROVIDERS.items():
        provider = directory.provider(provider_id)
        about = {"name": provider.name, "country": provider.country, "region": provider.region, "url": provider.url}
        yield {"id": provider_id, "side": "provider", "provider_id": provider_id, **about, **more}


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """With semicolons and a mark: so spreadsheets of the five countries open it in columns and with all letters."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([columns, *rows])
    return text.getvalue().encode("utf-8-sig")
