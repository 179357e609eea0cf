"""Erases one customer: all that says who they were goes, sums stay. The tables' own part is declared beside them
(`bot/db/erasure.py`); refused while staff have an open chat with them, which the caller says."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot import localtime
from bot.conversations import Conversation
from bot.db import erasure
from bot.db.database import database, execute, is_postgres, require_transaction, write_transaction
from bot.db.erasure import Person
from bot.queue.inbox import PENDING, InboxEvent
from customers.erasure import marks
from customers.erasure.tables import Erasure
from customers.imports.tables import DataImport, ImportKind, ImportState
from customers.orders.buyers import Buyer
from customers.orders.tables import Purchase
from customers.people import customer as customers
from customers.people.customer import Customer


class CannotErase(Exception):
    """The customer cannot be erased now; `reason` is one of the constants below."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


UNKNOWN, ERASED_ALREADY, BUSY, IMPORTING = "unknown", "erased-already", "busy", "importing"
"""There is no such customer; they were erased before; an event of theirs is being handled or waits to be; a file of
orders is being imported, which may name them."""
IMPORTS = str(DataImport._meta.table_name)


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: rows by table."""

    tables: dict[str, int]

    @property
    def count(self) -> int:
        """All rows together."""
        return sum(self.tables.values())

    @property
    def file_count(self) -> int:
        """Files of orders that waited to be imported, and were discarded."""
        return self.tables.get(IMPORTS, 0)


def person_of(customer: Customer) -> Person:
    """All by which the tables know this customer."""
    mine = list(Buyer.select().where(Buyer.customer == customer.id))
    orders = Purchase.select(Purchase.order_number).where(Purchase.customer == customer.id)
    keys = [f"buyer:{each.identity}" for each in mine]
    own = [customer.conversation_id] if customer.conversation_id else []
    if customer.line_user_id:
        keys.append(customer.line_user_id)
    chats = Conversation.select(Conversation.id).where(Conversation.key.in_(keys)) if keys else ()
    return Person(
        customer_id=customer.id,
        line_user_id=customer.line_user_id,
        conversation_ids=tuple(sorted({*own, *(each.id for each in chats)})),
        buyer_ids=tuple(each.id for each in mine),
        customer_numbers=tuple(each.customer_number for each in mine if each.customer_number),
        order_numbers=tuple(each.order_number for each in orders),
        display_name=str(customer.display_name),
    )


def erase(customer_id: int, by: int | None) -> Erased:
    """Erase the customer in the open transaction. `by` is the owner who does it, None for a command.

    Raises CannotErase. Orders, points and answers stay as numbers of a customer who is nobody, so that the sums of
    every month are as before.
    """
    require_transaction()
    customer = Customer.get_or_none(Customer.id == customer_id)
    if customer is None:
        raise CannotErase(UNKNOWN)
    _lock_conversations(person_of(customer).conversation_ids)
    customers.lock(customer_id)
    customer = Customer.get_by_id(customer_id)
    if customer.erased_at is not None:
        raise CannotErase(ERASED_ALREADY)
    person = person_of(customer)
    waiting = InboxEvent.conversation.in_(person.conversation_ids) & (InboxEvent.state == PENDING)
    if InboxEvent.select().where(waiting).exists():
        raise CannotErase(BUSY)
    runs = (DataImport.state == ImportState.WAITING) & (DataImport.kind == ImportKind.ORDERS)
    if DataImport.select().where(runs).exists():
        raise CannotErase(IMPORTING)
    marks.store(customer.line_user_id, Buyer.select().where(Buyer.customer == customer_id))
    counts = erasure.carry_out(person)
    Erasure.create(erased_at=localtime.now(), staff_id=by, tables=json.dumps(counts))
    return Erased(counts)


def _lock_conversations(ids: tuple[int, ...]) -> None:
    """Wait until the worker has finished what it is doing with them, and keep it from beginning anew."""
    if ids and is_postgres():
        execute("SELECT id FROM conversation WHERE id IN ? ORDER BY id FOR NO KEY UPDATE", ids)


def erased_ids() -> list[int]:
    """The customers who were erased, for `erase_again`; nobody in a database without tables."""
    if Customer._meta.table_name not in database.get_tables():
        return []
    query: Any = Customer.select(Customer.id).where(Customer.erased_at.is_null(is_null=False))
    return [customer_id for (customer_id,) in query.tuples()]


def erase_again(customer_ids: Iterable[int]) -> tuple[int, list[int]]:
    """After an older backup was put back: erase those of them whom it brought back, each in a transaction. How many,
    and those who must be erased by hand, because an event of theirs waits to be handled."""
    count, left = 0, []
    for customer_id in customer_ids:
        try:
            with write_transaction():
                erase(customer_id, None)
            count += 1
        except CannotErase as refused:
            if refused.reason not in (UNKNOWN, ERASED_ALREADY):
                left.append(customer_id)
    return count, left


def recorded(limit: int = 50) -> list[Erasure]:
    """The latest erasures."""
    return list(Erasure.select().order_by(Erasure.id.desc()).limit(limit))
