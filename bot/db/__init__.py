"""The connection to SQLite or PostgreSQL: transactions, waiting for the write lock, sharing commits. Tables
are declared where they are used."""
