"""Answers the end of a referral's hold and staff's decision on a referral: credits and notifies both sides,
or sends the referee a kind refusal."""

from bot.line.messages import Message
from bot.queue import outbox
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers.event_customer import get_or_create_customer
from handlers.progress import rank_messages
from rewards.ledger import ledger
from rewards.ledger import messages as ledger_messages
from rewards.ledger.actions import Action
from rewards.referrals import messages as referral_messages
from rewards.referrals import review
from rewards.referrals.referrals import ReferralReward
from rewards.referrals.review import ReferralVerdict
from support.bad_moments import quiet_period

routes = Routes()


def notify_both(referee: Customer, bought: ReferralReward) -> list[Message]:
    """Notify the referrer in their own chat; the messages for the referee are returned."""
    referrer = Customer.get_by_id(bought.referrer_id)
    if customers.can_be_pushed(referrer) and referrer.conversation_id is not None:
        balance = ledger.balance(referrer.id)
        risen = rank_messages(referrer.id)
        if not quiet_period.is_resting(referrer.id):
            thanks = [referral_messages.friend_bought(bought.referrer_points, balance), *risen]
            outbox.push(referrer.conversation_id, thanks, cause=f"referral:{bought.id}")
    if not bought.referee_points:
        return []
    return [ledger_messages.earned(bought.referee_points, ledger.balance(referee.id), Action.REFERRED)]


@routes.on_internal_event(event_kinds.REFERRAL_DUE)
def hold_ended(event: InternalEvent) -> Answer:
    """The hold has ended: release the referral's rewards."""
    referee = get_or_create_customer(event)
    bought = review.release(int(event.data["referral_id"]))
    return _if_reachable(referee, notify_both(referee, bought)) if bought else []


@routes.on_internal_event(event_kinds.REFERRAL_DECIDED)
def referral_decided(event: InternalEvent) -> Answer:
    """Staff approved or rejected a referral that was held."""
    referee = get_or_create_customer(event)
    decided = review.decide(
        int(event.data["referral_id"]),
        int(event.data["staff_id"]),
        str(event.data.get("reason", "")),
        approve=bool(event.data["approve"]),
    )
    if decided.bought is not None:
        return _if_reachable(referee, notify_both(referee, decided.bought))
    if not decided.friend_waits:
        return []
    match decided.verdict:
        case ReferralVerdict.MAY_COME | ReferralVerdict.WAITS:
            return _if_reachable(referee, [referral_messages.welcome_referred()])
        case ReferralVerdict.REJECTED:
            return _if_reachable(referee, [referral_messages.referral_declined()])
        case _:
            return []


def _if_reachable(referee: Customer, said: list[Message]) -> list[Message]:
    """The messages, or none to a customer who may not be written to or is in the days after a complaint."""
    return said if customers.can_be_pushed(referee) and not quiet_period.is_resting(referee.id) else []
