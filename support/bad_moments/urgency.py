"""What alarming words change in a ticket: its urgency, cause and promised time; and how the customer takes them back.

The text is classified in `support/listening/`; the sentences are in `words.py`.
"""

from typing import Any

from bot import localtime
from bot.db.database import require_transaction
from support.alerts import alerts
from support.tickets import promises, tickets
from support.tickets.severity import severity
from support.tickets.tickets import URGENCY, WAITING, Ticket

LONGEST_HEARD = 255


def raise_urgency(ticket: Ticket, cause: str) -> None:
    """Raise the ticket to at least the urgency and promised time of that cause; never lower them. Staff
    are alerted when it rises.

    A more urgent cause replaces the ticket's. Also changes the object passed in.
    """
    require_transaction()
    changes: dict[str, Any] = {}
    urgency = URGENCY.get(cause, 0)
    if urgency > ticket.urgency:
        changes["urgency"] = urgency
        if cause != tickets.UPSET or ticket.cause != tickets.DETRACTOR:
            changes["cause"] = cause  # a low score keeps its cause, so that its customer is surveyed again
        changes["severity"] = severity(changes.get("cause", ticket.cause), urgency)
    due_at = promises.due(cause)
    if ticket.answer_due_at is None or due_at < ticket.answer_due_at:
        changes["answer_due_at"] = due_at
    if ticket.first_response_at is None and (ticket.due_at is None or due_at < ticket.due_at):
        changes["due_at"] = due_at
    _change(ticket, **changes)
    if "urgency" in changes:
        alerts.became_urgent(ticket.id, ticket.assignee_id, ticket.urgency)


def alert_cause(ticket_id: int) -> str:
    """The cause of the notice about a customer in danger, shown until staff have answered."""
    return f"danger:{ticket_id}"


def record_first_answer(ticket: Ticket, what: str) -> bool:
    """Record that the customer's words of that kind have had a first answer; False when they had one before."""
    require_transaction()
    known = [each for each in ticket.heard.split(",") if each]
    if what in known:
        return False
    _change(ticket, heard=",".join([*known, what])[-LONGEST_HEARD:])
    return True


def is_angry(ticket: Ticket) -> bool:
    """Whether the customer was angry in this ticket: the bot has promised them to stop."""
    return ticket.cause == tickets.UPSET or any(each.startswith("anger") for each in ticket.heard.split(","))


def latest_harm(ticket: Ticket) -> str:
    """The kind of the latest injury in this ticket, as in `listening/harm.py`; empty when there was none."""
    harms = [
        each.partition(":")[2] for each in ticket.heard.split(",") if each.startswith(f"{tickets.HARM}:")
    ]
    return harms[-1] if harms else ""


def withdraw(ticket: Ticket, words: str, *, is_solved: bool = True) -> bool:
    """The customer withdraws the request: resolve the ticket, and add to its note what they wrote.

    False, and nothing is changed, when it is resolved already; when somebody was harmed; or when a complaint
    is given up without a word that it is solved. Staff answer those all the same.
    """
    require_transaction()
    if ticket.urgency >= URGENCY[tickets.HARM] or (ticket.urgency > 0 and not is_solved):
        return False
    note = f"{ticket.note}\n" if ticket.note else ""
    moment = localtime.local(localtime.now()).strftime("%m/%d %H:%M")
    said = f"お客様が取り下げました：「{words[:200]}」"
    if not tickets.resolve(ticket.id):
        return False
    _change(ticket, note=f"{note}{moment} {said}", withdrawn_at=localtime.now())
    return True


def reopen(ticket: Ticket) -> bool:
    """Reopen the ticket because the customer was dissatisfied, with the same assignee, and hand the chat
    over. False when it cannot be reopened."""
    require_transaction()
    if not tickets.reopen(ticket.id):
        return False
    urgency = max(ticket.urgency, URGENCY[tickets.UPSET])
    values: dict[str, Any] = {
        "handed_over_at": localtime.now(),
        "urgency": urgency,
        "severity": severity(ticket.cause, urgency),
        "assignee_id": ticket.assignee_id or ticket.resolved_by_id,
    }
    Ticket.update(values).where(Ticket.id == ticket.id).execute()
    alerts.reopened(ticket.id, values["assignee_id"], urgency)
    return True


def close_again(ticket_id: int) -> bool:
    """Resolve it again: the customer improved the bad score before staff had answered it."""
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
