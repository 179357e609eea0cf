"""Answers a referral code, whether it was typed or came with LINE Login.

Registers no route, so that `following.py` can use it without changing the order in which texts are matched.
"""

from datetime import timedelta

from bot.config import shop
from bot.line.messages import Message
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import flow_triggers
from journeys.flows.occurrences import Occurrence, On
from rewards.referrals import logins, messages, referrals
from rewards.referrals.settings import ReferralRules
from rewards.referrals.tables import ReferralOutcome


def answer_to_code(customer: Customer, code: str | None) -> Message:
    """Attribute the referral if the rules allow it, and say the result."""
    if code is None:
        return messages.unknown_code()
    is_new = customers.is_new_to_shop(customer, timedelta(days=shop.get(ReferralRules).joins_within_days))
    match referrals.join(code, customer.id, is_new=is_new):
        case ReferralOutcome.ATTRIBUTED:
            _note_joined(customer)
            return messages.welcome_referred()
        case ReferralOutcome.OWN_CODE:
            return messages.own_code()
        case ReferralOutcome.UNKNOWN_CODE:
            return messages.unknown_code()
        case ReferralOutcome.ALREADY_CUSTOMER:
            return messages.already_customer()
        case ReferralOutcome.ALREADY_JOINED:
            return messages.already_joined()
        case ReferralOutcome.CIRCULAR | ReferralOutcome.TOO_MANY:
            return messages.being_checked()


def _note_joined(referee: Customer) -> None:
    """For the flows of whoever invited them."""
    referral = referrals.of_referee(referee.id)
    if referral is not None:
        joined = Occurrence(On.REFERRAL_JOINED, f"referral:{referral.id}:joined")
        flow_triggers.note_elsewhere(referral.referrer_id, joined)


def redeem_login_code(customer: Customer) -> list[Message]:
    """Redeem the code stored at LINE Login for this customer, if any; the message about it. Nothing when they
    have sent the same code themselves."""
    code = logins.take(customer.line_user_id or "")
    if code is None:
        return []
    before = referrals.of_referee(customer.id)
    said = answer_to_code(customer, code)
    return [] if before is not None and before.code == code else [said]
