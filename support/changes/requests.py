"""Stores in the ticket what a customer wants changed or erased, and the message with what staff need for it."""

from bot import localtime
from bot.db.database import require_transaction
from support.tickets import tables
from support.tickets.tables import Ticket

LONGEST_NOTED = 1000

_NAMES = {
    "address": "お届け先の変更",
    "delivery": "お届け日の変更",
    "subscription": "定期便の変更",
    tables.ERASURE: "個人情報の削除",
}


def record(ticket: Ticket, kind: str, text: str, *, is_complete: bool) -> None:
    """Note what is asked for; `is_complete` when the request holds what staff need already."""
    note = f"{_NAMES[kind]}のご希望：「{text[:LONGEST_NOTED]}」"
    _note(ticket, note, asked_change=kind, details_at=localtime.now() if is_complete else None)


def awaits_details(ticket: Ticket) -> bool:
    """Whether the customer was asked for what staff need, and has not sent it yet."""
    return bool(ticket.asked_change) and ticket.details_at is None and ticket.staff_spoke_at is None


def attach(ticket: Ticket, text: str) -> None:
    """Note what the customer sent for it."""
    _note(ticket, f"お客様のご記入：「{text[:LONGEST_NOTED]}」", details_at=localtime.now())


def _note(ticket: Ticket, note: str, **columns: object) -> None:
    require_transaction()
    columns["note"] = "\n".join(filter(None, (ticket.note, note)))
    Ticket.update(**columns).where(Ticket.id == ticket.id).execute()
    for name, value in columns.items():
        setattr(ticket, name, value)
