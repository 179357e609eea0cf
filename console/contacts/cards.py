"""What the page of individual contact shows of each customer: the reason, their orders, rank and a draft.

In a constant number of statements, however many are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import localtime
from bot.config import settings, shop
from console.auth.staff_accounts import Staff
from console.contacts import words as contact_words
from console.shell.pages import moment
from console.shell.translation import gettext
from console.traces import trace_words
from customers.orders import purchase_history, purchases
from customers.orders.order import Item
from customers.people.customer import Customer
from journeys.contacts import contacts, rules
from journeys.contacts.tables import CONTACTED, SENDING, Contact
from journeys.contacts.words import ContactWords, words
from journeys.sending import limits, waiting
from journeys.sending.budget_state import waits_for_budget
from journeys.sending.limits import Planned, Recipient, Verdict
from journeys.sending.message_kinds import KIND_RULES, Kind
from journeys.sending.settings import SendingRules
from journeys.sending.tables import DROPPED, WAITING, PlannedMessage
from rewards.ranks import stored_ranks
from rewards.ranks.rules import Rank
from support.tickets import tickets

MOST_ORDERS = 3


@dataclass(frozen=True, slots=True)
class OrderShown:
    """One order: its day, its yen less refunds, and its items in words."""

    ordered_on: date
    yen: int
    items: str


@dataclass(frozen=True, slots=True)
class Card:
    """One customer of the queue."""

    contact: Contact
    rank: Rank
    why: list[str]
    days_left: str
    orders: list[OrderShown]
    chat_id: int | None
    """Their latest ticket, whose page shows the chat."""
    draft: str
    not_sent: str
    """Why a message to them was not sent before; empty when none was tried."""

    @property
    def is_basic(self) -> bool:
        """Whether nothing may be sold to them."""
        return self.rank is min(Rank)


@dataclass(frozen=True, slots=True)
class Taken:
    """One customer whom somebody wrote to, and where the message is."""

    contact: Contact
    who: str
    state: str
    chat_id: int | None


def of(rows: Sequence[Contact], person: Staff, today: date) -> list[Card]:
    """The cards of these contacts, in their order."""
    ids = [row.customer_id for row in rows]
    orders, chats = _orders(ids), tickets.latest_by_customer(ids)
    ranks = stored_ranks.ranks_of(ids)
    cards = []
    for row in rows:
        rank = ranks.get(row.customer_id, min(Rank))
        cards.append(
            Card(
                contact=row,
                rank=rank,
                why=contact_words.why(row, today),
                days_left=contact_words.days_left(row, today),
                orders=orders.get(row.customer_id, []),
                chat_id=chats.get(row.customer_id),
                draft=draft(row, rank, person),
                not_sent=trace_words.reason(row.reason) if row.reason and row.attempt_count else "",
            )
        )
    return cards


def taken(rows: Sequence[Contact], names: dict[int, str]) -> list[Taken]:
    """Those whom somebody wrote to, and where each message is."""
    chats = tickets.latest_by_customer([row.customer_id for row in rows])
    planned = waiting.by_cause([_cause(row) for row in rows])
    return [
        Taken(
            contact=row,
            who=names.get(row.staff_id or 0, gettext("スタッフ")),
            state=_where_it_is(row, planned.get(_cause(row))),
            chat_id=chats.get(row.customer_id),
        )
        for row in rows
    ]


def draft(row: Contact, rank: Rank, person: Staff) -> str:
    """The sentence to begin with, in the owner's words."""
    given: ContactWords = words()
    name = row.customer.display_name
    said: str = getattr(given, rules.draft_key(rank.value, row.product_name))
    return said.format(
        name=given.name.format(name=name) if name else given.no_name,
        product=row.product_name,
        shop=settings.current().shop_name,
        staff=person.name,
    )


def goes_out(customer: Customer) -> str:
    """When a message that is sent now goes out, as a sentence."""
    rules_of_kind = KIND_RULES[Kind.CONTACT]
    now = localtime.local(localtime.now())
    decision = limits.decide(
        Planned(rules_of_kind.message_class, now, now),
        Recipient(),
        waiting.sent_lately(customer.id),
        now,
        shop.get(SendingRules).limits(),
        reply_has_room=False,
        waits_for_budget=waits_for_budget(rules_of_kind.message_class, rules_of_kind.priority),
    )
    if decision.verdict is Verdict.PUSH or decision.until is None:
        return gettext("いま送ります。")
    return gettext(
        "%(when)sに送ります（%(reason)s）。",
        when=moment(decision.until, "coming").striptags(),
        reason=trace_words.reason(decision.reason),
    )


def _cause(row: Contact) -> str:
    return contacts.cause_of(row.id, row.attempt_count)


def _where_it_is(row: Contact, planned: PlannedMessage | None) -> str:
    if row.state == CONTACTED:
        return gettext("送りました")
    if planned is None or row.state != SENDING or planned.state == DROPPED:
        return gettext("まもなく送ります")
    if planned.state == WAITING and planned.reason:
        return gettext(
            "%(when)sに送ります（%(reason)s）。",
            when=moment(planned.due_at, "coming").striptags(),
            reason=trace_words.reason(planned.reason),
        )
    return gettext("まもなく送ります")


def _orders(customer_ids: Sequence[int]) -> dict[int, list[OrderShown]]:
    latest = purchase_history.latest_orders_of(customer_ids, MOST_ORDERS)
    items = purchases.items_of([each.id for some in latest.values() for each in some])
    return {
        customer_id: [
            OrderShown(each.ordered_on, each.total_yen - each.refunded_yen, _in_words(items.get(each.id, [])))
            for each in some
        ]
        for customer_id, some in latest.items()
    }


def _in_words(items: Sequence[Item]) -> str:
    said = [f"{each.name or each.sku}{f' ×{each.quantity}' if each.quantity > 1 else ''}" for each in items]
    return "、".join(said)
