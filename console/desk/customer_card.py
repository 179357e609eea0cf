"""What staff see of the customer beside the chat: facts from customers, surveys and rewards together."""

from dataclasses import dataclass

from bot import localtime
from customers.orders import buyers
from customers.orders.buyers import Buyer
from customers.people.customer import Customer
from journeys.contacts import contacts
from journeys.contacts.tables import Contact
from rewards.coupons import birthdays, coupons
from rewards.coupons.birthdays import Birthday
from rewards.coupons.tables import Coupon
from rewards.ledger import ledger
from rewards.ranks import customer_rank
from rewards.ranks.customer_rank import RankSnapshot
from surveys.nps import answers
from surveys.nps.answers import SurveyAnswer


@dataclass(frozen=True, slots=True)
class Card:
    """One customer's key facts."""

    customer: Customer
    points: int
    snapshot: RankSnapshot
    """The rank, its three axes, and what would raise it."""
    answer: SurveyAnswer | None
    birthday: Birthday | None
    recency_days: int | None
    """Days since the last purchase; None before the first."""
    buyers: list[Buyer]
    """The buyers in the shop's own system that this customer is linked to."""
    coupons: list[Coupon]
    """The coupons that they can use now."""
    contact: Contact | None
    """Their newest contact by staff, or the time in which staff may write to them."""
    sought: Buyer | None = None
    """A buyer that staff searched for."""


def of(customer: Customer, sought: Buyer | None = None) -> Card:
    """The card of that customer; `sought` is a buyer that staff searched for."""
    last_on = customer.last_purchased_on
    return Card(
        customer=customer,
        points=ledger.balance(customer.id),
        snapshot=customer_rank.snapshot(customer.id),
        answer=answers.latest_of(customer.id),
        birthday=birthdays.of_customer(customer.id),
        recency_days=(localtime.today() - last_on).days if last_on else None,
        buyers=buyers.of_customer(customer),
        coupons=coupons.held_by(customer.id),
        contact=contacts.newest_of(customer.id),
        sought=sought,
    )
