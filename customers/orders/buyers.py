"""Finds or creates the buyer of an order, and the customer on LINE whom that buyer is linked to.

A buyer is identified by a customer number, else by an e-mail address, else by a telephone number, else by the
single order. Some systems give all guests the same number: an order whose addresses have nothing in common
with those of its number is assigned by its address, and the owner is asked.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from peewee import CharField, ForeignKeyField

from bot import localtime
from bot.config import shop
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from bot.db.value_lists import is_one_of
from customers.orders import parked
from customers.orders.order import Order
from customers.orders.parked import Question, Reason
from customers.orders.settings import OrderRules
from customers.people.customer import Customer, find_by_line_user
from customers.values import identities

GUESTS, ONE_BUYER = "guests", "one_buyer"
"""The owner's possible answers about a customer number."""


class Buyer(Model):
    """A customer of the shop's own system. E-mail addresses and telephone numbers are stored only as keyed
    hashes."""

    # "number:…", else "email:…" or "phone:…", else "order:…": see the module's docstring.
    identity = CharField(150, unique=True)
    customer_number = CharField(64, null=True, unique=True)
    customer = ForeignKeyField(Customer, null=True, backref="buyers", on_delete="SET NULL")
    customer_id: int | None
    email_hash = CharField(64, null=True, index=True)
    mailbox_hash = CharField(64, null=True, index=True)
    phone_hash = CharField(64, null=True, index=True)
    first_seen_at = UtcDateTimeField()
    last_ordered_at = UtcDateTimeField(null=True)
    linked_at = UtcDateTimeField(column_name="tied_at", null=True)

    class Meta:
        table_name = "buyer"


def guest_numbers() -> frozenset[str]:
    """The shop's own numbers for guests, from shop.toml and from the owner's answers, as
    `identities.number_key`."""
    said = parked.meanings(Reason.NUMBER)
    own = {identities.number_key(each) for each in shop.get(OrderRules).guest_numbers}
    return frozenset(own | {key for key, meaning in said.items() if meaning == GUESTS})


def is_guests(buyer: Buyer) -> bool:
    """Whether the number is one for guests, so that the row stands for several people (rows of older versions
    do)."""
    number = buyer.customer_number
    return bool(number) and identities.is_guest_number(str(number), guest_numbers())


def identity_of(order: Order) -> str | None:
    """The identity of the order's buyer; None when the order only names a LINE user."""
    return _identity(order.customer_number, order.email_hash, order.phone_hash) or _by_itself(order)


def _identity(customer_number: str | None, email_hash: str | None, phone_hash: str | None) -> str | None:
    if customer_number:
        return f"number:{customer_number}"
    if email_hash:
        return f"email:{email_hash}"
    return f"phone:{phone_hash}" if phone_hash else None


def _by_itself(order: Order) -> str | None:
    return None if order.line_user_id else f"order:{order.order_number}"


def find(order: Order) -> Buyer | None:
    """The known buyer of this order.

    A guest's e-mail address leads to a numbered buyer when exactly one has it. A telephone number does not:
    families share one.
    """
    return _find(order).buyer


class _Found(NamedTuple):
    """The known buyer; the number for a new one; whether the order's own number is in doubt."""

    buyer: Buyer | None
    number: str | None
    in_doubt: bool = False


def _find(order: Order) -> _Found:
    number = order.customer_number
    # An older version may have stored the order with a number for guests.
    if number and not identities.is_guest_number(number):
        numbered = by_customer_number(number)
        if numbered is None or not _is_in_doubt(numbered, order):
            return _Found(numbered, number)
    else:
        number = None
    by_address = find_by(None, order.email_hash, order.phone_hash)
    if by_address is None and (itself := _by_itself(order)):
        by_address = Buyer.get_or_none(Buyer.identity == itself)
    return _Found(by_address, None, number is not None)


def _is_in_doubt(numbered: Buyer, order: Order) -> bool:
    """Whether the buyer with that number has other addresses, and the owner has not said that it is one
    person."""
    pairs = [
        (first, second)
        for first, second in (
            (numbered.email_hash, order.email_hash),
            (numbered.phone_hash, order.phone_hash),
            (numbered.mailbox_hash or numbered.email_hash, order.mailbox_hash or order.email_hash),
        )
        if first and second
    ]
    if not pairs or any(first == second for first, second in pairs):
        return False
    said = parked.meanings(Reason.NUMBER).get(identities.number_key(str(order.customer_number)))
    return said != ONE_BUYER


def customer_id_of(order: Order) -> int | None:
    """The id of the customer the order would be credited to now; None when there is none. Reads without
    locking."""
    if order.line_user_id:
        customer = find_by_line_user(order.line_user_id)
        return None if customer is None else int(customer.id)
    buyer = find(order)
    return buyer.customer_id if buyer is not None else None


def find_by(customer_number: str | None, email_hash: str | None, phone_hash: str | None) -> Buyer | None:
    """The known buyer with this number, else with this e-mail address, else with this telephone number."""
    identity = _identity(customer_number, email_hash, phone_hash)
    if identity is None:
        return None
    buyer = Buyer.get_or_none(Buyer.identity == identity)
    if buyer is None and identity.startswith("email:"):
        same_address = list(Buyer.select().where(Buyer.email_hash == email_hash).limit(2))
        buyer = same_address[0] if len(same_address) == 1 else None
    return buyer


def get_or_create(
    customer_number: str | None, email_hash: str | None, phone_hash: str | None
) -> Buyer | None:
    """The same, created when new: a link code may be requested before the first order."""
    require_transaction()
    known = find_by(customer_number, email_hash, phone_hash)
    identity = _identity(customer_number, email_hash, phone_hash)
    if known is not None or identity is None:
        return known
    insert_once(
        Buyer,
        identity=identity,
        customer_number=customer_number,
        email_hash=email_hash,
        phone_hash=phone_hash,
        first_seen_at=localtime.now(),
    )
    made: Buyer = Buyer.get(Buyer.identity == identity)
    return made


def get_or_create_locked(order: Order) -> Buyer | None:
    """The buyer of this order, created when new, with its row locked until the transaction ends.

    The lock makes sure that a link made at the same moment includes this order.
    """
    known = get_or_create_for_order(order)
    if known is None:
        return None
    # An UPDATE locks the row on both databases; the row is read again under the lock.
    Buyer.update(
        last_ordered_at=order.ordered_at,
        email_hash=order.email_hash or known.email_hash,
        mailbox_hash=order.mailbox_hash if order.email_hash else known.mailbox_hash,
        phone_hash=order.phone_hash or known.phone_hash,
    ).where(Buyer.id == known.id).execute()
    return Buyer.get_by_id(known.id)


def get_or_create_for_order(order: Order) -> Buyer | None:
    """The buyer of this order, created when new: a link code may be requested before the worker has recorded
    it."""
    require_transaction()
    if identity_of(order) is None:
        return None
    found = _find(order)
    buyer = found.buyer or _create(order, found.number)
    if found.buyer is None and found.number and buyer is not None and _is_in_doubt(buyer, order):
        # Another transaction has just created that number's buyer, with another address.
        found = _find(order)
        buyer = found.buyer or _create(order, None)
    if found.in_doubt:
        _ask_about_number(order)
    return buyer


def _create(order: Order, customer_number: str | None) -> Buyer | None:
    met = get_or_create(customer_number, order.email_hash, order.phone_hash)
    itself = _by_itself(order)
    if met is not None or itself is None:
        return met
    insert_once(Buyer, identity=itself, first_seen_at=localtime.now())
    return Buyer.get(Buyer.identity == itself)


def _ask_about_number(order: Order) -> None:
    number = str(order.customer_number)
    question = Question(Reason.NUMBER, word=number, word_key=identities.number_key(number))
    parked.park(order.order_number, order.source, question, order)


def lock(buyer: Buyer) -> Buyer:
    """Locks the buyer's row until the transaction ends and reads it again."""
    require_transaction()
    Buyer.update(linked_at=Buyer.linked_at).where(Buyer.id == buyer.id).execute()
    return Buyer.get_by_id(buyer.id)


def of_customer(customer: Customer) -> list[Buyer]:
    """The buyers linked to the customer, oldest first."""
    return list(Buyer.select().where(Buyer.customer == customer.id).order_by(Buyer.id))


def numbers_of(customer_ids: Collection[int]) -> dict[int, list[str]]:
    """The customer numbers of the buyers each customer is linked to; without those who have none."""
    rows: Any = Buyer.select(Buyer.customer, Buyer.customer_number).where(
        is_one_of(Buyer.customer, customer_ids), Buyer.customer_number.is_null(False)
    )
    found: dict[int, list[str]] = {}
    for customer_id, number in rows.order_by(Buyer.id).tuples():
        found.setdefault(customer_id, []).append(number)
    return found


def by_customer_number(customer_number: str) -> Buyer | None:
    """The buyer with this customer number."""
    return Buyer.get_or_none(Buyer.customer_number == customer_number)


erasure.deleted(Buyer, lambda who: Buyer.id.in_(who.buyer_ids))
