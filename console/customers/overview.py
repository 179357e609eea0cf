"""Collects everything the shop knows of one customer, from all domains, for their page. Reads only, with a fixed number
of statements however long their history is; longer lists have pages of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot import localtime
from console.customers import customer_words
from customers.history import customer_orders, order_pages
from customers.history.customer_orders import CustomerOrders
from customers.history.order_pages import OrderPage
from customers.orders import buyers, order_notes
from customers.orders.buyers import Buyer
from customers.orders.order_notes import OrderNote
from customers.people import customer_notes, customer_tags
from customers.people.customer import Customer
from customers.people.customer_notes import CustomerNote
from journeys.audience import profiles
from journeys.contacts import contacts
from journeys.contacts.tables import Contact
from journeys.figures import of_customers as journey_figures
from journeys.figures.of_customers import Messages
from journeys.sending.settings import push_cost_yen
from journeys.traces import trace
from journeys.traces.trace import CampaignTrace, EnrolmentTrace, MessageTrace
from rewards.coupons import birthdays, coupons
from rewards.coupons.birthdays import Birthday
from rewards.coupons.tables import Coupon
from rewards.figures import of_customers as reward_figures
from rewards.figures.of_customers import Friends
from rewards.ledger import due_points, ledger
from rewards.ledger.due_points import Outlook
from rewards.ledger.entries import LedgerEntry
from rewards.ranks import customer_rank
from rewards.ranks.customer_rank import RankOffer, RankSnapshot
from rewards.ranks.rules import Step
from rewards.referrals import referrals
from rewards.referrals.tables import Referral
from support.tickets import of_customers as ticket_history
from support.tickets.notes import TicketNote
from support.tickets.tickets import Ticket
from surveys.figures import of_customers as survey_figures
from surveys.figures.of_customers import Testimonials
from surveys.nps import answers
from surveys.nps.answers import SurveyAnswer

ORDERS_SHOWN = 20
ENTRIES_SHOWN = 5
SHOWN = 10
"""How many of the others are shown: answers, chats, friends, messages."""
NOTES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PointsShown:
    """The customer's points."""

    balance: int
    outlook: Outlook
    entries: Sequence[LedgerEntry]


@dataclass(frozen=True, slots=True)
class RankShown:
    """The customer's rank, its axes, and what would raise it."""

    snapshot: RankSnapshot
    offer: RankOffer
    next_steps: str
    """What leads to the next rank, in words; empty where nothing does."""


@dataclass(frozen=True, slots=True)
class Invitations:
    """Who brought the customer, and whom they brought."""

    brought_by: Referral | None
    friends: Sequence[Referral]
    counts: Friends


@dataclass(frozen=True, slots=True)
class SentShown:
    """What the customer was sent unasked, and what it cost."""

    counts: Messages
    yen: int
    enrolments: Sequence[EnrolmentTrace]
    campaigns: Sequence[CampaignTrace]
    latest: Sequence[MessageTrace]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything about one customer."""

    customer: Customer
    sums: CustomerOrders
    orders: OrderPage
    order_notes: dict[str, list[OrderNote]]
    """What staff noted on these orders, by number."""
    buyers: Sequence[Buyer]
    birthday: Birthday | None
    stage: str | None
    """A `Stage`; None until the clock has computed it."""
    rank: RankShown
    points: PointsShown
    coupons: Sequence[Coupon]
    answers: Sequence[SurveyAnswer]
    testimonials: Testimonials
    tickets: Sequence[Ticket]
    ticket_notes: Sequence[TicketNote]
    notes: Sequence[CustomerNote]
    tags: Sequence[str]
    invitations: Invitations
    sent: SentShown
    contact: Contact | None


def of(customer: Customer, orders_after: str = "") -> Overview:
    """The overview as of today; `orders_after` is the cursor of an older page of orders."""
    profile = profiles.of_customers([customer.id]).get(customer.id)
    chats = ticket_history.latest_of(customer.id, SHOWN)
    page = order_pages.page(customer.id, ORDERS_SHOWN, orders_after)
    return Overview(
        customer=customer,
        sums=customer_orders.of_customers([customer.id], localtime.today()).get(
            customer.id, customer_orders.NOTHING
        ),
        orders=page,
        order_notes=order_notes.of_orders([each.purchase.order_number for each in page.orders]),
        buyers=buyers.of_customer(customer),
        birthday=birthdays.of_customer(customer.id),
        stage=profile.stage if profile else None,
        rank=_rank(customer.id),
        points=PointsShown(
            ledger.balance(customer.id),
            due_points.outlook(customer.id),
            ledger.history(customer.id, ENTRIES_SHOWN),
        ),
        coupons=coupons.issued(ENTRIES_SHOWN, customer_id=customer.id),
        answers=answers.of_customer(customer.id)[-SHOWN:][::-1],
        testimonials=survey_figures.testimonials_of([customer.id]).get(customer.id, Testimonials(0, 0)),
        tickets=chats,
        ticket_notes=ticket_history.latest_notes([each.id for each in chats], NOTES_SHOWN),
        notes=customer_notes.of_customer(customer.id, NOTES_SHOWN),
        tags=customer_tags.of_customers([customer.id]).get(customer.id, []),
        invitations=_invitations(customer.id),
        sent=_sent(customer.id),
        contact=contacts.newest_of(customer.id),
    )


def _rank(customer_id: int) -> RankShown:
    snapshot = customer_rank.snapshot(customer_id)
    may = answers.may_still(customer_id)
    days = customer_rank.OFFER_LASTS // timedelta(days=1)
    possible = {
        Step.SURVEY_ANSWER: may.answer_count,
        Step.OPINION: may.comment_count,
        Step.REPLY_DAY: days,
    }
    offer = customer_rank.offer(customer_id, snapshot.rank, possible)
    return RankShown(snapshot, offer, customer_words.next_steps(offer.action))


def _invitations(customer_id: int) -> Invitations:
    counts = reward_figures.friends([customer_id]).get(customer_id, Friends(0, 0))
    friends = reward_figures.friends_of(customer_id, SHOWN)
    return Invitations(referrals.of_referee(customer_id), friends, counts)


def _sent(customer_id: int) -> SentShown:
    cost = push_cost_yen()
    counts = journey_figures.messages_of([customer_id]).get(customer_id, Messages(0, 0))
    found = trace.of_customer(customer_id, cost)
    return SentShown(
        counts, counts.push_count * cost, found.enrolments, found.campaigns, found.messages[:SHOWN]
    )
