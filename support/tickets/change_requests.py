"""Stores what a customer wants changed, and the message with what staff need for it, in the ticket; and the messages
that ask for it.

How a request is recognised is `support/listening/changes.py`; the sentences are in `change_words.py`.
"""

from collections.abc import Sequence

from bot import localtime
from bot.db.database import require_transaction
from bot.line import messages as line
from bot.line.messages import Action, Message
from support.tickets.change_words import words
from support.tickets.tables import Ticket

LONGEST_NOTED = 1000
_NAMES = {"address": "お届け先", "delivery": "お届け日", "subscription": "定期便"}


def record(ticket: Ticket, kind: str, text: str, *, is_complete: bool) -> None:
    """Note what is asked for; `is_complete` when the request holds what staff need already."""
    note = f"{_NAMES[kind]}の変更のご希望：「{text[:LONGEST_NOTED]}」"
    _note(ticket, note, asked_change=kind, details_at=localtime.now() if is_complete else None)


def awaits_details(ticket: Ticket) -> bool:
    """Whether the customer was asked for what staff need, and has not sent it yet."""
    return bool(ticket.asked_change) and ticket.details_at is None and ticket.staff_spoke_at is None


def attach(ticket: Ticket, text: str) -> None:
    """Note what the customer sent for it."""
    _note(ticket, f"お客様のご記入：「{text[:LONGEST_NOTED]}」", details_at=localtime.now())


def form(
    kind: str, orders: Sequence[str], due: str, *, is_complete: bool, actions: Sequence[Action] = ()
) -> Message:
    """One message that asks for all that staff need. `orders` are those not dispatched yet; `due` is the promised time
    in words, empty where none can be given."""
    say = words()
    needed = [] if is_complete else [str(getattr(say, kind))]
    needed.append(_order(orders))
    sentence = say.complete if is_complete else say.asked
    return _with_due(sentence.format(needed="\n".join(needed)), due, actions)


def received(due: str) -> Message:
    """What was asked for has come; `due` as above."""
    return _with_due(words().received, due)


def _order(orders: Sequence[str]) -> str:
    say = words()
    if not orders:
        return say.order_number
    if len(orders) == 1:
        return say.this_order.format(order=orders[0])
    return say.which_order.format(orders="、".join(orders))


def _with_due(sentence: str, due: str, actions: Sequence[Action] = ()) -> Message:
    parts = [sentence, words().due.format(due=due)] if due else [sentence]
    return line.text("\n\n".join(parts), list(actions))


def _note(ticket: Ticket, note: str, **columns: object) -> None:
    require_transaction()
    columns["note"] = "\n".join(filter(None, (ticket.note, note)))
    Ticket.update(**columns).where(Ticket.id == ticket.id).execute()
    for name, value in columns.items():
        setattr(ticket, name, value)
