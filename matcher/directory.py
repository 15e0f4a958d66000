"""The directory: providers and their evidence, read from files and checked as a whole."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from embeddings.errors import shown
from matcher.errors import DirectoryRefused, NotFound, Problem
from matcher.records import Evidence, Need, Provider
from matcher.tables import Table, read_tables
from matcher.validation import RecordType, parts_of

_PROVIDER_NEEDS = ("provider_id", "name", "category", "country")
_EVIDENCE_NEEDS = ("provider_id", "kind", "title")
_MAKES_THE_ID = tuple(name for name in Evidence.model_fields if name not in ("date", "description"))
"""Columns from which evidence without an id gets one. Without those that came later: ids once made stay as they are."""
_MOST_COLUMNS_SHOWN = 40
_ONLY_EVIDENCE = {"title", "kind", "evidence_id"}
_LEGAL_FORMS = re.compile(
    r"\b(a/?s|aps|k/?s|p/?s|b\.?v|n\.?v|bvba|sprl|s\.?r\.?l|cvba|vzw|asbl|aisbl|gmbh|ggmbh|mbh|ag|se|kg|e\.?v"
    r"|s\.?a\.?r\.?l|sasu|s\.?a\.?s|s\.?a|ltd|inc|stichting)\b\.?"
)


@dataclass(frozen=True)
class Directory:
    """Providers in order of id, evidence in order of id. Ids are unique and every piece of evidence has its provider."""

    providers: tuple[Provider, ...]
    evidence: tuple[Evidence, ...]
    ignored_columns: tuple[str, ...] = field(default=(), compare=False)
    """Columns of the files that mean nothing here, as `file: column`."""

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over every field of every record, shortened to 16 hexadecimal digits."""
        digest = hashlib.sha256()
        for record in (*self.providers, *self.evidence):
            digest.update(record.model_dump_json().encode())
        return digest.hexdigest()[:16]

    @cached_property
    def _by_id(self) -> dict[str, Provider]:
        return {provider.provider_id: provider for provider in self.providers}

    @cached_property
    def _evidence_of(self) -> dict[str, tuple[Evidence, ...]]:
        grouped: dict[str, list[Evidence]] = {provider.provider_id: [] for provider in self.providers}
        for item in self.evidence:
            grouped[item.provider_id].append(item)
        return {key: tuple(items) for key, items in grouped.items()}

    def __len__(self) -> int:
        return len(self.providers)

    def provider(self, provider_id: str) -> Provider:
        """The provider of that id.

        Raises:
            NotFound: there is none.
        """
        try:
            return self._by_id[provider_id]
        except KeyError:
            raise NotFound("provider", "be in the directory", shown(provider_id), "GET /v1/providers lists them.") from None

    def evidence_of(self, provider_id: str) -> tuple[Evidence, ...]:
        """All evidence about a provider, in order of id."""
        self.provider(provider_id)
        return self._evidence_of[provider_id]

    @cached_property
    def _ids_by_sign(self) -> dict[tuple[str, str], frozenset[str]]:
        """Providers by what gives an organisation away: `("id" | "host" | "name", value)`."""
        found: dict[tuple[str, str], set[str]] = {}
        for provider in self.providers:
            signs = [("id", identifier.strip()) for identifier in (provider.provider_id, *provider.source_ids.split(";"))]
            signs += [("host", web_host(provider.url)), ("name", plain_name(provider.name))]
            for sign in signs:
                found.setdefault(sign, set()).add(provider.provider_id)
        return {sign: frozenset(ids) for sign, ids in found.items() if sign[1]}

    def own_organisation(self, need: Need) -> frozenset[str]:
        """Ids of the providers that are the company itself: same identifier, same web host or same name."""
        signs = [("host", web_host(need.company_url)), ("name", plain_name(need.company))]
        signs += [("id", identifier) for identifier in need.company_ids if identifier]
        return frozenset().union(*(self._ids_by_sign.get(sign, frozenset()) for sign in signs))


def plain_name(name: str) -> str:
    """A name without case, accents, legal form, brackets and signs, so that `Mimetas BV` equals `MIMETAS B.V.`."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = _LEGAL_FORMS.sub(" ", re.sub(r"\([^)]*\)", " ", folded))
    return re.sub(r"[^\w]+", " ", folded).strip()


def web_host(url: str) -> str:
    """The host of an address without `www.`; empty where there is none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:  # brackets without an address in them, and the like
        return ""
    return host.removeprefix("www.") if "." in host else ""


def load_directory(files: Sequence[Path]) -> Directory:
    """A directory from files of providers and of evidence (CSV, XLSX or JSONL, in any order).

    A table is one of evidence when it has a column `title`, `kind` or `evidence_id`, else one of providers.

    Raises:
        DirectoryRefused: anything wrong in any file; all problems are named, not only the first.
    """
    tables = [table for file in files for table in read_tables(file)]
    problems = [problem for table in tables for problem in table.problems]
    evidence_tables = [table for table in tables if _is_evidence(table)]
    provider_tables = [table for table in tables if table.columns and not _is_evidence(table)]
    problems += [
        Problem(table.file, 0, "", "hold a header and rows", "nothing", "Fill it or leave it out.")
        for table in tables
        if provider_tables and not table.columns and not table.problems
    ]
    if not any(table.rows for table in provider_tables) and not problems:
        names = ", ".join(file.name for file in files) or "no file"
        problems.append(
            Problem(names, 0, "", f"hold providers (columns {', '.join(_PROVIDER_NEEDS)})", "none", "Name their file.")
        )
    seen: dict[str, str] = {}
    providers = list(_records(provider_tables, Provider, _PROVIDER_NEEDS, "provider_id", seen, problems))
    evidence = list(_records(_numbered(evidence_tables), Evidence, _EVIDENCE_NEEDS, "evidence_id", {}, problems))
    # Where rows of providers could not be read at all, their missing ids would only repeat the news.
    if not any(table.problems for table in provider_tables):
        for table, line, item in evidence:
            if item.provider_id not in seen:
                remedy = "Correct the id or add the provider."
                found = shown(item.provider_id)
                problems.append(Problem(table.file, line, "provider_id", "be a provider of the directory", found, remedy))
    if problems:
        raise DirectoryRefused(problems)
    return Directory(
        providers=tuple(sorted((record for _, _, record in providers), key=lambda p: p.provider_id)),
        evidence=tuple(sorted((record for _, _, record in evidence), key=lambda e: e.evidence_id)),
        ignored_columns=tuple(_ignored(provider_tables, Provider)) + tuple(_ignored(evidence_tables, Evidence)),
    )


def _is_evidence(table: Table) -> bool:
    return not _ONLY_EVIDENCE.isdisjoint(table.columns)


def _ignored(tables: Iterable[Table], record: type[BaseModel]) -> Iterable[str]:
    return (f"{t.file}: {column}" for t in tables for column in t.columns if column not in record.model_fields)


def _numbered(tables: Iterable[Table]) -> list[Table]:
    """Evidence tables; a row without an id gets one from its content, the same in whatever file and place it stands."""
    tables = list(tables)
    given: Counter[str] = Counter()
    for table in tables:
        for _, row in table.rows:
            if not row.get("evidence_id", "").strip():
                content = "\0".join(row.get(column, "").strip() for column in _MAKES_THE_ID)
                made = f"{row.get('provider_id', '').strip()}#{hashlib.sha256(content.encode()).hexdigest()[:12]}"
                given[made] += 1
                row["evidence_id"] = made if given[made] == 1 else f"{made}-{given[made]}"
    return tables


def _records(
    tables: Iterable[Table],
    record: type[RecordType],
    needs: Sequence[str],
    key: str,
    seen: dict[str, str],
    problems: list[Problem],
) -> Iterable[tuple[Table, int, RecordType]]:
    """Valid records with their place. What is wrong goes to `problems`; keys that occurred go to `seen`."""
    for table in tables:
        missing = [column for column in needs if column not in table.columns]
        for column in missing:
            found = f"the columns {_in_short(table.columns)}"
            problems.append(Problem(table.file, 1, column, "be a column of the table", found, f"Add the column {column}."))
        if missing:
            continue
        for line, row in table.rows:
            identifier = row.get(key, "").strip()
            if identifier in seen:
                found = f"{shown(identifier)} again (first in {seen[identifier]})"
                problems.append(Problem(table.file, line, key, "be unique", found, "Give each its own id."))
                continue
            if identifier:
                seen[identifier] = f"{table.file}, line {line}"
            found_record = _record(table, line, row, record, problems)
            if found_record is not None:
                yield table, line, found_record


def _in_short(columns: Sequence[str]) -> str:
    """What a file has for a header may be anything, and of any length."""
    names = [shown(name, 40).strip("'\"") for name in columns[:_MOST_COLUMNS_SHOWN]]
    return ", ".join([*names, "…"] if len(columns) > len(names) else names)


def _record(
    table: Table, line: int, row: Mapping[str, str], record: type[RecordType], problems: list[Problem]
) -> RecordType | None:
    values = {name: cell for name, cell in row.items() if name in record.model_fields and cell.strip()}
    try:
        return record.model_validate(values)
    except ValidationError as error:
        for one in error.errors():
            _, wanted, found, remedy = parts_of(one, "row")
            column = str(one["loc"][0]) if one["loc"] else ""
            problems.append(Problem(table.file, line, column, wanted, found, remedy))
        return None
