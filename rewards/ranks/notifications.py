"""Selects the customers to notify next of their rank's rise or coming fall, up to a number a day;
`messages.py` words it.

The day of a fall is set when its warning is sent, never before: a customer who could not be warned keeps the
rank.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import JOIN

from bot import localtime
from bot.config import shop
from bot.conversations import Conversation
from bot.db.database import require_transaction
from customers.people.customer import Customer
from rewards.ranks import changes
from rewards.ranks.nightly_review import BELOW, ROSE
from rewards.ranks.rules import Rank
from rewards.ranks.settings import RankSection
from rewards.ranks.tables import CustomerRank, RankNews

OLDEST_RISE = timedelta(days=7)
"""An older rise is not announced any more; the rank card shows it."""


@dataclass(frozen=True, slots=True)
class RankNotification:
    """One notification for one customer. `conversation_key` is None where they cannot be reached on LINE."""

    id: int
    customer_id: int
    kind: str
    rank: Rank
    made_on: date
    conversation_key: str | None
    line_user_id: str | None
    falls_on: date | None = None

    @property
    def event_id(self) -> str:
        """The event's id in the inbox, so that it is sent once."""
        return f"rank-{self.kind}:{self.customer_id}:{self.made_on}"


def take(limit: int) -> list[RankNotification]:
    """Takes the next notifications and marks them as sent today: at most `limit` of each kind, within the
    shop's number a day."""
    require_transaction()
    today = localtime.today()
    RankNews.delete().where(
        RankNews.kind == ROSE, RankNews.notified_on.is_null(), RankNews.made_on < today - OLDEST_RISE
    ).execute()
    taken = [news for kind in (ROSE, BELOW) for news in _next(kind, limit, today)]
    if taken:
        ids = [news.id for news in taken]
        RankNews.update(notified_on=today).where(RankNews.id.in_(ids)).execute()
    return taken


def postpone_rise(customer_id: int, rank: Rank) -> None:
    """Postpones the announcement of a rise until tomorrow, for a customer who should not get it now."""
    require_transaction()
    theirs = (RankNews.customer == customer_id) & (RankNews.kind == ROSE)
    RankNews.delete().where(theirs).execute()
    tomorrow = localtime.today() + timedelta(days=1)
    RankNews.create(customer=customer_id, kind=ROSE, rank=rank, made_on=tomorrow)


def _next(kind: str, limit: int, today: date) -> list[RankNotification]:
    notified_today = RankNews.select().where(RankNews.notified_on == today, RankNews.kind == kind).count()
    room = min(limit, shop.get(RankSection).told_a_day - notified_today)
    if room < 1:
        return []
    rows: Any = (
        RankNews.select(
            RankNews.id,
            RankNews.customer,
            RankNews.rank,
            RankNews.made_on,
            Customer.blocked_at,
            Conversation.key,
            Conversation.line_user_id,
        )
        .join(Customer)
        .join(Conversation, JOIN.LEFT_OUTER)
        .where(RankNews.kind == kind, RankNews.notified_on.is_null(), RankNews.made_on <= today)
        .order_by(RankNews.id)
        .limit(room)
        .tuples()
    )
    falls_on = changes.fall_day(today, shop.get(RankSection).falls()) if kind == BELOW else None
    found = []
    for news_id, customer_id, rank, made_on, blocked_at, key, line_user_id in rows:
        reached = key if line_user_id and not blocked_at else None
        found.append(
            RankNotification(news_id, customer_id, kind, Rank(rank), made_on, reached, line_user_id, falls_on)
        )
    if found and falls_on is not None:
        # A customer who blocked the shop cannot be warned; their grace period runs all the same.
        CustomerRank.update(falls_on=falls_on).where(
            CustomerRank.customer.in_([news.customer_id for news in found]),
            CustomerRank.below_since.is_null(False),
            CustomerRank.falls_on.is_null(),
        ).execute()
    return found
