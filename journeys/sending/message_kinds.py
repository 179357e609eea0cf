"""The classes and kinds of unasked messages, and what each class permits. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class MessageClass(StrEnum):
    """What a message is to the customer; each limit applies to some classes."""

    ORDER = "order"
    """An order was received, dispatched, delivered or reversed."""
    TICKET = "ticket"
    """A person of staff or a promise of theirs."""
    CARE = "care"
    """How to use something, whether anything is wrong, points and rank, the survey."""
    SELLING = "selling"
    """An offer."""


@dataclass(frozen=True, slots=True)
class ClassRules:
    """Which limits apply to a class."""

    waits_for_quiet_hours: bool
    counts: bool
    """Counted against the customer's daily and weekly limits, and held by them."""
    stopped_by_opt_out: bool
    waits_for_budget: bool
    waits_for_tickets: bool
    """Held while the customer has an unresolved ticket, and for the quiet period after a complaint."""
    may_reach_basic: bool
    may_be_held_out: bool


CLASS_RULES = {
    MessageClass.ORDER: ClassRules(True, False, False, False, False, True, False),
    MessageClass.TICKET: ClassRules(True, False, False, False, False, True, False),
    MessageClass.CARE: ClassRules(True, True, True, True, True, True, True),
    MessageClass.SELLING: ClassRules(True, True, True, True, True, False, True),
}


class Kind(StrEnum):
    """What a message is about. Stored in `planned_message.kind`; never rename a value."""

    ORDER_RECEIVED = "order-received"
    ORDER_DISPATCHED = "order-dispatched"
    ORDER_DELIVERED = "order-delivered"
    ORDER_REVERSED = "order-reversed"
    OVERDUE_ANSWER = "overdue-answer"
    SATISFACTION = "satisfaction"
    COUPON_GIVEN = "coupon-given"
    """By a person of staff, often in the middle of a ticket."""
    COUPON_CANCELLED = "coupon-cancelled"
    REFERRAL = "referral"
    RANK_ROSE = "rank-rose"
    POINTS_EXPIRING = "points-expiring"
    RANK_FALL = "rank-fall"
    BIRTHDAY = "birthday"
    SURVEY = "survey"
    SURVEY_REMINDER = "survey-reminder"
    TESTIMONIAL_PUBLISHED = "testimonial-published"
    LINK = "link"
    """An answer about a membership link that was made or undone elsewhere."""
    FLOW_STEP = "flow-step"
    """Its class is that of the step."""
    CAMPAIGN = "campaign"
    """Its class is that of the campaign."""
    CONTACT = "contact"
    """A member of staff writes to a customer by themselves, because they have not bought for a while."""
    FOLLOW_UP = "follow-up"
    """A member of staff asks after a customer who has not answered, on a day they chose."""
    MONTHLY_REPORT = "monthly-report"
    """To an owner, on their own LINE: the shop's figures of a month."""

    STAFF_ALERT = "staff-alert"
    """To a member of staff, on their own LINE: a chat needs them."""


@dataclass(frozen=True, slots=True)
class KindRules:
    """The class of a kind, its priority (the greater goes first), how long it may wait for a reply to go along
    with, and how long after `earliest_at` it may be pushed at night, too, because the customer is awake."""

    message_class: MessageClass
    priority: int
    waits: timedelta = timedelta()
    awake_for: timedelta = timedelta()


_ORDER, _TICKET, _CARE, _SELLING = MessageClass
_DAY = timedelta(days=1)

KIND_RULES = {
    Kind.OVERDUE_ANSWER: KindRules(_TICKET, 100),
    Kind.ORDER_RECEIVED: KindRules(_ORDER, 95, awake_for=timedelta(hours=1)),
    Kind.ORDER_DISPATCHED: KindRules(_ORDER, 94),
    Kind.ORDER_DELIVERED: KindRules(_ORDER, 93),
    Kind.ORDER_REVERSED: KindRules(_ORDER, 92),
    Kind.LINK: KindRules(_ORDER, 91),
    Kind.FOLLOW_UP: KindRules(_TICKET, 83),
    Kind.CONTACT: KindRules(_CARE, 82),
    Kind.STAFF_ALERT: KindRules(_TICKET, 99),
    Kind.MONTHLY_REPORT: KindRules(_TICKET, 81),
    Kind.SATISFACTION: KindRules(_CARE, 80),
    Kind.COUPON_CANCELLED: KindRules(_TICKET, 75),
    Kind.COUPON_GIVEN: KindRules(_TICKET, 70),
    Kind.REFERRAL: KindRules(_CARE, 65),
    Kind.SURVEY: KindRules(_CARE, 60),
    Kind.POINTS_EXPIRING: KindRules(_CARE, 55, 2 * _DAY),
    Kind.RANK_ROSE: KindRules(_CARE, 50, 2 * _DAY),
    Kind.RANK_FALL: KindRules(_CARE, 48, 2 * _DAY),
    Kind.BIRTHDAY: KindRules(_CARE, 45),
    Kind.TESTIMONIAL_PUBLISHED: KindRules(_CARE, 40, 2 * _DAY),
    Kind.SURVEY_REMINDER: KindRules(_CARE, 35),
    Kind.FLOW_STEP: KindRules(_CARE, 30, 3 * _DAY),
    Kind.CAMPAIGN: KindRules(_SELLING, 15),
}
STAFF_KINDS = frozenset({Kind.CONTACT, Kind.FOLLOW_UP})
"""What a member of staff wrote: it goes by itself, under their name."""
INDIVIDUAL_KINDS = frozenset({Kind.OVERDUE_ANSWER, Kind.SATISFACTION}) | STAFF_KINDS
"""What belongs to a person of staff's contact with a customer: it goes from the second LINE account when the
customer is its friend. Everything else is the shop's, and goes from the main one."""
QUESTION_KINDS = frozenset({Kind.SURVEY, Kind.SURVEY_REMINDER, Kind.SATISFACTION})
"""What asks something and holds its own answers: no other choices are shown below."""
SELLING_PRIORITY = 20
"""The priority of a selling step of a flow."""
ORDER_STEP_PRIORITY = 90
"""The priority of an order step: below the shop's own messages about orders."""


def step_priority(message_class: MessageClass) -> int:
    """The priority of a flow's step of that class."""
    special = {MessageClass.ORDER: ORDER_STEP_PRIORITY, MessageClass.SELLING: SELLING_PRIORITY}
    return special.get(message_class, KIND_RULES[Kind.FLOW_STEP].priority)
