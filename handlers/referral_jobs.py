"""The clock's job for referrals: put an event for each whose hold is over, once."""

from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from customers.people.customer import Customer
from rewards.referrals import review

CHUNK = 200


def end_holds() -> int:
    """Put `referral.due` into the chat of each referee whose hold is over; how many were new."""
    count = after = 0
    while found := review.due(after, CHUNK):
        with write_transaction():
            count += sum(_put(each.id, each.referee_id, str(each.due_on)) for each in found)
        after = found[-1].id
    return count


def _put(referral_id: int, referee_id: int, due_on: str) -> bool:
    customer = Customer.get_by_id(referee_id)
    if customer.conversation_id is None:
        return False
    chat = Conversation.get_by_id(customer.conversation_id)
    return inbox.put(
        event_kinds.REFERRAL_DUE,
        f"referral-due:{referral_id}:{due_on}",
        chat.key,
        {"referral_id": referral_id},
        line_user_id=chat.line_user_id,
    )
