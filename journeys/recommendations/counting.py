"""Counts which products are bought together and next, and reads the counts.

A count walks over all people in chunks, each chunk in one statement that adds to the counts so far, so that memory
does not grow with the orders and an interrupted count goes on where it was. A person is a customer on LINE, or a
buyer of the shop who is not linked to one. The count before is used until the new one is finished.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from bot import localtime
from bot.db.database import advisory_lock, execute, require_transaction
from customers.orders.purchases import is_purchase_sql
from journeys.recommendations.choosing import Pair, Usual
from journeys.recommendations.tables import ProductBuyers, ProductCount, ProductPair

AT_ONCE = 500
"""People in one chunk."""
_CUSTOMERS = ("customer_id", "")
_BUYERS = ("buyer_id", "AND p.customer_id IS NULL ")
_BUYERS_OF_PRODUCTS = (
    "SELECT CAST(? AS INTEGER), product, COUNT(*), SUM(repeats), SUM(later), SUM(several) FROM ("
    "SELECT person, product, MAX(CASE WHEN place < last THEN 1 ELSE 0 END) AS repeats, "
    "MAX(CASE WHEN place > 1 THEN 1 ELSE 0 END) AS later, MAX(CASE WHEN size > 1 THEN 1 ELSE 0 END) AS several "
    "FROM items GROUP BY person, product) buyers WHERE true GROUP BY product ORDER BY product "
    "ON CONFLICT (run_id, product_id) DO UPDATE SET "
    "buyer_count = product_buyers.buyer_count + excluded.buyer_count, "
    "repeat_count = product_buyers.repeat_count + excluded.repeat_count, "
    "later_count = product_buyers.later_count + excluded.later_count, "
    "several_count = product_buyers.several_count + excluded.several_count"
)
# Of `each_item`: SQLite makes no index for a table with a window, and would read all for each.
_PAIRS = (
    "SELECT CAST(? AS INTEGER), product, other, SUM(together), SUM(later), COUNT(*) FROM ("
    "SELECT a.person, a.product, b.product AS other, "
    "MAX(CASE WHEN b.place = a.place THEN 1 ELSE 0 END) AS together, "
    "MAX(CASE WHEN b.place = a.place + 1 THEN 1 ELSE 0 END) AS later "
    "FROM each_item a JOIN each_item b ON b.person = a.person AND b.place IN (a.place, a.place + 1) "
    "GROUP BY a.person, a.product, b.product) pairs WHERE true GROUP BY product, other ORDER BY product, other "
    "ON CONFLICT (run_id, product_id, other_id) DO UPDATE SET "
    "together_count = product_pair.together_count + excluded.together_count, "
    "next_count = product_pair.next_count + excluded.next_count, "
    "buyer_count = product_pair.buyer_count + excluded.buyer_count"
)
_BUYERS_COLUMNS = "(run_id, product_id, buyer_count, repeat_count, later_count, several_count)"
_PAIR_COLUMNS = "(run_id, product_id, other_id, together_count, next_count, buyer_count)"
_PEOPLE = (
    "SELECT COUNT(DISTINCT person), COUNT(DISTINCT CASE WHEN place < last THEN person END), "
    "COUNT(DISTINCT CASE WHEN size > 1 THEN person END) FROM items"
)


def current() -> ProductCount | None:
    """The newest finished count."""
    finished = ProductCount.select().where(ProductCount.finished_at.is_null(False))
    found: ProductCount | None = finished.order_by(ProductCount.id.desc()).first()
    return found


def unfinished() -> ProductCount | None:
    """The count that goes on."""
    found: ProductCount | None = (
        ProductCount.select().where(ProductCount.finished_at.is_null()).order_by(ProductCount.id).first()
    )
    return found


def count_chunk(now: datetime, at_once: int = AT_ONCE) -> int | None:
    """Count the next people, in the count that goes on or in a new one: how many of them bought something. None when
    there are none left: the count is then finished, and those before it are deleted. Of two clocks, one waits."""
    require_transaction()
    advisory_lock("product-count")
    run = unfinished() or ProductCount.create(started_at=now)
    for column, position in ((_CUSTOMERS, "customer_position"), (_BUYERS, "buyer_position")):
        begins = int(getattr(run, position))
        ends = _last_of_chunk(column, begins, at_once)
        if ends is None:
            continue
        counted, repeats, several = _count(run.id, column, begins, ends)
        run.buyer_count += counted
        run.repeat_count += repeats
        run.several_count += several
        setattr(run, position, ends)
        run.save()
        return counted
    run.finished_at = localtime.now()
    run.save()
    ProductCount.delete().where(ProductCount.id < run.id).execute()
    return None


def pairs_of(product_ids: Collection[int]) -> list[Pair]:
    """The pairs that begin with these products."""
    run = current()
    if run is None or not product_ids:
        return []
    return _read(run, ProductPair.product.in_(list(product_ids)))


def followers_of(product_id: int, limit: int) -> list[Pair]:
    """What is bought with a product, the most frequent first, whatever the floors."""
    run = current()
    if run is None:
        return []
    found = _read(run, ProductPair.product == product_id)
    return sorted(found, key=lambda pair: (-pair.count, pair.other_id))[:limit]


def buyer_counts(product_ids: Collection[int]) -> dict[int, int]:
    """The buyers of each of these products."""
    run = current()
    if run is None or not product_ids:
        return {}
    rows: Any = ProductBuyers.select(ProductBuyers.product, ProductBuyers.buyer_count).where(
        ProductBuyers.run == run.id, ProductBuyers.product.in_(list(product_ids))
    )
    return dict(rows.tuples())


def _read(run: ProductCount, which: Any) -> list[Pair]:
    mine, others = ProductBuyers.alias(), ProductBuyers.alias()
    rows: Any = (
        ProductPair.select(
            *(ProductPair.product, ProductPair.other, ProductPair.together_count, ProductPair.next_count),
            *(
                mine.buyer_count,
                mine.repeat_count,
                mine.several_count,
                others.later_count,
                others.several_count,
            ),
        )
        .join(mine, on=(mine.run == run.id) & (mine.product == ProductPair.product))
        .switch(ProductPair)
        .join(others, on=(others.run == run.id) & (others.product == ProductPair.other))
        .where(ProductPair.run == run.id, which)
        .order_by(ProductPair.product, ProductPair.other)
    )
    return [
        Pair(
            *(product, other, together, following, buyers),
            usually_next=Usual(repeats, other_later, run.repeat_count),
            usually_together=Usual(several, other_several, run.several_count),
        )
        for product, other, together, following, buyers, repeats, several, other_later, other_several in rows.tuples()
    ]


def _last_of_chunk(column: tuple[str, str], after: int, at_once: int) -> int | None:
    """The id of the last of the next people who bought anything."""
    name, more = column
    chunk = (
        f"SELECT DISTINCT p.{name} AS person FROM purchase p "  # noqa: S608 -- one of two literals
        f"WHERE p.{name} > ? {more}ORDER BY p.{name} LIMIT ?"
    )
    found = execute(f"SELECT MAX(person) FROM ({chunk}) chunk", after, at_once).fetchone()  # noqa: S608 -- as above
    return None if found[0] is None else int(found[0])


def _count(run_id: int, column: tuple[str, str], after: int, until: int) -> tuple[int, int, int]:
    """Add these people to the counts: how many of them bought something, ordered again, and have an order of several
    products."""
    name, more = column
    # `last` is the place of the person's last order, `size` the number of products in the order.
    items = (
        "WITH orders AS (SELECT p.id, "  # noqa: S608 -- one of two literals
        f"p.{name} AS person, ROW_NUMBER() OVER (PARTITION BY p.{name} ORDER BY p.ordered_at, p.id) AS place, "
        f"COUNT(*) OVER (PARTITION BY p.{name}) AS last FROM purchase p "
        f"WHERE p.{name} > ? AND p.{name} <= ? {more}AND {is_purchase_sql('p')}), "
        "each_item AS (SELECT DISTINCT o.person, o.place, o.last, r.id AS product FROM orders o "
        "JOIN purchase_item i ON i.purchase_id = o.id JOIN product r ON r.sku = i.sku), "
        "items AS (SELECT person, place, last, product, COUNT(*) OVER (PARTITION BY person, place) AS size "
        "FROM each_item) "
    )
    execute(
        f"INSERT INTO product_buyers {_BUYERS_COLUMNS} {items}{_BUYERS_OF_PRODUCTS}",
        after,
        until,
        run_id,
    )
    execute(f"INSERT INTO product_pair {_PAIR_COLUMNS} {items}{_PAIRS}", after, until, run_id)
    people = f"{items}{_PEOPLE}"
    found = execute(people, after, until).fetchone()
    counted, repeats, several = (int(each) for each in found)
    return counted, repeats, several
