"""Answers the end of a referral's hold and staff's decision on a referral: credits and notifies both sides,
or sends the referee a kind refusal."""

from bot.line.messages import Message
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import flow_triggers, unasked
from handlers.event_customer import get_or_create_customer
from handlers.progress import rank_messages
from journeys.flows.occurrences import Occurrence, On
from journeys.sending.message_kinds import Kind
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
    flow_triggers.note_elsewhere(referrer.id, Occurrence(On.REFERRAL_BOUGHT, f"referral:{bought.id}:bought"))
    if customers.can_be_pushed(referrer) and referrer.conversation_id is not None:
        balance = ledger.balance(referrer.id)
        risen = rank_messages(referrer.id)
        if not quiet_period.is_resting(referrer.id):
            thanks = [referral_messages.friend_bought(bought.referrer_points, balance), *risen]
            unasked.say(referrer, thanks, kind=Kind.REFERRAL, cause=f"referral:{bought.id}")
    if not bought.referee_points:
        return []
    return [ledger_messages.earned(bought.referee_points, ledger.balance(referee.id), Action.REFERRED)]


@routes.on_internal_event(event_kinds.REFERRAL_DUE)
def hold_ended(event: InternalEvent) -> Answer:
    """The hold has ended: release the referral's rewards."""
    referee = get_or_create_customer(event)
    bought = review.release(int(event.data["referral_id"]))
    if bought:
        _say(referee, notify_both(referee, bought), event)
    return []


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
        _say(referee, notify_both(referee, decided.bought), event)
    if decided.bought is not None or not decided.friend_waits:
        return []
    match decided.verdict:
        case ReferralVerdict.MAY_COME | ReferralVerdict.WAITS:
            _say(referee, [referral_messages.welcome_referred()], event)
        case ReferralVerdict.REJECTED:
            _say(referee, [referral_messages.referral_declined()], event)
    return []


def _say(referee: Customer, said: list[Message], event: InternalEvent) -> None:
    """Plan the messages, except in the days after a complaint."""
    if not quiet_period.is_resting(referee.id):
        unasked.say(referee, said, kind=Kind.REFERRAL, cause=event.event_id)
