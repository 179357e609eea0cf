"""What alarming words make of a ticket: it is more pressing, and its promise nearer; also how it is taken back.

The message is understood in `listening/`; what is said is in `words.py`.
"""

from typing import Any

from bot import localtime
from bot.db.database import require_transaction
from support.tickets import tickets
from support.tickets.tickets import URGENCY, WAITING, Ticket

LONGEST_HEARD = 255


def tighten(ticket: Ticket, cause: str) -> None:
    """The ticket is at least as pressing as one of that cause, and answered as soon; it is never slackened.

    A graver cause takes the place of the one it was opened for. Changes the ticket in hand, too.
    """
    require_transaction()
    changes: dict[str, Any] = {}
    urgency = URGENCY.get(cause, 0)
    if urgency > ticket.urgency:
        changes["urgency"] = urgency
        if cause != tickets.UPSET or ticket.cause != tickets.DETRACTOR:
            changes["cause"] = cause  # a low score stays one: it is asked again about
    due_at = tickets.promise(cause)
    if ticket.answer_due_at is None or due_at < ticket.answer_due_at:
        changes["answer_due_at"] = due_at
    if ticket.first_response_at is None and (ticket.due_at is None or due_at < ticket.due_at):
        changes["due_at"] = due_at
    _change(ticket, **changes)


def alert_of(ticket_id: int) -> str:
    """The cause of the notice about somebody in danger; it stands until staff have answered."""
    return f"danger:{ticket_id}"


def is_first(ticket: Ticket, what: str) -> bool:
    """Whether that is heard for the first time of this ticket; from now on it is not."""
    require_transaction()
    known = [each for each in ticket.heard.split(",") if each]
    if what in known:
        return False
    _change(ticket, heard=",".join([*known, what])[-LONGEST_HEARD:])
    return True


def is_angry(ticket: Ticket) -> bool:
    """Whether the customer was heard to be angry; the bot has promised them to be quiet."""
    return ticket.cause == tickets.UPSET or any(each.startswith("anger") for each in ticket.heard.split(","))


def harm_heard(ticket: Ticket) -> str:
    """What kind of harm was heard last, as `listening/harm.py` names it; empty when none was."""
    harms = [
        each.partition(":")[2] for each in ticket.heard.split(",") if each.startswith(f"{tickets.HARM}:")
    ]
    return harms[-1] if harms else ""


def withdraw(ticket: Ticket, words: str, *, is_solved: bool = True) -> bool:
    """The customer needs nobody any more: the ticket is resolved, and its note says who resolved it and how.

    False when it is resolved; or somebody was harmed; or a complaint is given up without a word that it is solved.
    Staff answer those all the same.
    """
    require_transaction()
    if ticket.urgency >= URGENCY[tickets.HARM] or (ticket.urgency > 0 and not is_solved):
        return False
    note = f"{ticket.note}\n" if ticket.note else ""
    moment = localtime.local(localtime.now()).strftime("%m/%d %H:%M")
    _change(ticket, note=f"{note}{moment} お客様が取り下げました：「{words[:200]}」")
    return tickets.resolve(ticket.id)


def reopen(ticket: Ticket) -> bool:
    """The customer was not content with how it was handled: the same chat with the same person, handed over again."""
    require_transaction()
    if not tickets.reopen(ticket.id):
        return False
    values = {"handed_over_at": localtime.now(), "urgency": max(ticket.urgency, URGENCY[tickets.UPSET])}
    Ticket.update(values).where(Ticket.id == ticket.id).execute()
    return True


def close_again(ticket_id: int) -> bool:
    """The customer changed the bad mark into a better one before anybody had answered it."""
    require_transaction()
    found = Ticket.get_or_none(Ticket.id == ticket_id, Ticket.state == WAITING)
    spoke_before = found is not None and found.staff_spoke_at and found.staff_spoke_at <= found.since_at
    return bool(spoke_before) and tickets.resolve(ticket_id)


def _change(ticket: Ticket, **columns: Any) -> None:
    if not columns:
        return
    Ticket.update(columns).where(Ticket.id == ticket.id).execute()
    for name, value in columns.items():
        setattr(ticket, name, value)
