"""Fills the demo with a believable shop: a few hundred customers and a year of orders, answers, referrals, tickets.

Everything is written through the domains at the time it would have happened, so that figures, ranks and the ledger
agree with each other. The same seed gives the same shop.
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import localtime
from bot.database import write_transaction
from customers import customer as customers
from customers.customer import Customer
from demo.platform import Platform
from demo.powers import Product
from demo.sample_chats import CHATS, FAMILY_NAMES, GIVEN_NAMES, open_chat

SHOP_NAME = "ひだまり堂"
CUSTOMER_COUNT = 300
ON_THE_PHONE = 6
PRODUCTS = (
    Product("HD-101", "はちみつ石けん", 1_680),
    Product("HD-102", "ゆずの化粧水", 3_480),
    Product("HD-103", "米ぬかクリーム", 4_280),
    Product("HD-201", "はじめてセット", 2_980),
    Product("HD-301", "季節のギフト箱", 8_800),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A sample customer's story: when they came, what they think of the shop, when they bought."""

    user_id: str
    name: str
    joined_at: datetime
    liking: int
    bought_at: tuple[datetime, ...]


def fill(count: int = CUSTOMER_COUNT) -> None:
    """Write the year. Referrals go from those who like the shop to those who came after them."""
    chance = random.Random(20)
    people = list(_people(count, localtime.now(), chance))
    invited = _friendships(people, chance)
    for moment, what, person in sorted(_events(people), key=lambda event: event[0]):
        with localtime.fixed(moment), write_transaction():
            _happen(what, person, invited, chance)
    for person, chat in zip(people[ON_THE_PHONE:], CHATS, strict=False):
        with write_transaction():
            open_chat(customers.find_by_line_user(person.user_id), chat)


def introduce(platform: Platform) -> None:
    """Let LINE know the shop's customers; the first few have their phones on the page."""
    rows = Customer.select().where(Customer.line_user_id.is_null(False)).order_by(Customer.id)
    for number, customer in enumerate(rows):
        handset = platform.handset(
            customer.display_name, customer.line_user_id, on_phone=number < ON_THE_PHONE
        )
        handset.befriended(blocking=customer.blocked_at is not None)


def _people(count: int, now: datetime, chance: random.Random) -> Iterator[Person]:
    names = [f"{family} {given}" for family in FAMILY_NAMES for given in GIVEN_NAMES]
    chance.shuffle(names)
    for number in range(count):
        user_id = "U" + hashlib.md5(f"sample {number}".encode(), usedforsecurity=False).hexdigest()
        days_ago = 330 - 20 * number if number < ON_THE_PHONE else chance.randint(3, 364)
        joined_at = now - timedelta(days=days_ago, minutes=chance.randint(0, 600))
        liking = min(10, max(0, round(chance.gauss(7.6, 2.2))))
        yield Person(user_id, names[number], joined_at, liking, _buying(joined_at, now, liking, chance))


def _buying(joined_at: datetime, now: datetime, liking: int, chance: random.Random) -> tuple[datetime, ...]:
    """Nearly everybody buys once; the more they like it, the likelier they come back, every month or two."""
    bought: list[datetime] = []
    moment = joined_at + timedelta(days=chance.randint(0, 6), hours=chance.randint(0, 9))
    stays = 0.93
    while moment < now and chance.random() < stays:
        bought.append(moment)
        stays = 0.16 + 0.065 * liking
        moment += timedelta(days=chance.randint(24, 75), hours=chance.randint(0, 9))
    return tuple(bought)
