"""The connection to SQLite or PostgreSQL: transactions, and waiting for a turn to write."""
