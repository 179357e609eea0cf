"""The one way for a handler to say what the customer did not ask for just now.

It is planned as a row; `after_event.py` sends it when the customer's limits allow.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.line.messages import Message
from customers.people import customer as customers
from customers.people.customer import Customer
from journeys.sending import planned
from journeys.sending.message_kinds import CLASS_RULES, KIND_RULES, Kind
from journeys.sending.planned import NewMessage


def say(
    customer: Customer,
    said: Sequence[Message] | None,
    *,
    kind: Kind,
    cause: str,
    data: dict[str, Any] | None = None,
    earliest_at: datetime | None = None,
    latest_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Plan the messages, once for each cause; they are sent as soon as the customer's limits allow. False when
    there is nothing to say, nobody to reach, or that cause was planned before.

    None for `said`: they are made from `data` when they are sent (`planned_content.py`).
    """
    stops = CLASS_RULES[KIND_RULES[kind].message_class].stopped_by_opt_out
    may = customers.can_be_pushed(customer) if stops else customers.is_reachable(customer)
    if not may or (said is not None and not said):
        return False
    new = NewMessage(
        kind,
        cause,
        tuple(said or ()),
        data,
        earliest_at=earliest_at,
        latest_at=latest_at,
        expires_at=expires_at,
    )
    return planned.plan(customer, new) is not None
