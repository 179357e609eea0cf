"""The clock's jobs for points: release held points, expire idle ones, and warn before expiry.

Each customer is changed in a transaction of their own; warnings go through the inbox, once each. The rules
are in `rewards/ledger/due_points.py`.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.line.messages import Message
from bot.queue import inbox
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import unasked
from handlers.event_customer import get_or_create_customer
from journeys.sending.message_kinds import KIND_RULES, Kind
from journeys.sending.tables import PlannedMessage
from rewards.ledger import due_points, messages
from rewards.ledger.settings import PointRules
from support.bad_moments import quiet_period
from support.tickets import tickets

routes = Routes()

CHUNK = 200
MAY_WAIT = KIND_RULES[Kind.POINTS_EXPIRING].waits


def release_held_points() -> int:
    """Make held points usable whose day has come; how many customers had some."""
    return _for_each_customer(due_points.to_release, due_points.release)


def expire_points() -> int:
    """Expire points whose last day is over; how many customers lost some."""
    return _for_each_customer(due_points.to_expire, due_points.expire)


def warn_of_expiry() -> int:
    """Put a warning into the inbox for each customer whose points expire soon; how many.

    Customers whose chat staff have are warned when the ticket is resolved; in the days after a complaint,
    only the last warning is sent.
    """
    count = after = 0
    while found := due_points.to_warn(after, CHUNK):
        with write_transaction():
            ids = [warning.customer_id for warning in found]
            customers.lock(*ids)
            with_staff, resting = tickets.handed_over_among(ids), quiet_period.among(ids)
            for warning in found:
                can_wait = warning.days > min(shop.get(PointRules).expiry_warning_days)
                if warning.customer_id in with_staff or (warning.customer_id in resting and can_wait):
                    continue
                count += inbox.put(
                    event_kinds.POINTS_EXPIRING,
                    warning.event_id,
                    warning.conversation_key,
                    {"days": warning.days, "expires_on": warning.expires_on.isoformat()},
                    line_user_id=warning.line_user_id,
                )
                due_points.record_warning(warning)
        after = found[-1].customer_id
    return count


@routes.on_internal_event(event_kinds.POINTS_EXPIRING)
def points_expiring(event: InternalEvent) -> Answer:
    """Plan one warning for all points that expire within the days."""
    customer = get_or_create_customer(event)
    days, expires_on = int(event.data["days"]), date.fromisoformat(event.data["expires_on"])
    if days not in shop.get(PointRules).expiry_warning_days:
        return []
    if tickets.handed_over_ticket_of(customer.id) is not None:
        return []  # no reminder while staff have the chat; they see the day in the console
    is_last = days == min(shop.get(PointRules).expiry_warning_days)
    unasked.say(
        customer,
        None,
        kind=Kind.POINTS_EXPIRING,
        cause=event.event_id,
        data={"days": days, "expires_on": expires_on.isoformat(), "although_resting": is_last},
        latest_at=min(localtime.now() + MAY_WAIT, localtime.start_of(expires_on)),
        expires_at=localtime.start_of(expires_on + timedelta(days=1)),
    )
    return []


def warning_now(row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """The warning, while it is still true."""
    data = json.loads(row.data)
    outlook = due_points.expiring_within(customer.id, int(data["days"]))
    if outlook.expires_on is None or outlook.expires_on.isoformat() != data["expires_on"]:
        return None
    return [messages.expiring(outlook)] if outlook.expiring else None


def _for_each_customer(due: Callable[[int, int], list[int]], work: Callable[[int], int]) -> int:
    count = 0
    for customer_id in _due_customers(due):
        with write_transaction():
            count += bool(work(customer_id))
    return count


def _due_customers(due: Callable[[int, int], list[int]]) -> Iterator[int]:
    """The ids in chunks, ascending: a customer whose work failed is not met twice in one run."""
    after = 0
    while found := due(after, CHUNK):
        yield from found
        after = found[-1]
