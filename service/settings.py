"""Settings, from the environment (`CROSSMATCH_…`) or a `.env` file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from matcher.shipped import shipped_directory_files


def _none_if_empty(value: Any) -> Any:
    """An empty variable means the default, where `Path("")` would mean the folder one is in."""
    return value or None


class Settings(BaseSettings):
    """Every setting has a default that works; `crossmatch` needs none of them."""

    model_config = SettingsConfigDict(env_prefix="CROSSMATCH_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Path(typer.get_app_dir("crossmatch"))
    """Folder of the index, the vector cache and, unless told otherwise, the match log."""

    directory: tuple[Path, ...] = ()
    """Files of the provider directory (JSON list); empty takes the shipped one."""

    encoder: str = "bundled-e5"
    """`bundled-e5`, or `sentence-transformers:MODEL`."""

    log_url: str = ""
    """SQLAlchemy address of the match log; empty takes `match-log.sqlite3` in `home`."""

    store_url: str = ""
    """SQLAlchemy address of a PostgreSQL database with pgvector that the index is shared in; empty keeps it in `home`."""

    store_read_url: str = ""
    """Address of a replica of that database which searches read from; empty reads from `store_url`."""

    model: Annotated[Path | None, BeforeValidator(_none_if_empty)] = None
    """File of the relevance model, as `crossmatch train` writes it; empty takes the shipped one."""

    recent_queries: Annotated[int, Field(ge=0)] = 5_000
    """Query vectors kept in memory (about 2 kB each); a need has one for itself and one a sentence."""

    largest_body: Annotated[int, Field(ge=1_000)] = 200_000
    """Bytes of a request body that the service reads."""

    largest_event: Annotated[int, Field(ge=1_000)] = 4_000_000
    """Bytes of a request body that is an event to plan, or a planned event to change."""

    retention_days: Annotated[int, Field(ge=0)] = 0
    """Days after which the words of a need are erased from the record by the service; 0 keeps them."""

    requests_per_minute: Annotated[int, Field(ge=1)] = 600
    """Requests a minute that the service answers for one key."""

    requests_at_once: Annotated[int, Field(ge=1)] = 64
    """Requests in progress at a time; further ones are told to come again."""

    hosts: tuple[str, ...] = ()
    """Names under which a proxy on this machine hands requests on to a service on the loopback address (JSON list)."""

    log_form: Literal["", "json", "plain"] = ""
    """Form of the service's log lines; empty takes `plain` in a terminal and `json` elsewhere."""

    reload_seconds: Annotated[float, Field(ge=0.1, le=3600)] = 5.0
    """How often the service looks whether the index was built anew."""

    @property
    def directory_files(self) -> list[Path]:
        """The files to index."""
        return list(self.directory) or shipped_directory_files()

    @property
    def index_folder(self) -> Path:
        """Where the index lies."""
        return self.home / "index"

    @property
    def vector_cache(self) -> Path:
        """Passage vectors by content, so that a rebuilt index encodes only what is new."""
        return self.home / "passage-vectors.sqlite3"

    @property
    def benchmark_vectors(self) -> Path:
        """Vectors of benchmarks by content, needs too: those are past and public, or lie beside it in files anyway."""
        return self.home / "benchmark-vectors.sqlite3"

    @property
    def own_model(self) -> Path:
        """Where `crossmatch train` writes, unless told otherwise."""
        return self.home / "relevance.json"

    @property
    def match_log_url(self) -> str:
        """Address of the match log."""
        return self.log_url or f"sqlite:///{self.home / 'match-log.sqlite3'}"
