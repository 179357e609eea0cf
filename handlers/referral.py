"""紹介: a customer invites a friend; a friend sends the code."""

import re
import unicodedata
from datetime import timedelta

from bot import shop
from bot.events import PostbackReceived, TextReceived
from bot.line_messages import Message
from bot.routing import Answer, on_postback, on_text, on_text_that
from customers import customer as customers
from customers.customer import Customer
from handlers import messages as talk
from handlers.people import customer_of
from rewards import messages, referral_codes, referrals
from rewards.referral_tables import Outcome
from rewards.rules import ReferralRules


@on_text(
    "紹介",
    "しょうかい",
    "友達紹介",
    "お友達を紹介",
    "友達を紹介",
    "お友達紹介",
    "紹介する",
    "紹介コード",
    "QRコード",
)
@on_postback("referral.invite")
def invitation_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """The customer's own code, a button to share it, and its QR."""
    return talk.lead_on([messages.invitation(referrals.invite(customer_of(event).id))])


_LOOKS_LIKE_A_CODE = re.compile("[A-Za-z0-9]{3}")


def _holds_a_code(text: str) -> bool:
    """A code, or the words around one that the sender has damaged: that deserves an answer about the code.

    「紹介コードはどこで見られますか？」 holds no letters of a code, and is a question like any other.
    """
    if referral_codes.find_code(text) is not None:
        return True
    return "紹介コード" in text and _LOOKS_LIKE_A_CODE.search(unicodedata.normalize("NFKC", text)) is not None


@on_text_that(_holds_a_code)
def code_sent(event: TextReceived) -> Answer:
    """A friend's code, sent from a link or typed in."""
    customer = customer_of(event)
    return talk.lead_on([answer_to_code(customer, referral_codes.find_code(event.text))])


def answer_to_code(customer: Customer, code: str | None) -> Message:
    """What becomes of the code, and what is said to it."""
    if code is None:
        return messages.unknown_code()
    is_new = customers.is_new_to_shop(customer, timedelta(days=shop.get(ReferralRules).joins_within_days))
    match referrals.join(code, customer.id, is_new=is_new).outcome:
        case Outcome.ATTRIBUTED:
            return messages.welcome_referred()
        case Outcome.OWN_CODE:
            return messages.own_code()
        case Outcome.UNKNOWN_CODE:
            return messages.unknown_code()
        case Outcome.ALREADY_CUSTOMER:
            return messages.already_customer()
        case Outcome.ALREADY_JOINED:
            return messages.already_joined()
        case Outcome.CIRCULAR | Outcome.TOO_MANY:
            return messages.being_checked()
