"""The sample shop's customers on the phone page, and all of them on the simulated LINE. How the others live is in
`plan/lives.py`."""

import hashlib
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot import localtime
from bot.conversations import Conversation
from bot.queue.support_friends import SupportFriend
from customers.people import customer as customers
from customers.people.customer import Customer
from demo.line import gestures
from demo.line.accounts import Friendship
from demo.phone.platform import Platform
from demo.shop.chats import FAMILY_NAMES, GIVEN_NAMES
from demo.shop.plan import lives
from demo.shop.plan.lives import Person, PlannedOrder
from demo.shop.plan.products import CREAM, GIFT, LOTION, SET, SOAP
from journeys.contacts import contacts
from support.bad_moments import quiet_period

CUSTOMER_COUNT = 350
ON_THE_PHONE_PAGE = (
    (
        "佐藤 美咲",
        330,
        10,
        ((329, SET), (281, LOTION), (226, CREAM), (170, LOTION), (121, GIFT), (14, CREAM)),
    ),
    ("田中 健一", 15, 8, ((14, SET),)),
    ("高橋 恵", 16, 3, ((15, SOAP),)),
    ("伊藤 陽子", 2, 7, ()),
    ("渡辺 浩", 140, 8, ((138, SOAP), (96, SOAP), (47, LOTION))),
)
"""Name, days since they joined, how they like the shop (0 to 10), days since each purchase and what was bought."""
ON_THE_PHONE = len(ON_THE_PHONE_PAGE)
STRANGER = "鈴木 さくら"
DUE_ON_THE_PHONE = 2


def all_of_them(count: int, now: datetime, chance: random.Random) -> list[Person]:
    """The customers on the phone page, then the others, those who joined first before the rest."""
    names = [f"{family} {given}" for family in FAMILY_NAMES for given in GIVEN_NAMES]
    chance.shuffle(names)
    others = [(line_user_id_of(number), names[number]) for number in range(ON_THE_PHONE, count)]
    return [*_people_on_the_phone(now), *lives.Lives(now, chance).customers(others)]


def _people_on_the_phone(now: datetime) -> Iterator[Person]:
    """The customers on the phone page: some whom the survey is due for, some not, one who was away for long."""
    for number, (name, joined, liking, bought) in enumerate(ON_THE_PHONE_PAGE):
        orders = tuple(
            PlannedOrder(now - timedelta(days=days, hours=3), ((code, 1),)) for days, code in bought
        )
        joined_at = now - timedelta(days=joined, hours=4)
        yield Person(line_user_id_of(number), name, joined_at, liking, orders)


def line_user_id_of(number: int) -> str:
    return "U" + hashlib.md5(f"sample {number}".encode(), usedforsecurity=False).hexdigest()


def id_of(person: Person) -> int:
    """The customer's id. Raises LookupError before they have joined."""
    found = customers.find_by_line_user(person.user_id)
    if found is None:
        raise LookupError(f"{person.name} is no customer yet")
    return found.id


def introduce(platform: Platform) -> None:
    """Add the shop's customers to LINE, those who are not there yet; a few are listed on the phone page."""
    on_line = Customer.select().where(Customer.line_user_id.is_null(False))
    known = {each.line_user_id or "": each for each in on_line}
    on_the_phone = [user_id for user_id in map(line_user_id_of, range(ON_THE_PHONE)) if user_id in known]
    for user_id in [*on_the_phone, *(known.keys() - set(on_the_phone))]:
        person = platform.channel.people.get(user_id)
        if person is None:
            name, is_shown = known[user_id].display_name, user_id in on_the_phone
            person = platform.handset(name, user_id, on_phone=is_shown).person
        person.friendship = Friendship.BLOCKING if known[user_id].blocked_at else Friendship.FRIEND
    _introduce_to_support(platform)


def _introduce_to_support(platform: Platform) -> None:
    """Those who are friends of the second account, or blocked it, are so on LINE."""
    if platform.support is None:
        return
    friends = SupportFriend.select(SupportFriend, Conversation).join(Conversation)
    for row in friends.where(SupportFriend.followed_at.is_null(False)):
        person = platform.channel.people.get(row.conversation.line_user_id or "")
        if person is not None:
            there = gestures.same_person(platform.support, person)
            there.friendship = Friendship.FRIEND if row.left_at is None else Friendship.BLOCKING


def add_who_is_due(platform: Platform) -> None:
    """List the customers whom staff should write to first on the phone page, too, so that what is written to them
    can be seen there."""
    today = localtime.today()
    listed = 0
    for row in contacts.queue(today, contacts.capacity(today), quiet_period.among):
        person = platform.channel.people.get(row.customer.line_user_id or "")
        if person is not None and listed < DUE_ON_THE_PHONE:
            person.on_phone, listed = True, listed + 1
            platform.channel.touch(person)


def add_stranger(platform: Platform) -> None:
    """Add somebody on the phone page who is no friend of the shop yet."""
    platform.handset(STRANGER)
