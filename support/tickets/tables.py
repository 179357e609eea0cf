"""The table of tickets, their states, and the causes that open one.

Opening, assigning and resolving is in `tickets.py`.
"""

from __future__ import annotations

from datetime import timedelta

import peewee

from bot.conversations import Conversation
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer

OPEN, WAITING, RESOLVED = "open", "waiting", "resolved"
UNRESOLVED = (WAITING, OPEN)

DETRACTOR, ASKED, FALLBACK, UPSET, FAQ_FAILED = "detractor", "asked", "fallback", "upset", "faq_failed"
DAMAGE, HARM, DANGER, CONTACT, CHANGE = "damage", "harm", "danger", "contact", "change"
ERASURE = "erasure"
CAUSES = (DETRACTOR, ASKED, FALLBACK, UPSET, FAQ_FAILED, DAMAGE, HARM, DANGER, CONTACT, CHANGE, ERASURE)
"""Why it was opened: a low score, the customer's request, a text not understood, anger, a FAQ answer that did
not help, damaged goods, an injury, danger to life, an answer to a message that staff sent unasked, a wish to
change an address, a delivery or a subscription, a wish to be erased."""
URGENCY = {UPSET: 1, DAMAGE: 1, HARM: 2, DANGER: 3}
"""The urgency of a ticket by its cause; 0 for other causes."""


class Ticket(Model):
    """One request or problem of one customer, for staff."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE", backref="+")
    conversation_id: int
    state = peewee.CharField(16, default=WAITING)
    cause = peewee.CharField(32)
    cause_key = peewee.CharField(150, unique=True)
    """What opened it (`survey-answer:184`, an event's id): the same key never opens two."""
    assignee_id = peewee.IntegerField(null=True)
    note = peewee.TextField(default="")
    """What is known since it was opened; not shown to the customer. Staff's notes are in `notes.py`."""
    opened_at = UtcDateTimeField()
    since_at = UtcDateTimeField()
    """Since when it has been in its state; for a waiting ticket, since when the customer waits."""
    first_response_at = UtcDateTimeField(null=True)
    resolved_at = UtcDateTimeField(null=True)
    resolved_by_id = peewee.IntegerField(null=True)
    due_at = UtcDateTimeField(null=True)
    """By when the first answer was promised; None for tickets from before there were promises."""
    answer_due_at = UtcDateTimeField(null=True)
    """By when the present wait was promised to end; valid while the ticket waits."""
    urgency = peewee.SmallIntegerField(default=0)
    """The highest of URGENCY that the customer's words came to."""
    severity = peewee.SmallIntegerField(default=0)
    """What urgency and cause come to (`severity.py`), by which lists are sorted."""
    heard = peewee.CharField(default="")
    """The kinds of alarming words the customer has had a first answer to, so that none is sent twice."""
    late_count = peewee.SmallIntegerField(default=0)
    """How many apologies for lateness were sent in this wait; `late_at` is the time of the last."""
    late_at = UtcDateTimeField(null=True)
    snoozed_until = UtcDateTimeField(null=True)
    """Snoozed until then, unless the customer writes first."""
    woken_at = UtcDateTimeField(null=True)
    """When the clock last ended a snooze; the alert for a long wait counts from then."""
    alarmed_at = UtcDateTimeField(null=True)
    """When staff were alerted that this wait is too long: once for each wait."""
    staff_spoke_at = UtcDateTimeField(null=True)
    handed_over_at = UtcDateTimeField(null=True)
    """Since when staff have the chat or the customer waits for them; None while the bot has it."""
    closed_notice_at = UtcDateTimeField(column_name="told_closed_at", null=True)
    """When the customer was last sent the notice that staff are away."""
    withdrawn_at = UtcDateTimeField(null=True)
    """When the customer took the request back, which resolved it."""
    asked_change = peewee.CharField(32, default="")
    """What the customer wants changed (`support/listening/changes.py`); empty for other tickets."""
    details_at = UtcDateTimeField(null=True)
    """When the customer had sent what staff need for the change."""
    follow_up = peewee.TextField(null=True)
    """What staff mean to write if the customer has not answered when the snooze ends; empty for a mere reminder,
    None without one."""
    follow_up_due_at = UtcDateTimeField(null=True)
    """When the snooze ended and the customer had not answered."""

    @property
    def first_response_time(self) -> timedelta | None:
        """From opening to staff's first answer; None while there is none."""
        return self.first_response_at - self.opened_at if self.first_response_at else None


erasure.blanked(Ticket, {"note": "", "heard": "", "follow_up": None})
