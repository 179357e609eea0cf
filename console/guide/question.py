"""Sends the survey's question to a friend whom the owner chooses, themselves, and says what came of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from bot import facts, localtime
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from customers.people import customer as customers
from customers.people.customer import Customer
from surveys.nps.answers import SurveyAnswer
from surveys.nps.invitations import SurveyInvitation

KEY = "first-question"
MOST_FRIENDS = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """The question that was sent for a try."""

    customer: Customer
    asked_at: datetime | None
    """When it went out; None while it has not."""
    score: int | None
    """The answer; None while there is none."""


def friends() -> list[Customer]:
    """The newest friends of the account who can be written to."""
    newest = (
        Customer.select().where(Customer.conversation.is_null(is_null=False)).order_by(Customer.id.desc())
    )
    return [each for each in newest.limit(4 * MOST_FRIENDS) if customers.is_reachable(each)][:MOST_FRIENDS]


def send(customer_id: int) -> bool:
    """Have the question sent to that friend; False when they are none any more."""
    customer = Customer.get_or_none(Customer.id == customer_id)
    if customer is None or not customers.is_reachable(customer) or customer.conversation_id is None:
        return False
    with write_transaction():
        cause = f"staff:{uuid.uuid4()}"
        key = Conversation.get_by_id(customer.conversation_id).key
        inbox.put(event_kinds.SURVEY_TRIED, cause, key, {"cause": cause}, line_user_id=customer.line_user_id)
        facts.keep(KEY, {"customer": customer.id, "at": localtime.now().isoformat()})
    return True


def sent() -> Sent | None:
    """What became of the newest try; None when there was none."""
    known = facts.get(KEY)
    customer = Customer.get_or_none(Customer.id == known["customer"]) if known else None
    if customer is None:
        return None
    asked: SurveyInvitation | None = (
        SurveyInvitation.select()
        .where(SurveyInvitation.customer == customer.id)
        .order_by(SurveyInvitation.id.desc())
        .first()
    )
    if asked is None:
        return Sent(customer, None, None)
    answer = SurveyAnswer.get_or_none(SurveyAnswer.invitation == asked.id)
    return Sent(customer, asked.asked_at, None if answer is None else answer.score)


def is_answered() -> bool:
    """Whether a customer has answered the question ever."""
    return bool(SurveyAnswer.select().exists())
