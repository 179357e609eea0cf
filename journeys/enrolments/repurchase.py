"""Finds the order whose products will be bought again, and after how many days they usually are."""

from collections.abc import Sequence

from customers.orders import purchase_history
from journeys.enrolments.tables import Enrolment
from journeys.enrolments.waits import Repurchase
from journeys.flows.definition import Wait


def of(enrolment: Enrolment, wait: Wait) -> Repurchase | None:
    """What a wait for the repurchase days counts from, for that enrolment; None for other waits."""
    if not wait.repurchase:
        return None
    return of_customer(enrolment.customer_id, enrolment.order_number, enrolment.products)


def of_customer(
    customer_id: int, order_number: str | None = None, products: Sequence[str] = ()
) -> Repurchase | None:
    """That order of the customer; without a number the newest one, of these products where some are given. Its
    days are the fewest of its products; None where none of them has any, or there is no order."""
    if order_number is not None:
        order = purchase_history.order_of(customer_id, order_number)
    else:
        order = purchase_history.newest_order(customer_id, products)
    if order is None:
        return None
    days = purchase_history.repurchase_days(products or purchase_history.skus_of(order.id))
    return Repurchase(order.ordered_at, days) if days is not None else None
