"""A random shop in which every figure has something to count: that of the owner's pages and that of the referrals, with
what both lack.
"""

import random
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

from bot import localtime
from bot.conversations import Conversation
from bot.db.database import execute, is_postgres, write_transaction
from bot.queue.month_quota import MonthQuota
from bot.queue.outbox import OutboxMessage
from customers.costs.acquisition_costs import AcquisitionCost
from customers.orders import purchases
from customers.orders.tables import Purchase
from customers.people.customer import Customer
from customers.people.staff_lines import StaffLine
from journeys.audience.tables import CustomerProfile, StageChange
from journeys.contacts.tables import SUBJECT, Contact
from journeys.proof.tables import HoldOutPeriod
from journeys.sending.tables import PlannedMessage
from rewards.ledger import due_points, ledger
from rewards.ledger.actions import Action
from rewards.ranks.tables import CustomerRank, RankChange
from rewards.referrals.tables import Referral
from support.satisfaction.ratings import Satisfaction
from support.tickets.tickets import Ticket
from surveys.nps.answers import SurveyAnswer
from surveys.nps.invitations import SurveyInvitation
from surveys.nps.segments import segment_of
from tests.console import figures_of_a_year
from tests.storage.console.raw_tables import STAGES
from tests.storage.rewards import test_referral_figures

CUSTOMERS = range(10_001, 10_201)
"""Those of the owner's pages; the others have the numbers 1 to 60."""


def build(seed: int, now: datetime) -> None:
    """The shop as of that moment, which the clock must stand at."""
    dice = random.Random(seed)
    figures_of_a_year.build(len(CUSTOMERS), seed)
    with patch.object(test_referral_figures, "TODAY", localtime.local_date(now)):
        test_referral_figures.a_shop(seed)
    count_ids_on()
    with write_transaction():
        # The moments of waiting and of the decision are always stored with the state.
        Referral.update(held_at=Referral.joined_at).where(Referral.held_at.is_null()).execute()
        Referral.update(decided_at=Referral.joined_at).where(Referral.decided_at.is_null()).execute()
    for some in (on_line, orders, questions, chats, messages, ranks, stages, contacts):
        with write_transaction():
            some(dice, now)
    points(dice, now)
    with write_transaction():
        for each in list(Customer.select()):
            purchases.refresh(each)
            due_points.expire(each.id)


def count_ids_on() -> None:
    """PostgreSQL does not notice ids that were given with the rows."""
    if is_postgres():
        for table in (
            "customer",
            "purchase",
            "survey_invitation",
            "survey_answer",
            "ledger_entry",
            "standing",
        ):
            execute(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")


def moment(dice: random.Random, now: datetime, days: int = 420) -> datetime:
    """Some time of the last so many days, often near the ends of days and of months; not after now."""
    back = dice.choice((0, 1, 29, 30, 40, 60, *[dice.randrange(days)] * 6))
    at = localtime.start_of(localtime.local_date(now) - timedelta(days=back))
    return min(at + timedelta(minutes=dice.choice((0, 1, 601, 700, 1_439))), now)


def on_line(dice: random.Random, now: datetime) -> None:
    """Conversations for most; some blocked the shop or opted out, some came lately."""
    for key in CUSTOMERS:
        if dice.random() < 0.9:
            Conversation.insert(id=key, key=f"U{key:032x}", line_user_id=f"U{key:032x}").execute()
            Customer.update(
                conversation=key,
                followed_at=dice.choice((now, now, now, None)),
                blocked_at=dice.choice((None, None, None, now)),
                opted_out_at=dice.choice((None, None, None, now)),
            ).where(Customer.id == key).execute()
        Customer.update(first_seen_at=moment(dice, now)).where(Customer.id == key).execute()


def orders(dice: random.Random, now: datetime) -> None:
    """Three years of orders: of a few heavy buyers, of nobody on LINE, free, refunded, cancelled, of days to come."""
    for number in range(900):
        at = now - timedelta(days=int(dice.expovariate(1 / 300)) - 4, hours=dice.randrange(24))
        total = dice.choice((0, 900, 3_000, 7_500, 18_000, 60_000))
        state = dice.choice((*["paid"] * 5, "cancelled", "refunded"))
        Purchase.create(
            source="t", order_number=f"N-{number}", ordered_at=at, ordered_on=localtime.local_date(at), state=state,
            customer=dice.choice((None, CUSTOMERS[int(dice.paretovariate(0.7) * 6) % len(CUSTOMERS)])),
            total_yen=total, refunded_yen=min(total, dice.choice((0, 0, 0, 400, 18_000))), recorded_at=at,
        )  # fmt: skip
    for months, cpo, margin in ((20, 9_000, 600), (5, 4_500, 550), (0, 2_000, 400), (5, 1_000, 500)):
        first = date(2026, 11, 1) - timedelta(days=30 * months)
        AcquisitionCost.create(
            from_month=first.replace(day=1), cpo_yen=cpo, margin_permille=margin, entered_at=now
        )


def questions(dice: random.Random, now: datetime) -> None:
    """Later questions of every kind, answered or not, some at once, some long after; answers have ids by time."""
    answers: list[dict[str, Any]] = list(SurveyAnswer.select().dicts())  # type: ignore[arg-type]
    for number in range(300):
        who, asked_at = dice.choice(CUSTOMERS), moment(dice, now)
        cause = f"{dice.choice(('drip', 'ticket', 'word', 'staff'))}:{number}"
        made = SurveyInvitation.create(customer=who, cause=cause, asked_at=asked_at)
        if dice.random() < 0.6:
            at, score = (
                min(now, asked_at + timedelta(hours=dice.choice((0, 5, 60, 2_000)))),
                dice.randrange(11),
            )
            answers.append(
                {
                    "invitation": made.id,
                    "customer": who,
                    "score": score,
                    "segment": segment_of(score),
                    "answered_at": at,
                    "answered_on": localtime.local_date(at),
                    "comment": "",
                }
            )
    SurveyAnswer.delete().execute()
    for each in sorted(answers, key=lambda row: row["answered_at"]):
        columns = ("invitation", "customer", "score", "segment", "answered_at", "answered_on", "comment")
        SurveyAnswer.insert({column: each[column] for column in columns}).execute()


def chats(dice: random.Random, now: datetime) -> None:
    """Low scores and other causes; replied to in time, late or not at all; asked whether they were satisfied."""
    for who in dice.sample(
        [each.id for each in Customer.select().where(Customer.conversation.is_null(False))], 120
    ):
        opened = moment(dice, now)
        replied = opened + timedelta(hours=dice.choice((1, 20, 90, 1_200))) if dice.random() < 0.8 else None
        replied = replied if replied and replied <= now else None
        row = Ticket.create(
            customer=who, conversation=who, cause=dice.choice(("detractor", "detractor", "asked")), cause_key=f"k{who}",
            state="resolved" if replied else "waiting", opened_at=opened, since_at=opened, first_response_at=replied,
            due_at=opened + timedelta(hours=dice.choice((1, 24, 96))),
            snoozed_until=None if replied or dice.random() < 0.7 else now + timedelta(days=1),
        )  # fmt: skip
        if replied:
            answered = (
                min(now, replied + timedelta(days=dice.choice((1, 9, 45)))) if dice.random() < 0.6 else None
            )
            Satisfaction.create(
                ticket=row, asked_at=replied, asked_on=localtime.local_date(replied), answered_at=answered,
                score=dice.randint(1, 5) if answered else None,
            )  # fmt: skip


def messages(dice: random.Random, now: datetime) -> None:
    """Calls with one message or several, pushed or as replies, some not sent; and replies that nobody planned."""
    who = Customer.get(Customer.conversation.is_null(False))
    asked_at, known_to = now - timedelta(days=3), 0
    for number, at in enumerate(sorted(moment(dice, now, 90) for _ in range(150))):
        state = dice.choice(("sent", "sent", "sent", "due", "parked"))
        call = OutboxMessage.create(
            conversation=who.conversation_id, kind="push", cause=f"c{number}", retry_key=f"r{number}", state=state,
            created_at=at, sent_at=at if state == "sent" else None,
            sent_as=dice.choice(("push", "push", "reply")) if state == "sent" else None,
        )  # fmt: skip
        known_to = call.id if at <= asked_at else known_to
        for place in range(dice.choice((0, 1, 1, 2, 3))):
            PlannedMessage.create(
                customer=who, conversation=who.conversation_id, kind="survey", message_class="care", priority=1,
                cause=f"m{number}-{place}", created_at=at, earliest_at=at, latest_at=at, due_at=at, settled_at=at,
                state="sent", outbox_id=call.id, carries_cost=place == 0,
            )  # fmt: skip
    MonthQuota.create(quota=5_000, used_count=1_200, asked_at=asked_at, outbox_id=known_to)


def ranks(dice: random.Random, now: datetime) -> None:
    """Up to four changes of each rank; the last is the rank that is stored."""
    axes: dict[str, Any] = {"money": 0, "behaviour": 0, "relationship": 0, "rule_version": "1"}
    found = []
    for who in CUSTOMERS:
        before = None
        for at in sorted(moment(dice, now) for _ in range(dice.randint(1, 4))):
            after = dice.choice([each for each in range(1, 5) if each != before])
            found.append(axes | {"customer": who, "before": before, "after": after, "changed_at": at})
            before = after
        CustomerRank.update(rank=before).where(CustomerRank.customer == who).execute()
    RankChange.insert_many(sorted(found, key=lambda row: row["changed_at"])).execute()


def stages(dice: random.Random, now: datetime) -> None:
    """Since the record began, five months ago, some went on, some back."""
    began = now - timedelta(days=150)
    for each in list(Customer.select()):
        first = max(began, each.first_seen_at)
        moments = sorted({max(first, moment(dice, now, 150)) for _ in range(dice.choice((0, 1, 2, 3)))})
        stage, since = dice.choice(STAGES[:6]), first
        for since in moments:
            before, stage = stage, dice.choice([each for each in STAGES if each != stage])
            StageChange.create(customer=each, before=before, after=stage, changed_at=since)
        CustomerProfile.create(customer=each, stage=stage, stage_since=since, changed_at=since)


def contacts(dice: random.Random, now: datetime) -> None:
    """Who was due or held out, before this period and in it; some twice, some held out shop-wide, two of staff."""
    began = now - timedelta(days=110)
    HoldOutPeriod.create(
        subject=SUBJECT, percent=50, started_at=now - timedelta(days=300), ended_at=began, end_reason="t"
    )
    HoldOutPeriod.create(subject=SUBJECT, percent=30, started_at=began)
    for staff_id, who in enumerate(CUSTOMERS[:2], 1):
        StaffLine.create(staff_id=staff_id, customer=who)
    bought = list(Purchase.select().where(Purchase.customer.is_null(False)).order_by(Purchase.id))
    for last in dice.sample(bought, 220):
        at = now - timedelta(
            days=dice.choice((0, 29, 30, 31, *[dice.randrange(130)] * 5)), seconds=dice.randrange(2)
        )
        is_held_out = dice.random() < 0.3
        state = (
            "held-out" if is_held_out else dice.choice(("due", "contacted", "missed", "bought", "left-out"))
        )
        Contact.create(
            customer=last.customer_id, purchase_id=last.id, purchased_on=last.ordered_on, due_on=last.ordered_on,
            until_on=last.ordered_on, order_count=2, year_yen=0, assigned_at=at, state=state,
            reason="shop" if is_held_out and dice.random() < 0.2 else "",
        )  # fmt: skip


def points(dice: random.Random, now: datetime) -> None:
    """A year of earning, pending, spending and reversing by the ledger itself."""
    for step in range(150):
        who, cause = dice.choice(CUSTOMERS[:25]), f"act:{step}"
        with localtime.fixed(now - timedelta(days=300 - step * 2)), write_transaction():
            match dice.randrange(6):
                case 0:
                    ledger.reverse(f"act:{dice.randrange(150)}", cause)
                case 1 if ledger.available(who):
                    ledger.burn(who, ledger.available(who) // dice.choice((1, 2)) or 1, cause)
                case 2:
                    until = localtime.today() + timedelta(days=dice.choice((20, 300)))
                    ledger.earn(who, Action.PURCHASE, 30, cause, held_until=until)
                case _:
                    ledger.earn(who, Action.PURCHASE, dice.choice((10, 80)), cause)
