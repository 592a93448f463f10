"""Alembic's entry: migrates on the connection, and in the transaction, that `upgrade` hands over."""

from alembic import context

from openposterdb.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters tables by copying them
)
with context.begin_transaction():
    context.run_migrations()
