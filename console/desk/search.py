"""Searches what was written in all chats: pages of lines, each linking to its place in the chat; and names the
customers that may be meant."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request, url_for

from bot.text import bigrams
from console.auth import staff_accounts
from console.shell.translation import gettext
from customers.people.customer import Customer
from customers.search import finding
from support.tickets import tickets
from support.transcript import search as transcript_search
from support.transcript.search import Found

HITS_SHOWN = 20
CUSTOMERS_SHOWN = 5
LONGEST_QUERY = 100


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/search")(search)


@dataclass(frozen=True, slots=True)
class Hit:
    """One line that was found."""

    name: str
    at: datetime
    staff: str
    """Who wrote it; empty for the customer."""
    pieces: list[tuple[str, bool]]
    """The surrounding words, with the matches marked."""
    address: str
    """The chat at that line; the customer's page when they never had a ticket."""


def search() -> str:
    """Lines that contain the words, newest first."""
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    before = request.args.get("before", type=int)
    found = transcript_search.search(query, before=before, limit=HITS_SHOWN)
    return render_template(
        "console/search.html",
        query=query,
        customers=finding.likely(query, CUSTOMERS_SHOWN) if query and before is None else [],
        hits=_hits(found.lines, found.words),
        before=found.before,
        is_further=before is not None,
        too_short=not any(len(word) > 1 for word in found.words),
    )


def _hits(lines: list[Found], words: list[str]) -> list[Hit]:
    conversation_ids = list({line.conversation_id for line in lines})
    people = {
        each.conversation_id: each
        for each in Customer.select().where(Customer.conversation.in_(conversation_ids or [0]))
    }
    chats, names = tickets.latest_by_conversation(conversation_ids), staff_accounts.names()
    return [_hit(line, words, people.get(line.conversation_id), chats, names) for line in lines]


def _hit(
    line: Found, words: list[str], person: Customer | None, chats: dict[int, int], names: dict[int, str]
) -> Hit:
    address = ""
    if ticket_id := chats.get(line.conversation_id):
        address = url_for("console.ticket", ticket_id=ticket_id, at=line.event_id, _anchor="sought")
    elif person is not None:
        address = url_for("console.customer", customer_id=person.id)
    return Hit(
        name=person.display_name if person else "",
        at=line.at,
        staff=names.get(line.staff_id, gettext("スタッフ")) if line.staff_id else "",
        pieces=bigrams.marked(bigrams.around(line.text, words), words),
        address=address,
    )
