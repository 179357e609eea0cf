"""What must hold of everything that LINE received in the year of `year.py`: each violation with customer, day and
cause.

Compared are the phones' chats, LINE's count of pushes, and the record of planned messages.
"""

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from benchmarks.year_customers import Life
from bot import localtime
from bot.config import shop
from bot.conversations import Conversation
from bot.line.delivery import PUSH
from bot.queue.outbox import MULTICAST, SHOWN, OutboxMessage
from customers.people.customer import Customer
from demo.line.timeline import SHOP, Entry, Side
from demo.phone.platform import Platform
from journeys.enrolments.tables import WAITING as ENROLMENT_WAITING
from journeys.enrolments.tables import Enrolment
from journeys.flows import stock
from journeys.sending.limits import FREE_RIDE, next_open
from journeys.sending.message_kinds import CLASS_RULES, KIND_RULES, Kind, MessageClass
from journeys.sending.settings import SendingRules
from journeys.sending.tables import DROPPED, SENT, SKIPPED, WAITING, JourneyEntry, PlannedMessage
from rewards.ranks.rules import Rank
from rewards.ranks.tables import RankChange
from support.bad_moments import quiet_period
from support.tickets.tickets import Ticket

SAME_AGAIN = timedelta(days=20)
"""The same words may come again for another cause after so long: a rank reached a second time."""
WEEK = timedelta(days=7)


@dataclass(slots=True)
class Sent:
    """A planned message that LINE took."""

    row: PlannedMessage
    call: OutboxMessage
    at: datetime

    @property
    def message_class(self) -> MessageClass:
        """Its class."""
        return MessageClass(self.row.message_class)

    @property
    def waits_for_tickets(self) -> bool:
        """Whether it is care or an offer."""
        return CLASS_RULES[self.message_class].waits_for_tickets


@dataclass(slots=True)
class Chat:
    """One customer, with everything that was sent to them."""

    life: Life
    customer_id: int
    entries: list[Entry] = field(default_factory=list)
    calls: list[OutboxMessage] = field(default_factory=list)
    planned: list[PlannedMessage] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    def violation(self, at: datetime, cause: str, what: str) -> str:
        """One sentence."""
        return f"{self.life.name} {localtime.local(at):%m-%d %H:%M} {cause}: {what}"


def violations(lives: Iterable[Life], platform: Platform, slack: timedelta) -> list[str]:
    """Everything that is wrong. `slack`: the longest time between two runs of the clock's jobs."""
    found: list[str] = []
    chats = [_chat(life, platform) for life in lives]
    for chat in chats:
        for check in (_delivery, _repetitions, _quiet_hours, _ceilings, _moments, _steps):
            found += check(chat)
        found += _deadlines(chat, slack)
    return found + list(_sums(chats, platform))


def _chat(life: Life, platform: Platform) -> Chat:
    user = life.phone.user_id
    customer = Customer.get(Customer.line_user_id == user)
    conversation = Conversation.get(Conversation.line_user_id == user)
    calls = list(
        OutboxMessage.select().where(
            OutboxMessage.conversation == conversation.id,
            OutboxMessage.kind.in_(SHOWN),
            OutboxMessage.sent_as.is_null(False),
        )
    )
    by_id = {call.id: call for call in calls}
    planned = list(
        PlannedMessage.select().where(PlannedMessage.customer == customer.id).order_by(PlannedMessage.id)
    )
    sent = [
        Sent(row, by_id[row.outbox_id], localtime.local(by_id[row.outbox_id].sent_at))
        for row in planned
        if row.state == SENT and row.outbox_id in by_id
    ]
    entries = [each for each in platform.channel.timeline.chat(user, SHOP) if each.side is Side.THEIRS]
    return Chat(life, customer.id, entries, calls, planned, sent)


def _delivery(chat: Chat) -> Iterator[str]:
    """LINE received each message of each call once, in the way that is recorded; nothing to who blocks us."""
    recorded: Counter[tuple[str, str]] = Counter()
    for call in chat.calls:
        at = localtime.local(call.sent_at)
        if call.sent_as == PUSH and chat.life.was(chat.life.blocking, at):
            yield chat.violation(at, call.cause, "pushed to a customer who blocks us")
            continue
        recorded.update((str(call.sent_as), _plain(each)) for each in json.loads(call.messages))
    received = Counter(
        (PUSH if entry.via == MULTICAST else entry.via, _plain(entry.message)) for entry in chat.entries
    )
    for (via, content), count in (received - recorded).items():
        yield f"{chat.life.name}: {count} times more on LINE than sent ({via}): {content[:150]}"
    for (via, content), count in (recorded - received).items():
        yield f"{chat.life.name}: {count} times recorded as sent and not on LINE ({via}): {content[:150]}"


def _plain(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, sort_keys=True)


def _repetitions(chat: Chat) -> Iterator[str]:
    """No cause twice, and the same words for two causes only long after each other."""
    seen: dict[str, tuple[datetime, str]] = {}
    causes: Counter[str] = Counter(each.row.cause for each in chat.sent)
    for cause, count in causes.items():
        if count > 1:
            yield f"{chat.life.name}: {cause} was sent {count} times"
    for each in sorted(chat.sent, key=lambda sent: sent.at):
        for content in map(_plain, json.loads(each.row.messages)):
            before = seen.get(content)
            if before is not None and each.at - before[0] < SAME_AGAIN:
                yield chat.violation(each.at, each.row.cause, f"the same words as {before[1]}")
            seen[content] = (each.at, each.row.cause)


def _quiet_hours(chat: Chat) -> Iterator[str]:
    """No push at night but that an order came, within the hour; staff's own words and answers are no matter of ours."""
    limits = shop.get(SendingRules).limits()
    unasked: dict[int, list[Sent]] = defaultdict(list)
    for each in chat.sent:
        unasked[each.call.id].append(each)
    for call in chat.calls:
        at = localtime.local(call.sent_at)
        if call.sent_as != PUSH or next_open(at, limits) == at or call.staff_id is not None:
            continue
        awake = [each for each in unasked[call.id] if _is_awake(each)]
        if unasked[call.id] and not awake:
            yield chat.violation(at, call.cause, "pushed in the quiet hours")


def _is_awake(sent: Sent) -> bool:
    awake_for = KIND_RULES[Kind(sent.row.kind)].awake_for
    return sent.at < localtime.local(sent.row.earliest_at) + awake_for


def _ceilings(chat: Chat) -> Iterator[str]:
    """Not more counted pushes a day and in seven days than the shop allows."""
    rules = shop.get(SendingRules)
    calls = {
        each.call.id: each.at
        for each in chat.sent
        if each.call.sent_as == PUSH and CLASS_RULES[each.message_class].counts
    }
    at = sorted(calls.values())
    for day, count in Counter(moment.date() for moment in at).items():
        if count > rules.a_day:
            yield f"{chat.life.name} {day}: {count} counted pushes on one day"
    for number, moment in enumerate(at):
        in_week = bisect_right(at, moment + WEEK - timedelta(seconds=1)) - number
        if in_week > rules.a_week:
            yield f"{chat.life.name}: {in_week} counted pushes in the seven days from {moment:%m-%d %H:%M}"


def _moments(chat: Chat) -> Iterator[str]:
    """Care and offers neither in a ticket nor in the days after a complaint nor after an opt-out; no offers to
    Basic."""
    tickets = list(Ticket.select().where(Ticket.customer == chat.customer_id))
    ranks = list(RankChange.select().where(RankChange.customer == chat.customer_id).order_by(RankChange.id))
    for each in chat.sent:
        if each.waits_for_tickets and each.row.kind != Kind.SATISFACTION:
            for ticket in tickets:
                if why := _resting(ticket, each):
                    yield chat.violation(each.at, each.row.cause, why)
        stops = CLASS_RULES[each.message_class].stopped_by_opt_out
        if stops and chat.life.was(chat.life.no_news, each.at):
            yield chat.violation(each.at, each.row.cause, "sent after an opt-out")
        before = [change.after for change in ranks if localtime.local(change.changed_at) <= each.at]
        if each.message_class is MessageClass.SELLING and (not before or before[-1] == min(Rank)):
            yield chat.violation(each.at, each.row.cause, "an offer to Basic")


def _resting(ticket: Ticket, sent: Sent) -> str:
    opened = localtime.local(ticket.opened_at)
    if sent.at <= opened:
        return ""
    if ticket.resolved_at is None or sent.at < localtime.local(ticket.resolved_at):
        return f"sent in ticket {ticket.id} ({ticket.cause})"
    since = sent.at - localtime.local(ticket.resolved_at)
    was_with_staff = ticket.handed_over_at is not None
    if quiet_period.is_complaint(ticket) and was_with_staff and since < timedelta(days=quiet_period.days()):
        return f"sent {since} after complaint {ticket.id} ({ticket.cause}) was resolved"
    return ""


def _steps(chat: Chat) -> Iterator[str]:
    """Each step at most once in an enrolment, and in the order of the flow."""
    by_enrolment: dict[int, list[Sent]] = defaultdict(list)
    for each in chat.sent:
        if each.row.enrolment_id is not None:
            by_enrolment[each.row.enrolment_id].append(each)
    for enrolment_id, sent in by_enrolment.items():
        enrolment = Enrolment.get_by_id(enrolment_id)
        keys = [step.key for step in stock.definition_of_version(enrolment.version_id).step]
        places = [keys.index(each.row.step_key or "") for each in sorted(sent, key=lambda one: one.at)]
        if places != sorted(set(places)):
            yield f"{chat.life.name} enrolment {enrolment_id}: steps in the order {[keys[each] for each in places]}"


def _deadlines(chat: Chat, slack: timedelta) -> Iterator[str]:
    """Nothing later than its deadline, unless the record names what held it."""
    now = localtime.local(localtime.now())
    when = {each.row.id: each.at for each in chat.sent}
    for row in chat.planned:
        latest_at = localtime.local(row.latest_at)
        at = when.get(row.id) or (now if row.state == WAITING else localtime.local(row.settled_at or now))
        if at > latest_at + slack and not _was_held(row):
            yield chat.violation(
                at, row.cause, f"{row.state}, due {latest_at:%m-%d %H:%M}, and nothing held it"
            )
    late = (Enrolment.state == ENROLMENT_WAITING) & (Enrolment.due_at < now - slack)
    for enrolment in Enrolment.select().where(Enrolment.customer == chat.customer_id, late):
        yield chat.violation(enrolment.due_at, f"enrolment {enrolment.id}", "its step was never taken")


def _was_held(row: PlannedMessage) -> bool:
    held = JourneyEntry.select().where(JourneyEntry.planned_id == row.id, JourneyEntry.what == "held")
    return any(entry.detail not in ("", FREE_RIDE) for entry in held)


def _sums(chats: list[Chat], platform: Platform) -> Iterator[str]:
    planned = [row for chat in chats for row in chat.planned]
    states = Counter(row.state for row in planned)
    if sum(states[each] for each in (SENT, SKIPPED, DROPPED, WAITING)) != PlannedMessage.select().count():
        yield f"planned messages in {dict(states)}, and {PlannedMessage.select().count()} in all"
    if states[SENT] != sum(len(chat.sent) for chat in chats):
        yield f"{states[SENT]} recorded as sent, {sum(len(chat.sent) for chat in chats)} in LINE's hands"
    paying = sum(each.row.carries_cost and each.call.sent_as == PUSH for chat in chats for each in chat.sent)
    pushes = {each.call.id for chat in chats for each in chat.sent if each.call.sent_as == PUSH}
    if paying != len(pushes):
        yield f"{paying} rows carry a cost, {len(pushes)} pushes were made for them"
    made = sum(call.sent_as == PUSH for chat in chats for call in chat.calls)
    counted = sum(platform.channel.quota._used.values())
    if made != counted:
        yield f"{made} pushes recorded, LINE counted {counted}"
