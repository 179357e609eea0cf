"""The clock's work for gifts: whose birthday it is, and which coupons are past their last day."""

from datetime import date, timedelta

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from rewards.coupons import birthdays, coupons, reward_list
from rewards.coupons.rules import RewardKind
from rewards.ledger.settings import PointRules
from surveys.nps.settings import may_write_now

CHUNK = 200
MADE_UP_DAYS = 3
"""A wish that comes later than that is none."""


def congratulate_on_birthdays() -> int:
    """One event for each birthday, once a year, in the hours in which the shop writes unasked; days that the clock
    missed are made up."""
    has_gift = reward_list.of_kind(RewardKind.BIRTHDAY) or shop.get(PointRules).birthday
    if not has_gift or not may_write_now():
        return 0
    today = localtime.today()
    return sum(_congratulate(today - timedelta(days=days)) for days in range(MADE_UP_DAYS, -1, -1))


def _congratulate(day: date) -> int:
    count = 0
    while found := birthdays.without_event(day, CHUNK):
        with write_transaction():
            for due in found:
                inbox.put(
                    event_kinds.BIRTHDAY_CAME,
                    due.event_id,
                    due.conversation_key,
                    {"year": day.year},
                    line_user_id=due.line_user_id,
                )
        count += len(found)
    return count


def expire_coupons() -> int:
    """Write down which coupons are over."""
    with write_transaction():
        return coupons.expire_old()
