"""All to-dos of the page 「きょう」. A new one is a function of one of the modules beside it, and its line here."""

from collections.abc import Callable, Iterable

from console.today import to_dos_of_customers as customers
from console.today import to_dos_of_orders as orders
from console.today import to_dos_of_sending as sending
from console.today.morning import Morning
from console.today.ranking import ToDo

Finder = Callable[[Morning], ToDo | Iterable[ToDo] | None]
"""Finds one to-do, several of a kind, or none, as of now."""

TO_DOS: tuple[Finder, ...] = (
    customers.danger,
    customers.late_promises,
    customers.promises_today,
    customers.contact,
    customers.testimonials,
    customers.referrals,
    customers.second_purchase,
    customers.expiring,
    sending.effects,
    sending.waiting_campaigns,
    sending.pushes_left,
    orders.parked_orders,
    orders.failed_jobs,
    orders.products,
)


def found(morning: Morning) -> list[ToDo]:
    """Everything there is to do now, in no order."""
    result: list[ToDo] = []
    for find in TO_DOS:
        each = find(morning)
        if isinstance(each, ToDo):
            result.append(each)
        elif each is not None:
            result.extend(each)
    return result
