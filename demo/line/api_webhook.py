"""LINE's calls about a channel itself over HTTP: whose it is, where its webhooks go, and a try of them.

As LINE's OpenAPI file says; reasons and limits are those of
https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint
"""

from collections import deque
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify

from demo.line import refusals
from demo.line.channel import Channel
from demo.line.events import body as webhook_body
from demo.line.events import signature
from demo.line.refusals import Refusal
from demo.line.shapes import uri
from demo.line.webhook_sender import over_http

TESTS_IN_AN_HOUR = 60
HOUR_SECONDS = 3600


def add_webhook_calls(api: Blueprint, channel: Channel) -> None:
    """Add the calls to the API's blueprint."""
    tested_at: deque[float] = deque()

    @api.get("/info")
    def info() -> Response:
        identity = channel.identity
        said = {
            "userId": identity.bot_user_id,
            "basicId": identity.basic_id,
            "displayName": identity.shop_name,
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }
        return jsonify(said if identity.picture_url is None else said | {"pictureUrl": identity.picture_url})

    @api.get("/channel/webhook/endpoint")
    def webhook_endpoint() -> Response:
        if not channel.webhook_url:
            raise refusals.not_found()
        return jsonify(endpoint=channel.webhook_url, active=channel.webhook_active)

    @api.put("/channel/webhook/endpoint")
    def set_webhook_endpoint() -> Response:
        channel.webhook_url = _address(refusals.json_body().get("endpoint"))
        return jsonify({})

    @api.post("/channel/webhook/test")
    def webhook_test() -> Response:
        asked = refusals.json_body()
        if "endpoint" not in asked and not channel.webhook_url:
            raise refusals.not_found()
        url = _address(asked["endpoint"]) if "endpoint" in asked else channel.webhook_url
        now = channel.now()
        while tested_at and now - tested_at[0] >= HOUR_SECONDS:
            tested_at.popleft()
        if len(tested_at) >= TESTS_IN_AN_HOUR:
            raise refusals.rate_limited()
        tested_at.append(now)
        status, reason, detail = _try(channel, url)
        return jsonify(
            success=reason == "OK",
            timestamp=datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            statusCode=status,
            reason=reason,
            detail=detail,
        )


def _address(value: object) -> str:
    """An address that LINE accepts as a webhook's, or one on this machine. Raises Refusal for another."""
    found = [one for one in uri(500, "https")(value, "endpoint") if not one.loopback_only]
    if found or not isinstance(value, str):
        raise Refusal(400, "Invalid webhook endpoint URL")
    return value


def _try(channel: Channel, url: str) -> tuple[int, str, str]:
    """Post a signed body without events; status, reason and detail in LINE's words."""
    raw = webhook_body(channel.identity.bot_user_id, [])
    headers = {
        "x-line-signature": signature(channel.identity.channel_secret, raw),
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "LineBotWebhook/2.0",
    }
    try:
        status = over_http(url, raw, headers)
    except TimeoutError:
        return 0, "REQUEST_TIMEOUT", "Request timeout"
    except (OSError, ValueError) as error:
        return 0, "COULD_NOT_CONNECT", f"Connection failed: {type(error).__name__}"
    return status, "OK" if 200 <= status < 300 else "ERROR_STATUS_CODE", str(status)
