"""Finds the customers whose points are to be released, to expire or to be warned of, and does it for one
customer at a time.

Each query uses an index of those who are due, so its cost does not grow with the number of customers.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from bot import localtime
from bot.config import shop
from bot.conversations import Conversation
from bot.db.database import require_transaction
from customers.people import customer as customers
from customers.people.customer import Customer
from rewards.ledger import expiry, ledger, lots
from rewards.ledger.entries import LedgerEntry, PendingPoints, PointsAccount
from rewards.ledger.settings import PointRules


@dataclass(frozen=True, slots=True)
class Outlook:
    """A customer's pending and expiring points."""

    pending: int = 0
    pending_from: date | None = None
    """The first day on which some of the pending points can be spent."""
    expires_on: date | None = None
    """The next day at whose end points expire."""
    expiring: int = 0
    """How many points expire then."""


@dataclass(frozen=True, slots=True)
class ExpiryWarning:
    """A warning that a customer's points expire soon, and the conversation in whose queue it is handled."""

    customer_id: int
    expires_on: date
    days: int
    """Which of the shop's warnings it is, by its number of days before."""
    conversation_key: str
    line_user_id: str

    @property
    def event_id(self) -> str:
        """The event's id in the inbox: one for each warning of each day of expiry."""
        return f"points-expiring:{self.customer_id}:{self.expires_on}:{self.days}"


def outlook(customer_id: int) -> Outlook:
    """What is pending and until when, and what expires next."""
    held = LedgerEntry.select(fn.COALESCE(fn.SUM(LedgerEntry.held), 0))
    pending = int(held.where(LedgerEntry.customer == customer_id).scalar())
    first = PendingPoints.select(fn.MIN(PendingPoints.due_on)).where(PendingPoints.customer == customer_id)
    there, idle = lots.open_lots(customer_id), lots.idle_until(lots.account_of(customer_id))
    day = expiry.next_day(there, idle)
    expiring = expiry.expiring_by(there, idle, day) if day else 0
    return Outlook(pending, first.scalar() if pending else None, day, expiring)


def expiring_within(customer_id: int, days: int) -> Outlook:
    """The next day of expiry, and all points that expire within so many days: one message covers them."""
    there, idle = lots.open_lots(customer_id), lots.idle_until(lots.account_of(customer_id))
    day, last = expiry.next_day(there, idle), localtime.today() + timedelta(days=days)
    return Outlook(expires_on=day, expiring=expiry.expiring_by(there, idle, last))


def to_release(after: int, limit: int) -> list[int]:
    """Customers with pending points whose day has come, by id, above `after`."""
    due = (PendingPoints.due_on <= localtime.today()) & (PendingPoints.customer > after)
    query = PendingPoints.select(PendingPoints.customer).where(due).distinct()
    return [row.customer_id for row in query.order_by(PendingPoints.customer).limit(limit)]


def release(customer_id: int) -> int:
    """Releases the customer's pending points whose day has come; returns how many entries that made."""
    require_transaction()
    customers.lock(customer_id)
    mine = (PendingPoints.customer == customer_id) & (PendingPoints.due_on <= localtime.today())
    rows = list(PendingPoints.select().where(mine).order_by(PendingPoints.due_on, PendingPoints.id))
    return sum(ledger.release(row) is not None for row in rows)


def to_expire(after: int, limit: int) -> list[int]:
    """Customers with points past their last day, by id, above `after`."""
    over = (PointsAccount.expires_on < localtime.today()) & (PointsAccount.customer > after)
    query = PointsAccount.select(PointsAccount.customer).where(over)
    return [row.customer_id for row in query.order_by(PointsAccount.customer).limit(limit)]


def expire(customer_id: int) -> int:
    """Lets the customer's points past their last day expire; returns how many points those were."""
    require_transaction()
    customers.lock(customer_id)
    return -sum(entry.points for entry in lots.expire_overdue(customer_id))


def to_warn(after: int, limit: int) -> list[ExpiryWarning]:
    """Warnings to send now, by customer id, above `after`: on LINE, not blocking us, not warned of this day
    yet."""
    warning_days = sorted(shop.get(PointRules).expiry_warning_days)
    if not warning_days:
        return []
    today = localtime.today()
    account, warned = PointsAccount, PointsAccount.warned_days
    wanted: Any = False
    for days in warning_days:
        within = account.expires_on.between(today, today + timedelta(days=days))
        wanted |= within & (warned.is_null() | (warned > days))
    rows: Any = (
        account.select(account.customer, account.expires_on, Conversation.key, Conversation.line_user_id)
        .join(Customer)
        .join(Conversation)
        .where(
            wanted, account.expires_on <= today + timedelta(days=warning_days[-1]), account.customer > after
        )
        .where(
            Customer.blocked_at.is_null(),
            Customer.opted_out_at.is_null(),
            Conversation.line_user_id.is_null(False),
        )
        .order_by(account.customer)
        .limit(limit)
        .tuples()
    )
    found = [(expiry.warning_due(row[1], today, warning_days), *row) for row in rows]
    return [
        ExpiryWarning(customer, day, due, key, user)
        for due, customer, day, key, user in found
        if due is not None
    ]


def record_warning(warning: ExpiryWarning) -> None:
    """Records that the warning was sent, so that `to_warn` leaves it out."""
    require_transaction()
    same = (PointsAccount.customer == warning.customer_id) & (PointsAccount.expires_on == warning.expires_on)
    PointsAccount.update(warned_days=warning.days).where(same).execute()
