"""Decides which of the shop's buyers an order belongs to, and which customer on LINE that buyer is."""

from __future__ import annotations

from peewee import CharField, ForeignKeyField

from bot import localtime
from bot.database import Model, UtcDateTimeField, insert_once, require_transaction
from customers.customer import Customer
from customers.order import Order


class Buyer(Model):
    """Somebody in the shop's own system. E-mail and telephone are kept only as keyed hashes."""

    # "number:…", else "email:…" or "phone:…": what the shop knows this buyer by.
    identity = CharField(150, unique=True)
    customer_number = CharField(64, null=True, unique=True)
    customer = ForeignKeyField(Customer, null=True, backref="buyers", on_delete="SET NULL")
    customer_id: int | None
    email_hash = CharField(64, null=True, index=True)
    phone_hash = CharField(64, null=True, index=True)
    first_seen_at = UtcDateTimeField()
    last_ordered_at = UtcDateTimeField(null=True)
    tied_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "buyer"


def identity_of(order: Order) -> str | None:
    """What the shop knows the order's buyer by; None when it only names a LINE user."""
    return _identity(order.customer_number, order.email_hash, order.phone_hash)


def _identity(customer_number: str | None, email_hash: str | None, phone_hash: str | None) -> str | None:
    if customer_number:
        return f"number:{customer_number}"
    if email_hash:
        return f"email:{email_hash}"
    return f"phone:{phone_hash}" if phone_hash else None


def find(order: Order) -> Buyer | None:
    """The known buyer of this order.

    A guest's e-mail address leads to a numbered buyer when exactly one has it. A telephone number does not:
    families share one.
    """
    return find_by(order.customer_number, order.email_hash, order.phone_hash)


def find_by(customer_number: str | None, email_hash: str | None, phone_hash: str | None) -> Buyer | None:
    """The known buyer whom the shop knows by these."""
    identity = _identity(customer_number, email_hash, phone_hash)
    if identity is None:
        return None
    buyer = Buyer.get_or_none(Buyer.identity == identity)
    if buyer is None and identity.startswith("email:"):
        same_address = list(Buyer.select().where(Buyer.email_hash == email_hash).limit(2))
        buyer = same_address[0] if len(same_address) == 1 else None
    return buyer


def meet(customer_number: str | None, email_hash: str | None, phone_hash: str | None) -> Buyer | None:
    """The buyer whom the shop knows by these, made when new: a link code may come before the first order."""
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


def of_order(order: Order) -> Buyer | None:
    """The buyer of this order, made when new, its row locked until the transaction ends.

    The lock keeps a tie made at the same moment from overlooking this order.
    """
    require_transaction()
    known = find(order)
    if known is None:
        known = meet(order.customer_number, order.email_hash, order.phone_hash)
        if known is None:
            return None
    # An UPDATE locks the row on both databases; the row is read again behind the lock.
    Buyer.update(
        last_ordered_at=order.ordered_at,
        email_hash=order.email_hash or known.email_hash,
        phone_hash=order.phone_hash or known.phone_hash,
    ).where(Buyer.id == known.id).execute()
    return Buyer.get_by_id(known.id)


def lock(buyer: Buyer) -> Buyer:
    """Locks the buyer's row until the transaction ends and reads it again."""
    require_transaction()
    Buyer.update(tied_at=Buyer.tied_at).where(Buyer.id == buyer.id).execute()
    return Buyer.get_by_id(buyer.id)


def of_customer(customer: Customer) -> list[Buyer]:
    return list(Buyer.select().where(Buyer.customer == customer.id).order_by(Buyer.id))


def by_customer_number(customer_number: str) -> Buyer | None:
    return Buyer.get_or_none(Buyer.customer_number == customer_number)
