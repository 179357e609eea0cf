"""Asks for something to be done to a customer's flows in an event of the customer's own conversation."""

from dataclasses import asdict
from typing import Any

from bot.queue import inbox
from bot.routing import event_kinds
from customers.people import customer as customers
from journeys.flows.occurrences import Occurrence, On


def request_entry(customer_id: int, flow_id: int, cause: str) -> bool:
    """Put the customer into the flow by hand, once for each cause (`staff:7:2026-04-01`); the worker does it.
    False when that was requested before or the customer is not on LINE. The entry policy still counts."""
    data = {"flow": flow_id, "cause": cause}
    return _put(
        event_kinds.FLOW_ENTRY_REQUESTED, entry_event_id(flow_id, customer_id, cause), customer_id, data
    )


def entry_event_id(flow_id: int, customer_id: int, cause: str) -> str:
    """The id in the inbox of a requested entry."""
    return f"flow-entry:{flow_id}:{customer_id}:{cause}"[:255]


def pass_on_later(customer_id: int, occurrence: Occurrence) -> bool:
    """Store what happened to a customer for an event in their own conversation, once for each cause: it came up
    in somebody else's. False when it is stored already or the customer is not on LINE."""
    return _put(
        event_kinds.FLOW_OCCURRED, event_id(customer_id, occurrence), customer_id, as_data(occurrence)
    )


def event_id(customer_id: int, occurrence: Occurrence) -> str:
    """The id in the inbox of that occurrence for that customer."""
    return f"flow-occurred:{customer_id}:{occurrence.on}:{occurrence.cause}"[:255]


def as_data(occurrence: Occurrence) -> dict[str, Any]:
    """The data of the event, which `occurrence_of` reads."""
    return {"occurrence": asdict(occurrence) | {"products": list(occurrence.products)}}


def occurrence_of(event_data: dict[str, Any]) -> Occurrence:
    """The occurrence in the data of such an event."""
    data = event_data["occurrence"]
    return Occurrence(**data | {"on": On(data["on"]), "products": tuple(data.get("products", ()))})


def _put(kind: str, event_id: str, customer_id: int, data: dict[str, Any]) -> bool:
    chat = customers.conversation_of(customer_id)
    if chat is None:
        return False
    return inbox.put(kind, event_id, chat.key, data, line_user_id=chat.line_user_id)
