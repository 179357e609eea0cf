"""Answers 「紹介」: a customer invites a friend, or a friend sends a referral code."""

import re
import unicodedata

from bot.routing.events import PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from handlers import referral_code_entered, replies
from handlers.event_customer import record_activity
from rewards.referrals import codes, messages, referrals

routes = Routes()


@routes.on_text(
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
@routes.on_postback("referral.invite")
def invitation_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Show the customer's own code, a button to share it, and its QR code."""
    return replies.lead_on([messages.invitation(referrals.invite(record_activity(event).id))])


_CODE_LIKE = re.compile("[A-Za-z0-9]{3}")


def _holds_a_code(text: str) -> bool:
    """Whether the text holds a code, or the usual words around one that the sender damaged, which gets an answer too.

    「紹介コードはどこで見られますか？」 holds no letters of a code and is handled as a question.
    """
    if codes.find_code(text) is not None:
        return True
    return "紹介コード" in text and _CODE_LIKE.search(unicodedata.normalize("NFKC", text)) is not None


@routes.on_text_that(_holds_a_code)
def code_sent(event: TextReceived) -> Answer:
    """Answer a friend's code, sent by a link or typed."""
    customer = record_activity(event)
    return replies.lead_on([referral_code_entered.answer_to_code(customer, codes.find_code(event.text))])
