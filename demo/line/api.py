"""LINE's Messaging API over HTTP: reads requests, calls the channel, and answers in LINE's format."""

import socket
import time
import uuid
from collections import deque
from dataclasses import dataclass

from flask import Blueprint, Response, g, jsonify, request

from demo.line import refusals, sending
from demo.line.accounts import Person, profile
from demo.line.api_richmenu import add_rich_menu_calls
from demo.line.api_units import add_unit_calls
from demo.line.api_webhook import add_webhook_calls
from demo.line.channel import Channel
from demo.line.faults import FaultKind, Faults
from demo.line.refusals import Refusal

LOADING_SECONDS = range(5, 61, 5)


@dataclass(frozen=True)
class Seen:
    """One call of the shop, recorded for tests and for inspection."""

    endpoint: str
    status: int
    request_id: str
    retry_key: str | None


def line_api(channel: Channel, faults: Faults, seen: deque[Seen]) -> Blueprint:
    """The blueprint with LINE's API for one channel."""
    api = Blueprint("line_api", __name__, url_prefix="/v2/bot")
    _guard(api, channel, faults, seen)
    _add_message_calls(api, channel)
    _add_people_calls(api, channel)
    add_webhook_calls(api, channel)
    add_rich_menu_calls(api, channel)
    add_unit_calls(api, channel)

    @api.route("/<path:rest>", methods=["GET", "POST", "PUT", "DELETE"])
    def unknown(rest: str) -> Response:
        raise Refusal(404, f"Not found: {rest}")

    return api


def _guard(api: Blueprint, channel: Channel, faults: Faults, seen: deque[Seen]) -> None:
    """Wraps every call: its request id, the access token, injected faults, and the record."""

    @api.before_request
    def admit() -> None:
        g.request_id, g.drop = str(uuid.uuid4()), False
        if faults.latency_seconds:
            time.sleep(faults.latency_seconds)
        if request.headers.get("Authorization") != f"Bearer {channel.identity.access_token}":
            raise refusals.unauthorized()
        fault = faults.take(_name())
        if fault is None:
            return
        if fault.kind is FaultKind.HANG:
            time.sleep(fault.seconds)
        g.drop = fault.kind is FaultKind.DROP
        match fault.kind:
            case FaultKind.ERROR:
                raise refusals.broken()
            case FaultKind.RATE_LIMIT:
                raise refusals.rate_limited()
            case FaultKind.PREPARING:
                raise Refusal(202, {"message": ""})

    @api.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        answer = jsonify(refusal.body)
        answer.status_code = refusal.status
        answer.headers.update(refusal.headers)
        return answer

    @api.after_request
    def record(answer: Response) -> Response:
        answer.headers["x-line-request-id"] = g.request_id
        seen.append(Seen(_name(), answer.status_code, g.request_id, request.headers.get("X-Line-Retry-Key")))
        connection = request.environ.get("werkzeug.socket")
        if g.drop and isinstance(connection, socket.socket):
            connection.shutdown(socket.SHUT_RDWR)
        return answer


def _name() -> str:
    return (request.endpoint or "").rpartition(".")[2]


def _call() -> sending.Call:
    return sending.Call(refusals.json_body(), g.request_id, request.headers.get("X-Line-Retry-Key"))


def _add_message_calls(api: Blueprint, channel: Channel) -> None:
    @api.post("/message/reply")
    def reply() -> Response:
        return jsonify(sentMessages=sending.reply(channel, _call()))

    @api.post("/message/push")
    def push() -> Response:
        return jsonify(sentMessages=sending.push(channel, _call()))

    @api.post("/message/multicast")
    def multicast() -> Response:
        sending.multicast(channel, _call())
        return jsonify({})

    @api.post("/message/validate/<kind>")
    def validate(kind: str) -> Response:
        if kind not in ("reply", "push", "multicast", "narrowcast", "broadcast"):
            raise refusals.not_found()
        sending.validate(_call())
        return jsonify({})

    @api.get("/message/quota")
    def quota() -> Response:
        limit = channel.quota.limit
        return jsonify({"type": "none"} if limit is None else {"type": "limited", "value": limit})

    @api.get("/message/quota/consumption")
    def consumption() -> Response:
        with channel.lock:
            return jsonify(totalUsage=channel.quota.used(channel.clock()))

    @api.get("/message/<message_id>/content")
    def content(message_id: str) -> Response:
        item = channel.contents.get(message_id)
        if item is None:
            raise refusals.not_found()
        if item.gone:
            raise Refusal(410, "Gone")
        return Response(item.data, content_type=item.media_type)

    @api.get("/message/<message_id>/content/preview")
    def preview(message_id: str) -> Response:
        return content(message_id)

    @api.get("/message/<message_id>/content/transcoding")
    def transcoding(message_id: str) -> Response:
        if message_id not in channel.contents:
            raise refusals.not_found()
        return jsonify(status="succeeded")

    @api.post("/chat/loading/start")
    def loading() -> tuple[Response, int]:
        wanted = refusals.json_body()
        person = _person(channel, wanted.get("chatId"))
        seconds = wanted.get("loadingSeconds", 20)
        if seconds not in LOADING_SECONDS:
            raise Refusal(400, "loadingSeconds must be 5 to 60, in steps of 5")
        if person is not None and person.reachable:
            person.typing_until = channel.now() + seconds
            channel.touch(person)
        return jsonify({}), 202


def _add_people_calls(api: Blueprint, channel: Channel) -> None:
    @api.get("/profile/<user_id>")
    def user_profile(user_id: str) -> Response:
        person = _person(channel, user_id)
        if person is None or not person.reachable:
            raise refusals.not_found()
        return jsonify(profile(person))

    @api.post("/user/<user_id>/linkToken")
    def link_token(user_id: str) -> Response:
        if _person(channel, user_id) is None:
            raise refusals.not_found()
        token = uuid.uuid4().hex
        channel.link_tokens[token] = user_id
        return jsonify(linkToken=token)


def _person(channel: Channel, user_id: object) -> Person | None:
    return channel.people.get(user_id) if isinstance(user_id, str) else None
