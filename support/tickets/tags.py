"""Stores tags of tickets: short words of staff's own, to find similar tickets again."""

import unicodedata
from collections.abc import Sequence
from typing import Any

import peewee

from bot.db import database, erasure
from bot.db.database import Model, insert_once, require_transaction
from support.tickets.tables import Ticket

LONGEST = 30
MOST = 10
"""Tags on one ticket."""
LATEST_COUNT = 300
"""The newest uses of tags that are read to suggest tags."""


class TicketTag(Model):
    """A tag on a ticket."""

    ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE", backref="+")
    ticket_id: int
    tag = peewee.CharField(LONGEST)

    class Meta:
        indexes = ((("tag", "ticket"), True),)


def plain(tag: str) -> str:
    """A tag in its stored form: normal width, single blanks, without # and commas; empty when nothing is left."""
    text = unicodedata.normalize("NFKC", tag).replace(",", " ").lstrip("# ")
    return " ".join(text.split())[:LONGEST].strip()


def add(ticket_id: int, tag: str) -> bool:
    """Add a tag. False when the ticket has it already, it is empty, or one too many."""
    require_transaction()
    tag = plain(tag)
    if not tag or TicketTag.select().where(TicketTag.ticket == ticket_id).count() >= MOST:
        return False
    return insert_once(TicketTag, ticket=ticket_id, tag=tag) is not None


def carry(customer_id: int, ticket_id: int) -> None:
    """Give the ticket the tags of the customer's ticket before it: they follow the customer."""
    require_transaction()
    database.execute(_CARRY, ticket_id, customer_id, ticket_id)


def remove(ticket_id: int, tag: str) -> bool:
    """Remove a tag. False when the ticket does not have it."""
    require_transaction()
    query = TicketTag.delete().where(TicketTag.ticket == ticket_id, TicketTag.tag == plain(tag))
    return bool(query.execute())


def of_tickets(ticket_ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of each ticket, in the order they were added."""
    found: dict[int, list[str]] = {}
    if ticket_ids:
        query: Any = TicketTag.select().where(TicketTag.ticket.in_(list(ticket_ids))).order_by(TicketTag.id)
        for row in query:
            found.setdefault(row.ticket_id, []).append(row.tag)
    return found


def lately_used(limit: int = 20) -> list[str]:
    """The tags added last, each once, as suggestions."""
    query: Any = TicketTag.select(TicketTag.tag).order_by(TicketTag.id.desc()).limit(LATEST_COUNT).tuples()
    return list(dict.fromkeys(tag for (tag,) in query))[:limit]


_CARRY = (
    "INSERT INTO ticket_tag (ticket_id, tag) SELECT CAST(? AS INTEGER), tag FROM ticket_tag WHERE ticket_id = "
    "(SELECT MAX(id) FROM ticket WHERE customer_id = ? AND id < ?) ORDER BY id"
)

erasure.deleted(
    TicketTag,
    lambda who: TicketTag.ticket.in_(Ticket.select(Ticket.id).where(Ticket.customer == who.customer_id)),
)
