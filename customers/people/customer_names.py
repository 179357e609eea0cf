"""Finds customers by a part of their name: width, letter case, hiragana or katakana, variant kanji and blanks do not
matter. Names are written by `name_index.py`.

Lists are by customer id. At a million customers a page costs some milliseconds: SQLite's full-text index gives its
matches in that order; PostgreSQL reads the next customers first, and the index for names that few have.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import peewee

from bot.db import erasure
from bot.db.database import Model, execute, is_postgres, write_transaction
from bot.text import bigrams, folding
from customers.people import customer as customers
from customers.people import name_index
from customers.people.customer import Customer

FOLDED_AT_ONCE = 500
READ_FIRST = 30_000
"""Customers that PostgreSQL reads without the index first: enough for a page of a name that one in a thousand has."""


class CustomerName(Model):
    """A customer's name as it is searched. Customers whose name is not known have no row."""

    customer = peewee.ForeignKeyField(Customer, primary_key=True, on_delete="CASCADE", backref="+")
    customer_id: int
    folded = peewee.TextField(default="")
    """Its letters as `name_index.joined` makes them."""
    words = peewee.TextField(default="")
    folding = peewee.SmallIntegerField(default=0)
    """The version of folding it was written with; 0 while it is not."""

    class Meta:
        table_name = "customer_name"


def words_of(query: str) -> list[str]:
    """The words of a query, each of which occurs in a name that is found; empty when it has no letters."""
    return bigrams.sought(query)


def find(words: Sequence[str], limit: int, after_id: int = 0) -> list[int]:
    """The ids of the next customers in whose name every word occurs, by id."""
    if not words:
        return []
    if not is_postgres():
        return _ids(_SQLITE.format(_holds("instr", words)), _match(words), *words, after_id, limit)
    holds = _holds("strpos", words)
    near = _ids(_NEXT.format(holds), after_id, READ_FIRST, *words, limit)
    if len(near) == limit:
        return near
    return _ids(_BY_INDEX.format(holds), _tokens(words), after_id, *words, limit)


def count(words: Sequence[str], most: int) -> int:
    """How many customers `find` finds, up to `most`."""
    if not words:
        return 0
    sql = _BY_INDEX if is_postgres() else _SQLITE
    first = _tokens(words) if is_postgres() else _match(words)
    holds = _holds("strpos" if is_postgres() else "instr", words)
    values = (first, 0, *words) if is_postgres() else (first, *words, 0)
    inner = sql.format(holds).replace("ORDER BY n.customer_id ", "").replace("ORDER BY w.rowid ", "")
    return int(execute(f"SELECT COUNT(*) FROM ({inner}) AS found", *values, most).fetchone()[0])  # noqa: S608


def is_named(words: Sequence[str]) -> Any:
    """The same as a condition of queries of `Customer`."""
    holds = " AND ".join(["{}(folded, ?) > 0".format("strpos" if is_postgres() else "instr")] * len(words))
    if is_postgres():
        inner = f"SELECT customer_id FROM customer_name WHERE string_to_array(words, ' ') @> ? AND {holds}"  # noqa: S608
        values = (_tokens(words), *words)
        return Customer.id.in_(peewee.SQL(f"({inner.replace('?', '%s')})", values))
    inner = (
        "SELECT n.customer_id FROM customer_name_word w JOIN customer_name n ON n.customer_id = w.rowid "  # noqa: S608
        f"WHERE customer_name_word MATCH ? AND {holds.replace('folded', 'n.folded')}"
    )
    return Customer.id.in_(peewee.SQL(f"({inner})", (_match(words), *words)))


def _ids(sql: str, *values: Any) -> list[int]:
    return [row[0] for row in execute(sql, *values).fetchall()]


def _holds(function: str, words: Sequence[str]) -> str:
    return " AND ".join([f"{function}(n.folded, ?) > 0"] * len(words))


def _match(words: Sequence[str]) -> str:
    """A query of FTS5: each word as the phrase of its pairs, or as its one letter. Letters alone: nothing to escape."""
    return " AND ".join(f'"{" ".join(bigrams.pairs(word) or [word])}"' for word in words)


def _tokens(words: Sequence[str]) -> list[str]:
    return sorted({token for word in words for token in bigrams.pairs(word) or [word]})


_SQLITE = (
    "SELECT w.rowid FROM customer_name_word w JOIN customer_name n ON n.customer_id = w.rowid "
    "WHERE customer_name_word MATCH ? AND {} AND w.rowid > ? ORDER BY w.rowid LIMIT ?"
)
_NEXT = (
    "SELECT n.customer_id FROM (SELECT customer_id, folded FROM customer_name WHERE customer_id > ? "
    "ORDER BY customer_id LIMIT ?) AS n WHERE {} ORDER BY n.customer_id LIMIT ?"
)
# Materialized, or PostgreSQL walks all customers by id where it takes the name for a frequent one.
_BY_INDEX = (
    "WITH n AS MATERIALIZED (SELECT customer_id, folded FROM customer_name "
    "WHERE string_to_array(words, ' ') @> ? AND customer_id > ?) "
    "SELECT n.customer_id FROM n WHERE {} ORDER BY n.customer_id LIMIT ?"
)
# Literals, not bound values, so that the partial index is used.
_STALE = (
    f"SELECT customer_id FROM customer_name WHERE folding < {folding.VERSION} ORDER BY customer_id LIMIT ?"  # noqa: S608
)


def has_stale() -> bool:
    """Whether some names are not in the search yet, or as an older version folded them."""
    return bool(_ids(_STALE, 1))


def fold_stale() -> Iterator[int]:
    """Fold the names that are not in the search yet, in chunks; yields how many each chunk held.

    Opens its own transactions, so it is called outside any. Safe to repeat and to interrupt.
    """
    while True:
        with write_transaction():
            # Locked as any event of theirs locks them, so that a name that changes meanwhile is not overwritten.
            ids = _ids(_STALE, FOLDED_AT_ONCE)
            customers.lock(*ids)
            names: Any = Customer.select(Customer.id, Customer.display_name).where(Customer.id.in_(ids))
            for customer_id, name in names.order_by(Customer.id).tuples():
                name_index.store(customer_id, name)
        if not ids:
            return
        yield len(ids)


erasure.deleted(CustomerName)
