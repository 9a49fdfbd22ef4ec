"""Storage: SQLite or PostgreSQL through SQLAlchemy Core, units of work, locks that death releases."""
