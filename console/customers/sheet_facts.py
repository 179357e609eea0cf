"""Reads the facts of one row a customer for the sheet: a chunk of customers at a time, each subject in one statement.

A shop of a million costs as many statements as it has chunks, and memory stays as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from console.customers.customer_list import ALL, Asked
from customers.history import customer_orders
from customers.history.customer_orders import CustomerOrders
from customers.orders import buyers
from customers.people import customer_names, customer_tags
from customers.people.customer import Customer
from journeys.audience import profiles, selection
from journeys.audience.selection import Reach
from journeys.figures import of_customers as journey_figures
from journeys.figures.of_customers import Flows, Messages
from rewards.figures import of_customers as reward_figures
from rewards.figures.of_customers import Coupons, Friends
from rewards.ranks.rules import Axes, Rank
from support.tickets import of_customers as ticket_figures
from support.tickets.of_customers import Tickets
from surveys.figures import of_customers as survey_figures
from surveys.figures.of_customers import Answers, Testimonials

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sheet says of one customer."""

    customer: Customer
    numbers: Sequence[str]
    orders: CustomerOrders
    rank: tuple[Rank, Axes] | None
    points: int
    stage: str
    answers: Answers | None
    friends: Friends
    testimonials: Testimonials
    coupons: Coupons
    tickets: Tickets
    messages: Messages
    flows: Flows
    tags: Sequence[str]


def walk(asked: Asked, on: date) -> Iterator[Facts]:
    """The facts of each customer of the list, by their number, as of that day."""
    after = 0
    while ids := _next(asked, after):
        yield from of_customers(ids, on)
        after = ids[-1]


def of_customers(ids: Sequence[int], on: date) -> Iterator[Facts]:
    """The facts of these customers, in the order of their numbers."""
    orders = customer_orders.of_customers(ids, on)
    numbers, tags = buyers.numbers_of(ids), customer_tags.of_customers(ids)
    ranks, points = reward_figures.ranks(ids), reward_figures.balances(ids)
    friends, coupons = reward_figures.friends(ids), reward_figures.coupons(ids)
    answers, testimonials = survey_figures.answers_of(ids), survey_figures.testimonials_of(ids)
    known, tickets = profiles.of_customers(ids), ticket_figures.counted(ids)
    messages, flows = journey_figures.messages_of(ids), journey_figures.flows_of(ids)
    for customer in Customer.select().where(Customer.id.in_(ids)).order_by(Customer.id):
        key = customer.id
        yield Facts(
            customer=customer,
            numbers=numbers.get(key, ()),
            orders=orders.get(key, customer_orders.NOTHING),
            rank=ranks.get(key),
            points=points.get(key, 0),
            stage=known[key].stage if key in known else "",
            answers=answers.get(key),
            friends=friends.get(key, Friends(0, 0)),
            testimonials=testimonials.get(key, Testimonials(0, 0)),
            coupons=coupons.get(key, Coupons(0, 0)),
            tickets=tickets.get(key, Tickets(0, None)),
            messages=messages.get(key, Messages(0, 0)),
            flows=flows.get(key, Flows((), ())),
            tags=tags.get(key, ()),
        )


def _next(asked: Asked, after: int) -> list[int]:
    audience, words = asked.audience or ALL, asked.words
    if asked.query and not words:
        return []
    if asked.query and not asked.is_filtered:
        return customer_names.find(words, CHUNK, after)
    found = selection.chunk(audience, after, CHUNK, reach=Reach.ALL)
    if asked.query:
        found = found.where(customer_names.is_named(words))
    return [customer_id for customer_id, _ in found.tuples()]
