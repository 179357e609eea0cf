"""How many surveys the purchases of the last weeks will bring until a day, for the forecast of the month's pushes.

Who is asked when is in `due_invitations.py`; this counts without looking at each customer's own limits.
"""

from datetime import date, timedelta

from peewee import Value, fn

from bot import localtime
from bot.config import shop
from customers.orders.purchases import Purchase, is_purchase
from customers.people.customer import Customer
from surveys.nps.asking import Occasion
from surveys.nps.invitations import SurveyInvitation
from surveys.nps.settings import SurveyRules


def expected_until(last_on: date) -> int:
    """Surveys after purchases that fall due from today to that day, within the daily number that the shop allows.
    Purchases not asked about yet whose survey is late count, too, as far as they are caught up on."""
    rules, today = shop.get(SurveyRules), localtime.today()
    asked = SurveyInvitation.select(Value(1)).where(
        SurveyInvitation.cause == Value(f"{Occasion.PURCHASE}:").concat(Purchase.id.cast("TEXT"))
    )
    due = (
        Purchase.select(fn.COUNT(Purchase.customer.distinct()))
        .join(Customer, on=Purchase.customer == Customer.id)
        .where(
            Purchase.ordered_on.between(
                today - timedelta(days=rules.question_after_days + rules.catch_up_days),
                last_on - timedelta(days=rules.question_after_days),
            ),
            is_purchase(),
            Customer.conversation.is_null(False),
            Customer.blocked_at.is_null(),
            Customer.opted_out_at.is_null(),
            ~fn.EXISTS(asked),
        )
    )
    days = (last_on - today).days + 1
    return min(int(due.scalar()), rules.asked_a_day * days)
