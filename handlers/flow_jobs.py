"""The clock's jobs for flows: take due steps, let held ones go on, and find the customers whose day has come.

Days are birthdays, days since the last purchase, coupons and points about to end. Each puts one event into the
customer's own conversation, under an id that can be put only once; a clock that was down catches up on the last
few days.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from bot import localtime
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.queue.inbox import NewEvent
from bot.routing import event_kinds
from customers.people.customer import Customer
from journeys.enrolments import due, goals_and_exits, requests
from journeys.flows import stock
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.tables import OFF, ON
from rewards.coupons.birthdays import Birthday
from rewards.coupons.tables import Coupon, CouponState
from rewards.ledger.entries import PointsAccount

CHUNK = 500
CATCH_UP_DAYS = 3
MOST_PENDING = 1_000
"""With so many events in the inbox no more steps are taken: customers who write come first."""
MOST_BATCHES = 20

Found = tuple[int, str, str]
"""A customer's id, and the key and LINE user of their conversation."""


def take_due_steps() -> int:
    """Put due steps into the inbox, in batches, as far as it has room; how many."""
    count = 0
    for _ in range(MOST_BATCHES):
        if inbox.pending_count(MOST_PENDING) >= MOST_PENDING:
            break
        with write_transaction():
            taken = due.take()
        count += taken
        if taken < due.BATCH:
            break
    return count


def settle_stopped_flows() -> int:
    """Let those go on who were held while their flow was paused and is on again, and end those inside a flow that
    is off; how many."""
    count = 0
    for flow in stock.flows_in(ON, OFF):
        change = goals_and_exits.release_held if flow.state == ON else goals_and_exits.end_those_inside
        changed = CHUNK
        while changed == CHUNK:
            with write_transaction():
                changed = change(flow.id, CHUNK)
            count += changed
    return count


def find_days_that_came() -> int:
    """Put events for the birthdays, the days since a purchase and the ends of coupons and points that flows ask
    for; how many were new."""
    today = localtime.today()
    days = [today - timedelta(days=ago) for ago in range(CATCH_UP_DAYS, -1, -1)]
    count = 0
    if stock.published_flows_triggered_by(On.BIRTHDAY):
        count += sum(_birthdays(day) for day in days)
    for on, find in ((On.RECENCY, _recency), (On.COUPON_ENDING, _coupons), (On.POINTS_EXPIRING, _points)):
        for asked in sorted(_days_asked(on)):
            count += sum(find(asked, day) for day in days)
    return count


def _days_asked(on: On) -> set[int]:
    flows = stock.published_flows_triggered_by(on)
    return {definition.trigger.days for _, definition in flows if definition.trigger.days is not None}


def _birthdays(day: date) -> int:
    born = (Birthday.month == day.month) & (Birthday.day == day.day)
    if (day.month, day.day) == (2, 28) and not _is_leap(day.year):
        born |= (Birthday.month == 2) & (Birthday.day == 29)
    entered = Birthday.entered_at < localtime.start_of(day + timedelta(days=1))
    occurrence = Occurrence(On.BIRTHDAY, f"birthday:{day.year}")
    return _put_all(Birthday.select().join(Customer).where(born, entered), occurrence)


def _recency(days: int, day: date) -> int:
    bought_on = day - timedelta(days=days)
    query = Customer.select().where(Customer.last_purchased_on == bought_on)
    return _put_all(query, Occurrence(On.RECENCY, f"recency:{bought_on}:{days}", days=days))


def _coupons(days: int, day: date) -> int:
    ends_on = day + timedelta(days=days)
    query = Coupon.select().join(Customer)
    query = query.where(Coupon.state == CouponState.ISSUED, Coupon.valid_until == ends_on)
    return _put_all(query, Occurrence(On.COUPON_ENDING, f"coupon-ending:{ends_on}:{days}", days=days))


def _points(days: int, day: date) -> int:
    ends_on = day + timedelta(days=days)
    query = PointsAccount.select().join(Customer).where(PointsAccount.expires_on == ends_on)
    return _put_all(query, Occurrence(On.POINTS_EXPIRING, f"points-expiring:{ends_on}:{days}", days=days))


def _put_all(query: Any, occurrence: Occurrence) -> int:
    """Put the occurrence for each customer that the query finds, those who are on LINE."""
    return sum(_put(chunk, occurrence) for chunk in _chunks(query))


def _chunks(query: Any) -> Iterator[list[Found]]:
    after = 0
    whom = query.select(Customer.id, Conversation.key, Conversation.line_user_id)
    whom = whom.join(Conversation, on=(Customer.conversation == Conversation.id))
    whom = whom.where(Conversation.line_user_id.is_null(False)).distinct().order_by(Customer.id).limit(CHUNK)
    while found := list(whom.where(Customer.id > after).tuples()):
        yield found
        after = found[-1][0]


def _put(found: Sequence[Found], occurrence: Occurrence) -> int:
    now = localtime.now()
    body = json.dumps({"type": event_kinds.FLOW_OCCURRED, **requests.as_data(occurrence)})
    events = [
        NewEvent(
            requests.event_id(customer_id, occurrence),
            key,
            user_id,
            event_kinds.FLOW_OCCURRED,
            body,
            now,
            now,
        )
        for customer_id, key, user_id in found
    ]
    with write_transaction():
        return inbox.store(events)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
