"""Whether a planned message may be sent now, along with a reply or as a push, and if not, why and until when. Pure.

All times are aware and in the shop's zone. Which messages share a call is in `release.py`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from journeys.sending.message_kinds import CLASS_RULES, MessageClass

LONGEST_WAIT = timedelta(days=14)
"""A message without `expires_at` is given up this long after its deadline."""
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)

QUIET_HOURS, DAILY_LIMIT, WEEKLY_LIMIT = "quiet-hours", "daily-limit", "weekly-limit"
BUDGET, TICKET, QUIET_PERIOD, FREE_RIDE = "budget", "ticket", "quiet-period", "free-ride"
OPTED_OUT, BLOCKED, BASIC, TOO_LATE = "opted-out", "blocked", "basic", "too-late"
NO_LONGER_APPLIES, ERROR = "no-longer-applies", "error"


class Verdict(StrEnum):
    """What is done with a planned message now."""

    RIDE = "ride"
    """It goes along with a reply, which is free."""
    PUSH = "push"
    HOLD = "hold"
    SKIP = "skip"
    """It is not sent, as its step asks for when something stands against it."""
    DROP = "drop"
    """It is given up."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a message; for a held one `until` is when to decide again."""

    verdict: Verdict
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The shop's quiet hours, in whole hours, and its limits for each customer. Equal hours: no quiet hours."""

    quiet_from_hour: int = 21
    quiet_until_hour: int = 9
    a_day: int = 1
    a_week: int = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """What the rules need of a message.

    With `may_skip` it is not sent at all where it would have to wait beyond its deadline. Until `awake_until`
    the customer is known to be awake, because it is about what they did just now: quiet hours do not hold it.
    """

    message_class: MessageClass
    earliest_at: datetime
    latest_at: datetime
    expires_at: datetime | None = None
    may_skip: bool = False
    awake_until: datetime | None = None
    although_resting: bool = False
    """It does not wait for the end of the quiet period after a complaint."""

    @property
    def given_up_at(self) -> datetime:
        """When it is given up, whatever holds it."""
        return self.expires_at or self.latest_at + LONGEST_WAIT


@dataclass(frozen=True, slots=True)
class Recipient:
    """What the rules need of a customer. `rests_until`: the end of the quiet period after a complaint."""

    is_blocked: bool = False
    is_opted_out: bool = False
    is_basic: bool = False
    has_ticket: bool = False
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentLately:
    """The times of the calls of the last seven days that carried counted content, and of those with an offer."""

    counted_at: tuple[datetime, ...] = ()
    selling_at: tuple[datetime, ...] = ()

    def plus(self, now: datetime, classes: set[MessageClass]) -> "SentLately":
        """The same after one more call with content of these classes."""
        counts = any(CLASS_RULES[each].counts for each in classes)
        return SentLately(
            (*self.counted_at, now) if counts else self.counted_at,
            (*self.selling_at, now) if MessageClass.SELLING in classes else self.selling_at,
        )


def decide(
    message: Planned,
    customer: Recipient,
    sent: SentLately,
    now: datetime,
    limits: Limits,
    *,
    reply_has_room: bool,
    waits_for_budget: bool = False,
) -> Decision:
    """What is done with the message now. `reply_has_room`: a reply is about to be sent that it may go along
    with; `waits_for_budget`: the month's messages are needed for what is worth more."""
    final = _final(message, customer, now)
    if final is not None:
        return final
    rules = CLASS_RULES[message.message_class]
    held: Decision | None = None
    if now < message.earliest_at:
        held = _hold(FREE_RIDE, message.latest_at)
    elif rules.waits_for_tickets and customer.has_ticket:
        held = _hold(TICKET, _next_morning(now, limits))
    elif rules.waits_for_tickets and not message.although_resting and _is_resting(customer, now):
        held = _hold(QUIET_PERIOD, next_open(customer.rests_until or now, limits))
    elif reply_has_room and _may_ride(message, sent, now, limits):
        return Decision(Verdict.RIDE)
    elif now < message.latest_at:
        held = _hold(FREE_RIDE, message.latest_at)
    else:
        held = _against_a_push(message, sent, now, limits)
        if held is None and waits_for_budget and rules.waits_for_budget:
            held = _hold(BUDGET, _next_morning(now, limits))
        if held is not None and message.may_skip:
            return Decision(Verdict.SKIP, held.reason)
    if held is None:
        return Decision(Verdict.PUSH)
    return replace(held, until=min(held.until or message.given_up_at, message.given_up_at))


def may_share_a_push(
    message: Planned, customer: Recipient, sent: SentLately, now: datetime, limits: Limits
) -> bool:
    """Whether a message may go into a push that is sent for another: it need not have reached its deadline,
    and costs nothing. A push in the quiet hours goes to a customer who is awake, and takes along all but
    offers."""
    if now < message.earliest_at:
        return False
    is_offer = message.message_class is MessageClass.SELLING
    due = replace(
        message,
        latest_at=min(message.latest_at, now),
        expires_at=message.given_up_at,
        awake_until=None if is_offer else now + A_DAY,
    )
    return decide(due, customer, sent, now, limits, reply_has_room=False).verdict is Verdict.PUSH


def next_open(moment: datetime, limits: Limits) -> datetime:
    """That moment, or the end of the quiet hours it lies in."""
    begin, end = limits.quiet_from_hour, limits.quiet_until_hour
    hour = moment.hour
    is_quiet = begin <= hour < end if begin <= end else hour >= begin or hour < end
    if not is_quiet:
        return moment
    day = moment + A_DAY if hour >= end else moment
    return day.replace(hour=end, minute=0, second=0, microsecond=0)


def _final(message: Planned, customer: Recipient, now: datetime) -> Decision | None:
    """The decision to give it up, if nothing can change that."""
    rules = CLASS_RULES[message.message_class]
    reasons: tuple[tuple[bool, str], ...] = (
        (customer.is_blocked, BLOCKED),
        (now >= message.given_up_at, TOO_LATE),
        (customer.is_opted_out and rules.stopped_by_opt_out, OPTED_OUT),
        (customer.is_basic and not rules.may_reach_basic, BASIC),
    )
    return next((Decision(Verdict.DROP, reason) for applies, reason in reasons if applies), None)


def _is_resting(customer: Recipient, now: datetime) -> bool:
    return customer.rests_until is not None and now < customer.rests_until


def _may_ride(message: Planned, sent: SentLately, now: datetime, limits: Limits) -> bool:
    """A reply needs no room within the limits and comes at any hour, since the customer is awake; but offers
    ride outside the quiet hours and once a day."""
    if message.message_class is not MessageClass.SELLING:
        return True
    return next_open(now, limits) == now and not any(at.date() == now.date() for at in sent.selling_at)


def _against_a_push(message: Planned, sent: SentLately, now: datetime, limits: Limits) -> Decision | None:
    """What stands against a push now."""
    rules = CLASS_RULES[message.message_class]
    is_awake = message.awake_until is not None and now < message.awake_until
    opens = next_open(now, limits)
    if rules.waits_for_quiet_hours and not is_awake and opens > now:
        return _hold(QUIET_HOURS, opens)
    if not rules.counts:
        return None
    if sum(at.date() == now.date() for at in sent.counted_at) >= limits.a_day:
        return _hold(DAILY_LIMIT, _next_morning(now, limits))
    this_week = sorted(at for at in sent.counted_at if at > now - A_WEEK)
    if len(this_week) >= limits.a_week:
        return _hold(WEEKLY_LIMIT, next_open(this_week[-limits.a_week] + A_WEEK, limits))
    return None


def _next_morning(now: datetime, limits: Limits) -> datetime:
    """When the next calendar day's messages may begin."""
    midnight = (now + A_DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    return next_open(midnight, limits)


def _hold(reason: str, until: datetime) -> Decision:
    return Decision(Verdict.HOLD, reason, until)
