"""The index in a PostgreSQL database that several machines share: docs/shared-store.md."""
