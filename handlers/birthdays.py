"""Answers 「誕生日」: asks for the customer's birthday, stores it, and gives points and coupons on the day."""

from datetime import timedelta

from bot import conversations, localtime
from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Message
from bot.routing import event_kinds
from bot.routing.events import InternalEvent, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from handlers import exchanges, fallback, flow_triggers, replies, unasked
from handlers.event_customer import get_or_create_customer, record_activity
from journeys.sending.message_kinds import Kind
from rewards.coupons import birthdays, coupons, messages, reward_list
from rewards.coupons.rules import RewardKind
from rewards.coupons.words import words
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from rewards.ranks import customer_rank
from support.bad_moments import quiet_period
from support.listening import MessageKind, hear

routes = Routes()

PATIENCE = timedelta(hours=1)
GREETED_WITHIN = timedelta(days=7)
"""A greeting that could not be sent until then is not sent."""


@routes.on_text("誕生日", "たんじょうび", "お誕生日", "誕生日を登録", "birthday")
@routes.on_postback("birthday")
def birthday_offered(event: TextReceived | PostbackReceived) -> Answer:
    """Ask for the birthday, once. Only staff can change it, so that nobody collects the gift twice."""
    known = birthdays.of_customer(record_activity(event).id)
    if known is not None:
        return replies.with_ways_on(words().birthday_known.format(month=known.month, day=known.day))
    conversations.wait_for(event.conversation_id, exchanges.BIRTHDAY, PATIENCE)
    return [_question()]


def _question() -> Message:
    has_gift = bool(reward_list.of_kind(RewardKind.BIRTHDAY) or shop.get(PointRules).birthday)
    return line.text(words().birthday_ask if has_gift else words().birthday_ask_no_gift, [line.say("やめる")])


@routes.on_awaited(exchanges.BIRTHDAY)
def birthday_entered(event: TextReceived) -> Answer:
    """Read the day in any usual notation and store it."""
    customer = record_activity(event)
    day = birthdays.read(event.text)
    if day is None:
        kind = hear(event.text).kind
        if kind is MessageKind.STAFF:
            return fallback.handle_as_free_text(event)
        if kind is MessageKind.QUESTION:
            return fallback.answer_then_ask_again(event, _question())
        return [line.text(words().birthday_unclear, [line.say("やめる")])]
    conversations.stop_waiting(event.conversation_id)
    birthdays.learn(customer.id, *day)
    return replies.with_ways_on(words().birthday_learnt.format(month=day[0], day=day[1]))


@routes.on_internal_event(event_kinds.BIRTHDAY_CAME)
def birthday_came(event: InternalEvent) -> Answer:
    """Give the year's points and birthday coupons, each once. No message to customers who declined messages."""
    customer = get_or_create_customer(event)
    # The year of the birthday: in early January, the clock may catch up on one in December.
    cause = f"birthday:{customer.id}:{event.data.get('year', localtime.today().year)}"
    entry = ledger.earn(customer.id, Action.BIRTHDAY, shop.get(PointRules).points_for(Action.BIRTHDAY), cause)
    rank = customer_rank.snapshot(customer.id).rank
    gifts = coupons.issue_for_occasion(customer.id, RewardKind.BIRTHDAY, rank, cause)
    flow_triggers.note_coupons(customer.id, gifts)
    if not customers.can_be_pushed(customer) or quiet_period.is_resting(customer.id):
        return []  # no greeting during a complaint: the gifts are stored, the greeting follows with the ticket's end
    said = messages.given(gifts, RewardKind.BIRTHDAY)
    if entry is not None and entry.points:
        balance = f"{ledger.balance(customer.id):,}"
        said.insert(0, line.text(words().birthday_points.format(points=f"{entry.points:,}", balance=balance)))
    unasked.say(customer, said, kind=Kind.BIRTHDAY, cause=cause, expires_at=localtime.now() + GREETED_WITHIN)
    return []
