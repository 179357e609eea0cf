"""Recording orders as purchases: once each, for the right buyer, waiting for a link, reversed."""

from datetime import UTC, date, datetime

import pytest
from peewee import SQL

from bot.db.database import write_transaction
from customers.orders import buyers, purchases
from customers.orders.order import Item, Order
from customers.orders.purchases import AlreadyLinked, Product, Purchase, PurchaseItem
from customers.people.customer import Customer, follow, get_or_create_by_line_user

pytestmark = pytest.mark.usefixtures("any_database")

HANAKO, TARO = "U" + "1" * 32, "U" + "2" * 32


def order(number: str, total_yen: int = 5400, on: date = date(2026, 1, 5), **who: str) -> Order:
    return Order(
        source="api",
        order_number=number,
        ordered_at=datetime(on.year, on.month, on.day, 4, tzinfo=UTC),
        ordered_on=on,
        total_yen=total_yen,
        items=(Item(sku="TEA", name="ほうじ茶", quantity=2, unit_yen=1200), Item(name="送料")),
        **who,  # type: ignore[arg-type]
    )


def record(received: Order) -> purchases.RecordedPurchase:
    with write_transaction():
        return purchases.record(received)


def test_an_order_is_recorded_once() -> None:
    first = record(order("A-1", line_user_id=HANAKO))
    again = record(order("A-1", line_user_id=HANAKO))
    assert (first.new, again.new) == (True, False)
    assert (first.credited, again.credited) == ((first.purchase,), ())
    assert first.purchase.id == again.purchase.id
    assert (Purchase.select().count(), PurchaseItem.select().count(), Product.select().count()) == (1, 2, 1)


def test_the_customer_s_columns_follow_the_purchases() -> None:
    record(order("A-1", 5000, date(2026, 1, 5), line_user_id=HANAKO))
    record(order("A-2", 3000, date(2026, 3, 1), line_user_id=HANAKO))
    hanako = Customer.get()
    assert (hanako.purchase_count, hanako.sales_yen) == (2, 8000)
    assert (hanako.first_purchased_on, hanako.last_purchased_on) == (date(2026, 1, 5), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("orders", "refunded", "columns"),
    [
        ([(0, 5)], 0, (0, 0, None, None)),
        ([(0, 1), (3000, 5)], 0, (1, 3000, 5, 5)),
        ([(3000, 5), (0, 9)], 0, (1, 3000, 5, 5)),
        ([(3000, 5), (2000, 9)], 3000, (1, 2000, 9, 9)),
        ([(3000, 5), (2000, 9)], 1000, (2, 4000, 5, 9)),
    ],
)
def test_a_free_order_is_no_purchase(
    orders: list[tuple[int, int]], refunded: int, columns: tuple[int, int, int | None, int | None]
) -> None:
    """Orders as yen and day of January, the yen refunded of the first, and the columns then."""
    for number, (yen, day) in enumerate(orders):
        record(order(str(number), yen, date(2026, 1, day), line_user_id=HANAKO))
    if refunded:
        with write_transaction():
            purchases.refund(Purchase.get(Purchase.order_number == "0"), "r", refunded)
    hanako = Customer.get()
    days = [each and each.day for each in (hanako.first_purchased_on, hanako.last_purchased_on)]
    assert (hanako.purchase_count, hanako.sales_yen, *days) == columns
    kept = Purchase.select().where(purchases.is_purchase()).count()
    in_words = Purchase.select().from_(Purchase).where(SQL(purchases.is_purchase_sql("t1"))).count()
    assert kept == in_words == hanako.purchase_count


def test_orders_before_the_tie_wait_and_are_credited_once() -> None:
    waiting = [record(order(f"A-{n}", on=date(2026, 1, n), customer_number="C-9")) for n in (2, 1)]
    assert [each.customer for each in waiting] == [None, None]
    with write_transaction():
        hanako = follow(HANAKO)
        buyer = buyers.by_customer_number("C-9")
        assert buyer is not None
        credited = purchases.link_buyer(buyer, hanako)
        again = purchases.link_buyer(buyer, hanako)
    assert [each.order_number for each in credited] == ["A-1", "A-2"]
    assert again == []
    assert Customer.get().purchase_count == 2
    assert record(order("A-3", customer_number="C-9")).customer == hanako


def test_an_order_that_names_both_ties_buyer_and_customer() -> None:
    record(order("A-1", customer_number="C-9"))
    both = record(order("A-2", customer_number="C-9", line_user_id=HANAKO))
    assert [each.order_number for each in both.credited] == ["A-1", "A-2"]
    assert Customer.get().purchase_count == 2


def test_an_order_received_again_with_its_line_user_is_credited_then() -> None:
    assert record(order("A-1", customer_number="C-9")).credited == ()
    record(order("A-2", customer_number="C-9"))
    late = record(order("A-1", customer_number="C-9", line_user_id=HANAKO))
    assert not late.new
    assert [each.order_number for each in late.credited] == ["A-1", "A-2"]
    assert record(order("A-1", line_user_id=TARO)).credited == ()
    assert Customer.get(Customer.line_user_id == HANAKO).purchase_count == 2


def test_a_tied_buyer_is_not_taken_over() -> None:
    record(order("A-1", customer_number="C-9", line_user_id=HANAKO))
    other = record(order("A-2", customer_number="C-9", line_user_id=TARO))
    assert [each.order_number for each in other.credited] == ["A-2"]
    assert other.customer is not None and other.customer.line_user_id == TARO
    buyer = buyers.by_customer_number("C-9")
    assert buyer is not None and buyer.customer == get_or_create_by_line_user(HANAKO)
    with write_transaction(), pytest.raises(AlreadyLinked):
        purchases.link_buyer(buyer, get_or_create_by_line_user(TARO))


def test_after_untying_nothing_is_credited_twice() -> None:
    record(order("A-1", customer_number="C-9", line_user_id=HANAKO))
    with write_transaction():
        buyer = buyers.by_customer_number("C-9")
        assert buyer is not None
        purchases.unlink_buyer(buyer)
    assert record(order("A-2", customer_number="C-9")).customer is None
    with write_transaction():
        credited = purchases.link_buyer(buyer, get_or_create_by_line_user(HANAKO))
    assert [each.order_number for each in credited] == ["A-2"]


def test_a_guest_is_known_again_by_the_address() -> None:
    record(order("A-1", customer_number="C-9", email_hash="e" * 64, line_user_id=HANAKO))
    guest = record(order("A-2", email_hash="e" * 64))
    assert guest.customer is not None and guest.customer.line_user_id == HANAKO


def test_an_address_of_two_buyers_leads_to_neither() -> None:
    for number in ("C-1", "C-2"):
        record(order(f"A-{number}", customer_number=number, email_hash="e" * 64))
    guest = record(order("A-3", email_hash="e" * 64))
    assert guest.purchase.buyer is not None
    assert guest.purchase.buyer.identity == "email:" + "e" * 64


def test_a_telephone_leads_only_to_the_same_guest() -> None:
    record(order("A-1", customer_number="C-9", phone_hash="f" * 64, line_user_id=HANAKO))
    first, second = (record(order(f"A-{n}", phone_hash="f" * 64)) for n in (2, 3))
    assert first.customer is None
    assert first.purchase.buyer == second.purchase.buyer


def test_a_cancelled_order_counts_no_more() -> None:
    purchase = record(order("A-1", line_user_id=HANAKO)).purchase
    with write_transaction():
        assert purchases.cancel(purchase)
        assert not purchases.cancel(purchase)
    hanako = Customer.get()
    assert (hanako.purchase_count, hanako.sales_yen, hanako.last_purchased_on) == (0, 0, None)


def test_a_refund_counts_once_for_its_cause() -> None:
    purchase = record(order("A-1", 5000, line_user_id=HANAKO)).purchase
    with write_transaction():
        assert purchases.refund(purchase, "refund:1", 2000)
        assert not purchases.refund(purchase, "refund:1", 2000)
    assert (Customer.get().purchase_count, Customer.get().sales_yen) == (1, 3000)
    with write_transaction():
        assert purchases.refund(purchase, "refund:2", 3000)
    assert (Customer.get().purchase_count, purchase.state) == (0, purchases.REFUNDED)
