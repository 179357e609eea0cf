"""Simulates a shop's year on the demo's LINE, checks everything that LINE received, and says what it cost.

    python -m benchmarks.year [--customers N] [--days D] [--seed S] [--acts MEDIAN]

Both flows that come along are on. Customers (`year_customers.py`) write or tap by themselves `--acts` times a month
in the median, beside what they do about messages they got. What is checked is in `year_checks.py`; exit status 1
when anything is wrong.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from benchmarks import year_checks, year_shop
from benchmarks.year_customers import People
from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.line.delivery import PUSH, REPLY
from bot.queue.outbox import OutboxMessage
from handlers import timetable
from journeys.enrolments import subscriptions
from journeys.flows import shipped_flows, stock
from journeys.sending.settings import SendingRules
from journeys.sending.tables import SENT, PlannedMessage
from rewards.coupons import reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from tests.conversations.scenario import Scenario

MOMENTS = ((1, 30), (7, 0), (9, 5), (11, 5), (13, 30), (16, 0), (19, 0), (21, 10))
"""When the clock's jobs run, beside their runs after customers' acts: hours and minutes of the shop's day."""
SLACK = timedelta(hours=6)
STAFF_WORK_AT = (9, 5), (16, 0)
ARRIVE_WITHIN = 0.7
"""The part of the year in which customers come."""


@dataclass(frozen=True)
class Figures:
    """How unasked messages went out."""

    sent: Counter[str]
    rides: Counter[str]
    pushes: Counter[str]
    """Each by kind or step, a push counted for its most important message."""
    answer_count: int
    """Answers to what customers wrote or tapped: free, along with them the rides."""
    other_push_count: int
    """Pushes of staff's words and of what follows a ticket."""

    def ratio(self) -> float:
        """Pushes ÷ everything pushed singly."""
        return self.pushes.total() / max(1, self.sent.total())


def simulate(scenario: Scenario, *, customers: int, days: int, seed: int, acts_a_month: float) -> People:
    """Let the time pass with that many customers, besides the friends they bring."""
    begin = localtime.local(localtime.now())
    ends_at = begin + timedelta(days=days)
    _prepare()
    dice = Random(seed)  # noqa: S311 -- invents customers
    people = People(scenario, dice, ends_at, acts_a_month)
    for number in range(customers):
        share = (number + dice.random()) / customers
        people.arrive(begin + timedelta(days=1 + share * days * ARRIVE_WITHIN, minutes=dice.randrange(1440)))
    day = begin
    while day < ends_at:
        for hour, minute in MOMENTS:
            moment = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
            if not begin < moment < ends_at:
                continue
            people.act_until(moment)
            if (hour, minute) in STAFF_WORK_AT:
                people.staff_work()
            timetable.run_all()
            scenario.settle()
            people.react()
        day += timedelta(days=1)
    return people


def _prepare() -> None:
    """Both flows on, and a coupon for the first purchase."""
    with write_transaction():
        reward_list.make(
            RewardDraft(name="石けん", kind=RewardKind.FIRST_PURCHASE, value_text="石けん", value_yen=200)
        )
        for definition in shipped_flows.all_of_them().values():
            stock.switch_on(stock.import_flow(definition), localtime.now())
    subscriptions.forget_cached()


def figures() -> Figures:
    """What went out."""
    calls = {
        call.id: call.sent_as for call in OutboxMessage.select().where(OutboxMessage.sent_as.is_null(False))
    }
    sent: Counter[str] = Counter()
    rides: Counter[str] = Counter()
    pushes: Counter[str] = Counter()
    for row in PlannedMessage.select().where(PlannedMessage.state == SENT):
        name = f"flow: {row.step_key}" if row.step_key else str(row.kind)
        sent_as = calls.get(row.outbox_id or 0)
        sent[name] += 1
        rides[name] += sent_as == REPLY
        pushes[name] += bool(row.carries_cost and sent_as == PUSH)
    answers = sum(sent_as == REPLY for sent_as in calls.values())
    others = sum(sent_as == PUSH for sent_as in calls.values()) - pushes.total()
    return Figures(sent, rides, pushes, answers, others)


def show(people: People, found: Figures, days: int) -> None:
    """Print the figures."""
    acts = sum(life.act_count for life in people.lives)
    months = sum((people.ends_at - life.joined_at).days / 30 for life in people.lives)
    orders = sum(len(life.orders) for life in people.lives)
    yen = shop.get(SendingRules).push_cost_yen
    print(f"{len(people.lives)} customers, {days} days, {orders} orders, {acts} acts of customers")
    print(f"{acts / max(1, months):.1f} acts a month and customer, with what they did about messages")
    print(f"{'':24}{'sent':>7}{'rode':>7}{'shared':>7}{'pushed':>7}")
    for name, count in found.sent.most_common():
        shared = count - found.rides[name] - found.pushes[name]
        print(f"{name:24}{count:7}{found.rides[name]:7}{shared:7}{found.pushes[name]:7}")
    total, pushed = found.sent.total(), found.pushes.total()
    print(f"{'all':24}{total:7}{found.rides.total():7}{total - found.rides.total() - pushed:7}{pushed:7}")
    print(
        f"¥{pushed * yen:,} instead of ¥{total * yen:,}: ratio {found.ratio():.2f}, free {1 - found.ratio():.0%}"
    )
    orders_sent, orders_pushed = (
        sum(count for name, count in counted.items() if name.startswith("order-"))
        for counted in (found.sent, found.pushes)
    )
    rest = (pushed - orders_pushed) / max(1, total - orders_sent)
    whole = total + found.answer_count + found.other_push_count
    print(
        f"with {found.answer_count} answers and {found.other_push_count} pushes of staff, had all been pushed: "
        f"{(pushed + found.other_push_count) / max(1, whole):.2f}"
    )
    print(f"order messages {orders_pushed / max(1, orders_sent):.2f}, everything else {rest:.2f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--acts", type=float, default=2.0)
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, year_shop.opened(Path(folder)) as scenario:
        people = simulate(
            scenario, customers=given.customers, days=given.days, seed=given.seed, acts_a_month=given.acts
        )
        show(people, figures(), given.days)
        wrong = year_checks.violations(people.lives, scenario.platform, SLACK) + scenario.parked()
    print(f"{time.monotonic() - began:.0f} s; {len(wrong)} violations")
    for each in wrong:
        print("  " + each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
