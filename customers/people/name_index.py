"""Writes the names by which customers are found: folded (`bot/text/folding.py`), and split into letters and pairs.

SQLite's triggers (migration 0044) carry the words on into its full-text index; PostgreSQL indexes them as they are.
The search is in `customer_names.py`.
"""

from bot.db.database import execute
from bot.text import bigrams, folding


def joined(text: str) -> str:
    """The folded letters of a name without blanks and marks, so that 山田花子 finds 山田 花子."""
    return "".join(bigrams.sought(text))


def words_of(joined_name: str) -> str:
    """The words under which a name is stored: each letter, then each pair of neighbours, in order."""
    return " ".join([*joined_name, *bigrams.pairs(joined_name)])


def store(customer_id: int, name: str) -> None:
    """Store the name for the search, in place of an earlier one."""
    folded = joined(name)
    execute(_UPSERT, customer_id, folded, words_of(folded), folding.VERSION)


_UPSERT = (
    "INSERT INTO customer_name (customer_id, folded, words, folding) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (customer_id) DO UPDATE SET folded = excluded.folded, words = excluded.words, "
    "folding = excluded.folding"
)
