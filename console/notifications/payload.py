"""What is said to a browser about an alert: no customer's name, no word of theirs."""

from typing import Any

from support.alerts.alerts import StaffAlert
from support.alerts.rules import Kind


def topic_of(alert: StaffAlert) -> str:
    """By which a later alert about the same chat replaces an earlier one. A mention replaces mentions alone."""
    return f"{'note' if alert.kind == Kind.MENTION else 'chat'}-{alert.ticket_id}"


def content(title: str, address: str, tag: str, waiting: int | None = None) -> dict[str, Any]:
    """What `service_worker.js` and `alerts.js` show; `waiting` is the count of waiting chats for the app's badge."""
    known = {} if waiting is None else {"waiting": waiting}
    return {"title": title, "address": address, "tag": tag, **known}
