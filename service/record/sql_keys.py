"""API keys in the record's database; making and revoking one is on record like anything else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from embeddings.errors import TextRefused, check_encodable, shown
from matcher.errors import NotFound
from service.access.keys import Key
from service.record.chain import ChainEnd, row_document
from service.record.moments import in_utc, plain
from service.record.sql_log import SqlMatchLog
from service.record.tables import keys, revocations


class SqlKeyStore:
    """What `service.access.keys.KeyStore` promises."""

    def __init__(self, log: SqlMatchLog) -> None:
        self._log = log

    def add(self, key: Key, digest: str) -> None:
        """Keep a key's hash and what it permits."""
        row = {
            "key_id": key.key_id,
            "digest": digest,
            "holder": key.holder,
            "role": key.role,
            "region": key.region,
            "created_at": plain(key.created_at),
            "created_by": key.created_by,
            "expires_at": plain(key.expires_at),
        }

        def write(chain: ChainEnd) -> None:
            chain.connection.execute(insert(keys), row)
            chain.append("key made", row_document(keys, row), by=key.created_by)

        self._log.writer.write(write)

    def find(self, key_id: str) -> tuple[Key, str] | None:
        """The key of that id with the hash it must have."""
        with self._log.database.reading() as connection:
            row = connection.execute(_keys().where(keys.c.key_id == key_id)).one_or_none()
        return None if row is None else (_key(row), row.digest)

    def keys(self) -> list[Key]:
        """All that were ever made, oldest first."""
        with self._log.database.reading() as connection:
            return [_key(row) for row in connection.execute(_keys().order_by(keys.c.created_at, keys.c.key_id))]

    def revoke(self, key_id: str, by: str) -> Key:
        """From now on the key opens nothing; a second time changes nothing.

        Raises:
            NotFound: there is no such key.
        """

        def write(chain: ChainEnd) -> None:
            if _existing(chain.connection, key_id).revoked_at is None:
                row = {"key_id": key_id, "revoked_at": plain(datetime.now(UTC)), "revoked_by": by}
                chain.connection.execute(insert(revocations), row)
                chain.append("key revoked", row_document(revocations, row), by=by)

        self._log.writer.write(write)
        with self._log.database.reading() as connection:
            return _key(_existing(connection, key_id))


def _keys() -> Select[Any]:
    return select(keys, revocations.c.revoked_at).outerjoin(revocations)


def _existing(connection: Connection, key_id: str) -> Row[Any]:
    row = None
    try:
        check_encodable([key_id])
        row = connection.execute(_keys().where(keys.c.key_id == key_id)).one_or_none()
    except TextRefused:
        pass  # what no database can hold names no key
    if row is None:
        raise NotFound("key", "be one of the record", shown(key_id), "crossmatch keys list shows them.")
    return row


def _key(row: Row[Any]) -> Key:
    return Key(
        key_id=row.key_id,
        holder=row.holder,
        role=row.role,
        region=row.region,
        created_at=in_utc(row.created_at),
        created_by=row.created_by,
        expires_at=in_utc(row.expires_at),
        revoked_at=None if row.revoked_at is None else in_utc(row.revoked_at),
    )
