"""The database: tables, migrations and one repository per subject. SQLite and PostgreSQL run the same code."""
