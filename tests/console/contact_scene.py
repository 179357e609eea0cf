"""Repeat buyers who have not bought for a while, for the tests of the page of individual contact."""

from datetime import timedelta

from bot import localtime
from bot.config import shop
from bot.db.database import insert_once, write_transaction
from customers.orders.tables import Product
from customers.people.customer import Customer
from handlers import contact_jobs
from journeys.contacts.tables import Contact, ContactDay
from rewards.ranks.customer_rank import CustomerRank
from rewards.ranks.rules import Rank
from tests.console import chats
from tests.orders import ordered

NO_HOLD_OUT = {"contacts": {"holdout_percent": 0}}
TEXT = "渡辺さん、その後いかがですか？"


def lapsed(
    name: str, *days_ago: int, yen: int = 3_000, product: str = "", rank: Rank = Rank.ACTIVE
) -> Customer:
    """Somebody who ordered so many days ago, the last time that product."""
    who = chats.customer(name)
    with write_transaction():
        for number, days in enumerate(days_ago):
            is_last = number == len(days_ago) - 1
            order(who, days, yen, product if is_last else "")
        begun = {
            "since": localtime.now(),
            "reviewed_at": localtime.now(),
            "rule_version": "1",
            "money": 0,
            "behaviour": 0,
            "relationship": 0,
        }
        insert_once(CustomerRank, customer=who.id, rank=rank.value, **begun)
    return who


def order(who: Customer, days_ago: int, yen: int = 3_000, product: str = "") -> None:
    ordered(who, localtime.now() - timedelta(days=days_ago), yen, product)
    if product:
        insert_once(Product, sku=product, name=product)


def a_queue() -> list[Contact]:
    """Three customers in the queue, the most valuable first."""
    lapsed("渡辺 久美子", 90, 62, 34, yen=9_800, product="しっとり美容液", rank=Rank.PREMIUM)
    lapsed("小川 健", 75, 41, yen=5_400, product="泡の石けん")
    lapsed("中島 はるか", 60, 31, yen=2_200, product="椿オイル", rank=Rank.BASIC)
    return find()


def find() -> list[Contact]:
    """Search for whoever is due, holding nobody out; all contacts, the most valuable first."""
    shop.use(NO_HOLD_OUT)
    ContactDay.update(found_at=None).execute()
    contact_jobs.find_due()
    return list(Contact.select(Contact, Customer).join(Customer).order_by(Contact.year_yen.desc()))
