"""Receives LINE's webhooks: checks the signature, and stores every event before it answers 200.

Each of the shop's LINE accounts has a path and a secret of its own; a signature of one is refused on the
other's path.

Nothing is interpreted here: events are stored as they came, and the worker reads them
(`bot/routing/events.py`). A malformed event does not affect the others.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeGuard

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from bot import localtime, log, outages
from bot.config import settings
from bot.db import database
from bot.db.database import TRANSIENT_ERRORS, is_postgres
from bot.db.database_wait import Busy
from bot.db.group_commit import GroupCommit
from bot.line.channels import MAIN, SUPPORT
from bot.queue import inbox
from bot.queue.inbox import NewEvent
from bot.web import secret_trial

LARGEST_BODY_BYTES = 4_000_000
"""A hundred events of 5,000 characters each are 3 MB when JSON escapes each character."""
MOST_EVENTS = 500
"""In one transaction, which takes 10 to 20 ms then."""
LONGEST_NAME = 64
"""Characters of a user's, group's or room's id; LINE's have 33. An event with a longer one is stored without
a sender."""
LONGEST_WAIT_SECONDS = 1.7
"""LINE waits two seconds."""
Status = int
Answer = tuple[Status, str]
STORED: Answer = (200, "OK")
PATHS = {"/callback": MAIN, "/callback/support": SUPPORT}
"""The account whose webhooks come to each path."""
_SECRETS = {MAIN: "LINE_CHANNEL_SECRET", SUPPORT: "LINE_SUPPORT_CHANNEL_SECRET"}
Headers = list[tuple[bytes, bytes]]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


def signature(body: bytes, channel_secret: str) -> str:
    """The value LINE sends in x-line-signature.
    https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/"""
    return base64.b64encode(hmac.new(channel_secret.encode(), body, hashlib.sha256).digest()).decode()


def application(request: dict[str, Any], start_response: StartResponse) -> list[bytes]:
    """LINE's webhook as a plain WSGI application; a framework would double the cost of a request."""
    try:
        body = get_input_stream(request, max_content_length=LARGEST_BODY_BYTES).read()
    except RequestEntityTooLarge:
        status, sentence = _refuse(
            413, f"The body is larger than {LARGEST_BODY_BYTES} bytes; LINE sends no such webhook."
        )
    except ClientDisconnected:
        status, sentence = _refuse(400, "The body breaks off.")
    else:
        status, sentence = _in_a_thread(
            PATHS[request["PATH_INFO"]],
            request["REQUEST_METHOD"],
            request.get("HTTP_X_LINE_SIGNATURE", ""),
            body,
        )
    answer = sentence.encode()
    headers = [(name.decode(), value.decode()) for name, value in _headers(status, answer)]
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [answer]


async def without_thread(scope: Mapping[str, Any], body: bytes) -> tuple[Status, Headers, bytes]:
    """The same for an ASGI server that has read the body: the request waits for its commit without a thread."""
    given = next((value for name, value in scope["headers"] if name == b"x-line-signature"), b"")
    try:
        received = _receive(PATHS[scope["path"]], scope["method"], given.decode("latin-1"), body)
        if isinstance(received, Future):
            await asyncio.wait_for(asyncio.wrap_future(received), LONGEST_WAIT_SECONDS)
            received = STORED
        status, sentence = received
    except Exception as error:
        status, sentence = _failed(error)
    answer = sentence.encode()
    return status, _headers(status, answer), answer


def _in_a_thread(channel: str, method: str, given: str, body: bytes) -> Answer:
    try:
        received = _receive(channel, method, given, body)
        if isinstance(received, Future):
            try:
                received.result(LONGEST_WAIT_SECONDS)
            finally:
                received.cancel()  # has no effect once it is being written
            received = STORED
    except Exception as error:
        return _failed(error)
    return received


def _receive(channel: str, method: str, given: str, body: bytes) -> "Answer | Future[None]":
    """The answer, or the commit that it waits for: 200 means that all of it is committed to disk."""
    secret = _secret_of(channel)
    if secret_trial.is_signed(channel, lambda tried: _fits(given, body, tried)) and _is_empty(body):
        return STORED
    if secret is None:
        return _refuse(
            404,
            "There is no second LINE account here: set LINE_SUPPORT_CHANNEL_SECRET and "
            "LINE_SUPPORT_CHANNEL_ACCESS_TOKEN first. The main account's webhook is /callback.",
        )
    if method != "POST":
        return 405, "LINE's webhooks are POST requests."
    if not _fits(given, body, secret):
        return _refuse(
            401,
            "x-line-signature is missing or does not fit this body. It is signed with the channel secret: "
            f"check that {_SECRETS[channel]} is this channel's.",
        )
    try:
        events = split(body, localtime.now(), channel)
    except ValueError as error:
        return _refuse(400, f'{error} Expected: {{"destination": "U…", "events": […]}}')
    return _group.submit(events) if events else STORED


def _fits(given: str, body: bytes, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), signature(body, secret).encode())


def _is_empty(body: bytes) -> bool:
    """Whether it brings nothing, as LINE's try of the webhook does."""
    try:
        return not split(body, localtime.now())
    except ValueError:
        return False


def _secret_of(channel: str) -> str | None:
    """The secret that this account's webhooks are signed with; None when the shop has no such account."""
    known = settings.current()
    return known.line_channel_secret if channel == MAIN else known.line_support_channel_secret


def _failed(error: Exception) -> Answer:
    if isinstance(error, TimeoutError):
        error = Busy("what was to be written first takes too long")
    if outages.report(error):
        return 503, "The database cannot be had just now. Please deliver again."
    log.exception("webhook failed")
    return 500, "Something is wrong here. The log says what."


def _headers(status: Status, answer: bytes) -> Headers:
    made = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(answer))]
    return [*made, (b"allow", b"POST")] if status == 405 else made


def split(body: bytes, received_at: datetime, channel: str = MAIN) -> list[NewEvent]:
    """The events of one webhook body, each stored as raw JSON. Raises ValueError when it is no webhook body."""
    try:
        content = json.loads(body)
        if not isinstance(content, dict) or not isinstance(content.get("events"), list):
            raise ValueError("The body has no list of events.")
        return [_new_event(event, received_at, channel) for event in content["events"]]
    except RecursionError:
        raise ValueError("The body is nested too deeply.") from None
    except json.JSONDecodeError:
        raise ValueError("The body is not JSON.") from None
    except UnicodeDecodeError:
        raise ValueError("The body is not UTF-8.") from None


def _new_event(event: Any, received_at: datetime, channel: str) -> NewEvent:
    fields = event if isinstance(event, dict) else {}
    # Lone surrogates are legal in JSON escapes and in no database: with ASCII escapes they stay as they came.
    body = json.dumps(event, ensure_ascii=True)
    event_id = fields.get("webhookEventId")
    if not _is_plain(event_id, 100):
        # A redelivery differs in its deliveryContext and in nothing else.
        same = json.dumps({**fields, "deliveryContext": None} if fields else event)
        event_id = "unnamed:" + hashlib.sha256(same.encode()).hexdigest()
    if channel != MAIN:
        event_id = f"{channel}:{event_id}"  # so that no event of one account is taken for one of the other
    key, line_user_id = _conversation(fields.get("source"), event_id)
    occurred_at = _occurred_at(fields, received_at)
    return NewEvent(event_id, key, line_user_id, "line", body, occurred_at, received_at, channel)


def _conversation(source: Any, event_id: str) -> tuple[str, str | None]:
    """The key of the conversation that an event belongs to (a customer's, a group's, or one of its own when
    it has no sender), and the customer's LINE user id."""
    if isinstance(source, dict):
        for field, prefix in (("groupId", "group:"), ("roomId", "room:"), ("userId", "")):
            value = source.get(field)
            if _is_plain(value, LONGEST_NAME) and ":" not in value:
                return prefix + value, value if field == "userId" else None
    return f"none:{event_id}", None


def _is_plain(value: Any, longest: int) -> TypeGuard[str]:
    """Whether it can be an id: short, ASCII, printable."""
    return isinstance(value, str) and 0 < len(value) <= longest and value.isascii() and value.isprintable()


def _occurred_at(fields: dict[str, Any], received_at: datetime) -> datetime:
    """LINE's timestamp, by which events are ordered; never later than now, whatever an event claims."""
    stamp = fields.get("timestamp")
    if not isinstance(stamp, int | float) or isinstance(stamp, bool) or not 0 < stamp < 1e14:
        return received_at
    return min(datetime.fromtimestamp(stamp / 1000, UTC), received_at)


def _write(waiting: Callable[[], list[NewEvent]]) -> None:
    """Store all events that are waiting once the transaction has begun."""
    try:
        if is_postgres():
            _write_to_postgres(waiting())
        else:
            with database.write_transaction():
                inbox.store(waiting())
    except TRANSIENT_ERRORS:
        database.forget_connection()
        raise
    outages.end()


def _write_to_postgres(events: list[NewEvent]) -> None:
    with database.patience.deadline() as until:
        try:
            inbox.store_in_one_trip(events, until)
        except TRANSIENT_ERRORS:
            # The server was restarted since the last request. Storing an event again changes nothing.
            database.forget_connection()
            if time.monotonic() > until:
                raise
            inbox.store_in_one_trip(events, until)


_group = GroupCommit(_write, most=MOST_EVENTS, outages=(*TRANSIENT_ERRORS, Busy))


def _refuse(status: Status, sentence: str) -> Answer:
    log.warning("webhook refused", status=status, reason=sentence)
    return status, sentence
