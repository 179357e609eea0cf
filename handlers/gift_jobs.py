"""The clock's jobs for gifts: birthdays that have come and coupons that have expired."""

from datetime import date, timedelta

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from rewards.coupons import birthdays, coupons, reward_list
from rewards.coupons.rules import RewardKind
from rewards.ledger.settings import PointRules

CHUNK = 200
MADE_UP_DAYS = 3
"""Days for which a missed birthday is caught up on; later than that, no greeting is sent."""


def congratulate_on_birthdays() -> int:
    """Put one event for each birthday into the inbox, once a year; missed days are caught up on. How many were put."""
    has_gift = reward_list.of_kind(RewardKind.BIRTHDAY) or shop.get(PointRules).birthday
    if not has_gift:
        return 0
    today = localtime.today()
    days = [today - timedelta(days=ago) for ago in range(MADE_UP_DAYS, -1, -1)]
    return sum(_congratulate(day) for day in days) if birthdays.is_anybodys(days) else 0


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
    """Mark coupons past their last day as expired; how many."""
    with write_transaction():
        return coupons.expire_old()
