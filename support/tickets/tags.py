"""Decides how tickets are tagged: short words of staff's own, for finding like matters again."""

import unicodedata
from collections.abc import Sequence
from typing import Any

import peewee

from bot.db.database import Model, insert_once, require_transaction
from support.tickets.tickets import Ticket

LONGEST = 30
MOST = 10
"""Tags on one ticket."""
LATEST_COUNT = 300
"""The newest uses of tags, among which those are that a person may want again."""


class TicketTag(Model):
    """A tag on a ticket."""

    ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE", backref="+")
    ticket_id: int
    tag = peewee.CharField(LONGEST)

    class Meta:
        indexes = ((("tag", "ticket"), True),)


def plain(tag: str) -> str:
    """A tag as it is kept: normal width, single blanks, without # and commas; empty when nothing is left."""
    text = unicodedata.normalize("NFKC", tag).replace(",", " ").lstrip("# ")
    return " ".join(text.split())[:LONGEST].strip()


def add(ticket_id: int, tag: str) -> bool:
    """Put a tag on. False when it is on already, empty, or one too many."""
    require_transaction()
    tag = plain(tag)
    if not tag or TicketTag.select().where(TicketTag.ticket == ticket_id).count() >= MOST:
        return False
    return insert_once(TicketTag, ticket=ticket_id, tag=tag) is not None


def remove(ticket_id: int, tag: str) -> bool:
    """Take a tag off. False when it was not on."""
    require_transaction()
    query = TicketTag.delete().where(TicketTag.ticket == ticket_id, TicketTag.tag == plain(tag))
    return bool(query.execute())


def of_tickets(ticket_ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of each, in the order they were put on."""
    found: dict[int, list[str]] = {}
    if ticket_ids:
        query: Any = TicketTag.select().where(TicketTag.ticket.in_(list(ticket_ids))).order_by(TicketTag.id)
        for row in query:
            found.setdefault(row.ticket_id, []).append(row.tag)
    return found


def lately_used(limit: int = 20) -> list[str]:
    """What was put on last, each once: what a person is likely to want."""
    query: Any = TicketTag.select(TicketTag.tag).order_by(TicketTag.id.desc()).limit(LATEST_COUNT).tuples()
    return list(dict.fromkeys(tag for (tag,) in query))[:limit]
