"""What a sharp owner can find in the sample shop's figures: a bad product, slow parcels, a month of slow replies.

The fourth, that friends brought by customers come back more often, is in `lives.py`.
"""

import random
from datetime import date, datetime, timedelta

from bot import localtime
from customers.values import windows
from demo.shop.plan.products import PUMP
from demo.shop.sentences import answers
from demo.shop.sentences.stock import Stock, Topic
from support.hours import business_hours
from support.hours import settings as hours_settings

BAD_PRODUCT = PUMP
"""Its buyers give low scores and hardly come back."""
BAD_PRODUCT_COSTS = 5
"""So many points lower do they score."""
SLOW_FROM, SLOW_UNTIL = timedelta(days=120), timedelta(days=106)
"""For orders of a fortnight of three and a half months ago the parcels took long."""
SLOW_DELIVERY_DAYS = (7, 10)
SLOW_DELIVERY_COSTS = 4
SLOW_REPLIES_MONTHS_AGO = 2
"""In that calendar month one of the two members of staff was away."""
REPLY_MINUTES = (8, 15, 20, 30, 45, 70, 110)
SLOW_REPLY_MINUTES = (180, 260, 340, 480, 700)
"""Of working time, until staff first answer: usually, and in that month."""

COMMENTS = {"promoter": answers.PROMOTER, "passive": answers.PASSIVE, "detractor": answers.DETRACTOR}


def is_slow(ordered_at: datetime, present: datetime) -> bool:
    """Whether the parcel of an order of that time took long."""
    return present - SLOW_FROM <= ordered_at < present - SLOW_UNTIL


def delivered_after(order_number: str, ordered_at: datetime, present: datetime) -> timedelta:
    """How long after the order its parcel came; the same each time."""
    chance = random.Random(order_number)  # noqa: S311 - a sample
    days = (
        chance.randint(*SLOW_DELIVERY_DAYS) if is_slow(ordered_at, present) else chance.choice((2, 2, 2, 3))
    )
    return timedelta(days=days)


def liking_of(
    liking: int, codes: tuple[str, ...], ordered_at: datetime, present: datetime, *, comes_back: bool
) -> int:
    """How somebody likes the shop (0 to 10) after that order, who else would like it that much. Who buys more than
    once forgives a slow parcel."""
    less = BAD_PRODUCT_COSTS if BAD_PRODUCT in codes else 0
    if is_slow(ordered_at, present):
        less += 1 if comes_back else SLOW_DELIVERY_COSTS
    return max(0, liking - less)


def comment(
    segment: str, codes: tuple[str, ...], ordered_at: datetime, present: datetime, chance: random.Random
) -> tuple[Topic, Stock]:
    """What somebody adds to a score of that segment after that order: the topic, and the stock it belongs to."""
    stock = COMMENTS[segment]
    if segment != "promoter" and BAD_PRODUCT in codes:
        stock = answers.BAD_PRODUCT
    elif segment != "promoter" and is_slow(ordered_at, present):
        stock = answers.SLOW_PARCEL
    return chance.choice(stock), stock


def replied_slowly(asked_at: datetime, present: datetime) -> bool:
    """Whether it was asked in the month of slow replies."""
    return _month(asked_at) == windows.first_of_month(localtime.local_date(present), SLOW_REPLIES_MONTHS_AGO)


def replied_at(asked_at: datetime, present: datetime, chance: random.Random) -> datetime:
    """When staff first answered what a customer asked at that time, within the business hours of shop.toml."""
    slow = replied_slowly(asked_at, present)
    minutes = chance.choice(SLOW_REPLY_MINUTES if slow else REPLY_MINUTES)
    return after_working_time(asked_at, timedelta(minutes=minutes))


def after_working_time(moment: datetime, working_time: timedelta) -> datetime:
    """When staff have worked that long since then."""
    return business_hours.due_after(hours_settings.hours(), localtime.local(moment), working_time)


def _month(moment: datetime) -> date:
    return localtime.local_date(moment).replace(day=1)
