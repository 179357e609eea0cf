"""Adds days to a stored moment in SQL, the same on SQLite and PostgreSQL."""

from bot.db.database import is_postgres


def days_after(column: str, days: int) -> str:
    """The moment so many days after that of the column, before it where the number is negative."""
    if is_postgres():
        return f"({column} + INTERVAL '{days} days')"
    # The fraction of a second stays as it is stored, so that moments compare as texts.
    return f"(strftime('%Y-%m-%d %H:%M:%S', {column}, '{days:+d} days') || substr({column}, 20))"
