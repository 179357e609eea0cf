"""Stores clicks on short links, and counts them by message, by step of a flow, and by customer.

`page.py` reports a visit as an event, since the web process must answer at once; the worker stores it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import peewee

from bot import localtime
from bot.db.database import execute, require_transaction, rows, stored
from bot.queue import inbox
from bot.routing import event_kinds
from customers.people import customer as customers
from journeys.links.tables import LinkClick, ShortLink

ONE_CLICK = timedelta(minutes=1)
"""Visits of a link closer together than this are one click: people tap twice when a page is slow."""


@dataclass(frozen=True, slots=True)
class ClickCount:
    """How many links were opened at least once, and how often in all. Each message to a customer has a link of
    its own, so where a message has one address, the first is the number of people."""

    links: int
    clicks: int


def report(link: ShortLink) -> bool:
    """Put the visit into the inbox, in the conversation of the link's owner; False when it is there already
    or the owner has no chat."""
    chat = customers.conversation_of(link.customer_id)
    if chat is None:
        return False
    return inbox.put(
        event_kinds.LINK_CLICKED, _event_id(link), chat.key, {"link": link.id}, line_user_id=chat.line_user_id
    )


def is_reported(link: ShortLink) -> bool:
    """Whether a visit of this minute was reported; asked first, so that a second tap takes no lock."""
    return inbox.was_stored(_event_id(link))


def _event_id(link: ShortLink) -> str:
    return f"clicked:{link.id}:{localtime.now():%Y%m%dT%H%M}"


def record(link_id: int, at: datetime) -> ShortLink | None:
    """Store a click; the link. None when it was part of the click before, or when the link is gone, with the
    customer who was erased. Events of one conversation are handled one after the other."""
    require_transaction()
    link: ShortLink | None = ShortLink.get_or_none(ShortLink.id == link_id)
    if link is None:
        return None
    near = LinkClick.clicked_at.between(at - ONE_CLICK, at + ONE_CLICK)
    if LinkClick.select().where(LinkClick.link == link_id, near).exists():
        return None
    LinkClick.create(link=link_id, clicked_at=at)
    return link


def first_clicks(customer_id: int) -> dict[str, datetime]:
    """When a link was first opened, by the cause of the customer's messages; without those never opened."""
    first = peewee.fn.MIN(LinkClick.clicked_at)
    query = LinkClick.select(ShortLink.cause, first.alias("at")).join(ShortLink)
    found = query.where(ShortLink.customer == customer_id).group_by(ShortLink.cause).tuples()
    return dict(found.iterator())


def counts_by_cause(causes: Iterable[str]) -> dict[str, ClickCount]:
    """The clicks on the links of the messages with these causes; without those never opened."""
    wanted, found = list(dict.fromkeys(causes)), {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        found.update(_counts("l.cause", f"l.cause IN {rows(1, len(some))}", *some))
    return found


def counts_by_step(flow_key: str, since: datetime | None = None) -> dict[str, ClickCount]:
    """The clicks on the links of a flow, by the key of the step; `since` leaves out earlier clicks."""
    if since is None:
        return _counts("l.step_key", "l.flow_key = ?", flow_key)
    return _counts("l.step_key", "l.flow_key = ? AND c.clicked_at >= ?", flow_key, stored(since))


def _counts(by: str, condition: str, *values: object) -> dict[str, ClickCount]:
    found = execute(
        f"SELECT {by}, COUNT(DISTINCT l.id), COUNT(*) FROM short_link l JOIN link_click c ON c.link_id = l.id "  # noqa: S608 -- fixed SQL
        f"WHERE {condition} GROUP BY {by}",
        *values,
    ).fetchall()
    return {key: ClickCount(int(links), int(times)) for key, links, times in found if key is not None}
