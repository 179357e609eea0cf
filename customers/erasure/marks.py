"""Recognises somebody who was erased and came back, so that an invitation is not paid for them as for a new customer.

Only keyed hashes are stored, beside no customer. They are compared, never read back.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta

from bot import localtime
from bot.config import settings
from bot.db.database import insert_once, require_transaction
from customers.erasure.tables import ErasedMark
from customers.orders.buyers import Buyer
from customers.people.customer import Customer

LASTS = timedelta(days=3 * 365)
"""How long a mark is stored."""


def store(line_user_id: str | None, buyers: Iterable[Buyer]) -> None:
    """Store the marks of somebody who is being erased."""
    require_transaction()
    for value in _values(line_user_id, buyers):
        insert_once(ErasedMark, mark=_mark(value), made_on=localtime.today())


def knows(customer_id: int) -> bool:
    """Whether this customer was erased before and has come back, by their LINE user id or a buyer's address."""
    customer = Customer.get_or_none(Customer.id == customer_id)
    if customer is None:
        return False
    buyers = Buyer.select().where(Buyer.customer == customer_id)
    marks = [_mark(value) for value in _values(customer.line_user_id, buyers)]
    return bool(marks and ErasedMark.select().where(ErasedMark.mark.in_(marks)).exists())


def forget_old() -> int:
    """Delete marks that have been stored long enough; how many."""
    return int(ErasedMark.delete().where(ErasedMark.made_on < localtime.today() - LASTS).execute())


def _values(line_user_id: str | None, buyers: Iterable[Buyer]) -> set[str]:
    values = {f"line:{line_user_id}"} if line_user_id else set()
    for each in buyers:
        found = (each.email_hash, each.mailbox_hash, each.phone_hash)
        values |= {f"address:{value}" for value in found if value}
    return values


def _mark(value: str) -> str:
    key = settings.current().hash_key.encode()
    return hmac.new(key, f"erased:{value}".encode(), hashlib.sha256).hexdigest()
