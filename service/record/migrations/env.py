"""Alembic's environment: the connection comes from `service.record.schema`, never from an ini file."""

from alembic import context

from service.record.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
