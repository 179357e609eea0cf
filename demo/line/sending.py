"""Sends of the shop: replies, pushes and multicasts, checked, counted and delivered as LINE does."""

import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demo.line.accounts import USER_ID, Friendship, Person
from demo.line.channel import Channel
from demo.line.limits import problems
from demo.line.refusals import Refusal, bad_shape, monthly_limit
from demo.line.shapes import Problem
from demo.line.timeline import Side
from demo.line.tokens import Accepted
from demo.line.units import NAME as UNIT

SentMessages = list[dict[str, str]]
MOST_RECIPIENTS = 500
PAID_FIELDS = ("to", "notificationDisabled", "customAggregationUnits")
NO_RETRY_KEY = "The retry key is not supported by this API"
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class Call:
    """One call of a sending endpoint."""

    body: dict[str, Any]
    request_id: str
    retry_key: str | None = None


def check_messages(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages of a call. Raises Refusal if LINE would refuse them."""
    if "messages" not in body:
        raise bad_shape([Problem("May not be empty", "messages")])
    found = problems(body["messages"])
    if found:
        raise bad_shape(found)
    messages: list[dict[str, Any]] = body["messages"]
    return messages


def reply(channel: Channel, call: Call) -> SentMessages:
    """Reply with a token."""
    if call.retry_key is not None:
        raise Refusal(400, NO_RETRY_KEY)
    _check_fields(call.body, "replyToken", "notificationDisabled")
    token = call.body.get("replyToken")
    if not isinstance(token, str) or not token:
        raise bad_shape([Problem("May not be empty", "replyToken")])
    messages = check_messages(call.body)
    with channel.lock:
        owner = channel.tokens.owner(token, channel.now())
        if owner is None:
            raise Refusal(400, "Invalid reply token")
        channel.tokens.use(token)
        return _deliver(channel, [channel.person(owner)], messages, "reply")


def push(channel: Channel, call: Call) -> SentMessages:
    """Push to one person."""
    _check_fields(call.body, *PAID_FIELDS)
    to = call.body.get("to")
    if not isinstance(to, str) or not USER_ID.fullmatch(to):
        raise Refusal(400, "The property, 'to', in the request body is invalid (line: -, column: -)")
    _check_units(channel, call.body)
    messages = check_messages(call.body)
    with channel.lock:
        _refuse_repeat(channel, call)
        person = channel.people.get(to)
        if person is None or person.friendship is Friendship.STRANGER:
            raise Refusal(400, "Failed to send messages")
        return _paid(channel, call, [person], messages, "push")


def multicast(channel: Channel, call: Call) -> SentMessages:
    """Push to many people: to each once, and to nobody if somebody is unknown."""
    _check_fields(call.body, *PAID_FIELDS)
    to = call.body.get("to")
    if not isinstance(to, list) or not 1 <= len(to) <= MOST_RECIPIENTS:
        raise bad_shape([Problem(f"Size must be between 1 and {MOST_RECIPIENTS}", "to")])
    wrong = [index for index, one in enumerate(to) if not isinstance(one, str) or not USER_ID.fullmatch(one)]
    if wrong:
        raise Refusal(
            400, f"The property, 'to[{wrong[0]}]', in the request body is invalid (line: -, column: -)"
        )
    _check_units(channel, call.body)
    messages = check_messages(call.body)
    with channel.lock:
        _refuse_repeat(channel, call)
        found = [channel.people.get(user_id) for user_id in dict.fromkeys(to)]
        people = [person for person in found if person is not None]
        if len(people) < len(found):
            raise Refusal(400, "Failed to send messages")
        _paid(channel, call, people, messages, "multicast")
        return []


def validate(call: Call) -> None:
    """Check messages without sending them."""
    if call.retry_key is not None:
        raise Refusal(400, NO_RETRY_KEY)
    _check_fields(call.body)
    check_messages(call.body)


def _check_fields(body: dict[str, Any], *others: str) -> None:
    """Refuse a field that the call does not have, which is misspelt, and a notificationDisabled that is no boolean."""
    known = {"messages", *others}
    found = [Problem("unknown field", name) for name in body if name not in known]
    if "notificationDisabled" in others and not isinstance(body.get("notificationDisabled", False), bool):
        found.append(Problem("must be a boolean", "notificationDisabled"))
    if found:
        raise bad_shape(found)


def _check_units(channel: Channel, body: dict[str, Any]) -> None:
    """Refuse more than one unit, a name that is none, and a name more than a month has room for."""
    units = body.get("customAggregationUnits", [])
    if not isinstance(units, list) or len(units) > 1:
        raise bad_shape([Problem("Size must be between 0 and 1", "customAggregationUnits")])
    for unit in units:
        if not isinstance(unit, str) or not UNIT.match(unit):
            raise bad_shape([Problem("invalid property", "customAggregationUnits[0]")])
        with channel.lock:
            if not channel.units.admits(unit, channel.clock()):
                raise bad_shape([Problem("too many units this month", "customAggregationUnits[0]")])


def _refuse_repeat(channel: Channel, call: Call) -> None:
    """Refuse a retry key that is no UUID or was used within 24 hours."""
    if call.retry_key is None:
        return
    if not UUID.fullmatch(call.retry_key):
        raise Refusal(400, "The retry key is invalid")
    earlier = channel.retry_keys.earlier(str(uuid.UUID(call.retry_key)), channel.now())
    if earlier is not None:
        body: dict[str, Any] = {"message": "The retry key is already accepted"}
        if earlier.sent_messages:
            body["sentMessages"] = list(earlier.sent_messages)
        raise Refusal(409, body, {"x-line-accepted-request-id": earlier.request_id})


def _paid(
    channel: Channel, call: Call, people: Sequence[Person], messages: list[dict[str, Any]], via: str
) -> SentMessages:
    """Deliver what counts towards the quota: one for each person reached, however many messages."""
    reached = sum(person.reachable for person in people)
    if not channel.quota.allows(reached, channel.clock()):
        raise monthly_limit()
    sent = _deliver(channel, people, messages, via)
    channel.quota.count(reached, channel.clock())
    for unit in call.body.get("customAggregationUnits", []):
        readers = [person.user_id for person in people if person.reachable]
        channel.units.count(unit, readers, messages, channel.clock())
    if call.retry_key is not None:
        remembered = Accepted(call.request_id, sent if via == "push" else [], channel.now())
        channel.retry_keys.remember(str(uuid.UUID(call.retry_key)), remembered)
    return sent


def _deliver(
    channel: Channel, people: Sequence[Person], messages: list[dict[str, Any]], via: str
) -> SentMessages:
    """Add the messages to the chats of friends; others get nothing."""
    sent = []
    for person in people:
        person.typing_until = 0.0
        for message in messages:
            reached = person.reachable
            made = channel.show(person, message, Side.THEIRS, via=via).id if reached else channel.next_id()
            sent.append({"id": made, "quoteToken": secrets.token_urlsafe(24)})
        channel.touch(person)
    return sent
