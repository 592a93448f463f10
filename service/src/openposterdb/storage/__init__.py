"""Database tables, migrations and repositories."""
