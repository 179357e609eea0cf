"""Asks LINE about a channel itself: whose it is, where its webhooks go, and whether they arrive.

For set-up, `manage.py doctor` and the console's checks, with a token that need not be the one in force. Each
call returns what LINE said as a plain value, or a Fault; the words for people are left to the callers. It does
not load the SDK, which costs a web process 70 MB.
https://developers.line.biz/en/reference/messaging-api/#webhook-settings
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import urllib3

from bot import log
from bot.line.month import Month

CONNECT_SECONDS, ANSWER_SECONDS = 3, 8
TEST_SECONDS = 20
"""LINE answers a test of the webhook only once our server has answered, or has not for some seconds."""
LONGEST_ADDRESS = 500
_HEADER_TEXT = re.compile(r"\A[!-~]{1,4000}\Z")


class Fault(StrEnum):
    """Why LINE did not give what was asked for."""

    TOKEN_REFUSED = "token-refused"  # noqa: S105 -- a name, no secret
    NO_NETWORK = "no-network"
    """LINE could not be reached: no connection, or no answer in time."""
    ADDRESS_REFUSED = "address-refused"
    """LINE does not accept the webhook's address."""
    NO_ADDRESS = "no-address"
    """No webhook's address is set in the channel."""
    TOO_OFTEN = "too-often"
    """LINE's limit of calls: the webhook may be tried 60 times an hour."""
    BROKEN = "broken"
    """LINE answered with an error of its own, or in a form that is not known."""


class HasAccess(Protocol):
    """What a call needs: the settings in force (`bot/config/settings.py`), or an Access."""

    @property
    def line_api_url(self) -> str:
        """LINE's address."""

    @property
    def line_channel_access_token(self) -> str:
        """The channel's token."""


@dataclass(frozen=True, slots=True)
class Access:
    """A token that is not in force, or not yet."""

    line_channel_access_token: str
    line_api_url: str = "https://api.line.me"


@dataclass(frozen=True, slots=True)
class BotInfo:
    """Whose channel it is."""

    user_id: str
    """The bot's own user id: the `destination` of its webhooks."""
    basic_id: str
    """With its @."""
    name: str
    picture_url: str | None
    chat_is_on: bool
    """Whether chats by hand are on in LINE Official Account Manager."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the channel's webhooks go."""

    address: str
    active: bool
    """Whether "Use webhook" is on; only a person can turn it on, in LINE's own pages."""


class Trouble(StrEnum):
    """What LINE met when it tried the webhook."""

    NONE = "none"
    NOT_REACHED = "not-reached"
    """No connection: wrong address, closed port, or a certificate that LINE does not accept."""
    TOO_SLOW = "too-slow"
    SIGNATURE_REFUSED = "signature-refused"
    """401: the server is ours and has another channel's secret; or it asks for a password of its own."""
    OTHER_STATUS = "other-status"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WebhookTest:
    """What came of LINE's try of the webhook."""

    trouble: Trouble
    status: int | None
    """The status that our server answered with; None without an answer."""
    detail: str
    """LINE's own words, in English."""

    @property
    def worked(self) -> bool:
        """Whether LINE's webhook arrived and was accepted."""
        return self.trouble is Trouble.NONE


_pool = urllib3.PoolManager(retries=False)


def bot_info(access: HasAccess) -> BotInfo | Fault:
    """Whose channel the token is of. https://developers.line.biz/en/reference/messaging-api/#get-bot-info"""
    said = _call(access, "GET", "/v2/bot/info")
    if isinstance(said, Fault):
        return said
    user_id, basic_id, name = (said.get(key) for key in ("userId", "basicId", "displayName"))
    if not (isinstance(user_id, str) and isinstance(basic_id, str) and isinstance(name, str)):
        return Fault.BROKEN
    picture = said.get("pictureUrl")
    return BotInfo(
        user_id, basic_id, name, picture if isinstance(picture, str) else None, said.get("chatMode") == "chat"
    )


def webhook(access: HasAccess) -> Webhook | Fault:
    """Where its webhooks go; NO_ADDRESS when none is set.
    https://developers.line.biz/en/reference/messaging-api/#get-webhook-endpoint-information"""
    said = _call(access, "GET", "/v2/bot/channel/webhook/endpoint")
    if isinstance(said, Fault):
        return said
    address = said.get("endpoint")
    if not isinstance(address, str):
        return Fault.BROKEN
    return Webhook(address, said.get("active") is True) if address else Fault.NO_ADDRESS


def set_webhook(access: HasAccess, address: str) -> Fault | None:
    """Have its webhooks go there; None when LINE has done so, which takes up to a minute to be in force.
    https://developers.line.biz/en/reference/messaging-api/#set-webhook-endpoint-url"""
    if len(address) > LONGEST_ADDRESS:
        return Fault.ADDRESS_REFUSED
    said = _call(access, "PUT", "/v2/bot/channel/webhook/endpoint", {"endpoint": address})
    return said if isinstance(said, Fault) else None


def test_webhook(access: HasAccess, address: str | None = None) -> WebhookTest | Fault:
    """Have LINE post an empty webhook to that address, or to the one that is set; at most 60 times an hour.
    https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint"""
    body = {} if address is None else {"endpoint": address}
    said = _call(access, "POST", "/v2/bot/channel/webhook/test", body, TEST_SECONDS)
    return said if isinstance(said, Fault) else _webhook_test(said)


def month(access: HasAccess) -> Month | Fault:
    """This month's limit of paid messages, and how many were used.
    https://developers.line.biz/en/reference/messaging-api/#get-quota"""
    limit = _call(access, "GET", "/v2/bot/message/quota")
    if isinstance(limit, Fault):
        return limit
    used = _call(access, "GET", "/v2/bot/message/quota/consumption")
    if isinstance(used, Fault):
        return used
    used_count, quota = used.get("totalUsage"), limit.get("value")
    if not isinstance(used_count, int):
        return Fault.BROKEN
    if limit.get("type") == "none":
        return Month(None, used_count)
    return Month(quota, used_count) if isinstance(quota, int) else Fault.BROKEN


def _webhook_test(said: dict[str, Any]) -> WebhookTest:
    code, reason, detail = said.get("statusCode"), str(said.get("reason", "")), str(said.get("detail", ""))
    status = code if isinstance(code, int) and code > 0 else None
    if said.get("success") is True:
        trouble = Trouble.NONE
    elif status is not None:
        trouble = Trouble.SIGNATURE_REFUSED if status == 401 else Trouble.OTHER_STATUS
    else:
        known = {"COULD_NOT_CONNECT": Trouble.NOT_REACHED, "REQUEST_TIMEOUT": Trouble.TOO_SLOW}
        trouble = known.get(reason, Trouble.UNKNOWN)
    return WebhookTest(trouble, status, detail[:300])


def _call(
    access: HasAccess,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    seconds: float = ANSWER_SECONDS,
) -> dict[str, Any] | Fault:
    """LINE's answer as parsed JSON, or what kept it from answering. Never logs token or address."""
    if not _HEADER_TEXT.match(access.line_channel_access_token):
        return Fault.TOKEN_REFUSED  # no header can hold it, so LINE is not asked
    headers = {"Authorization": f"Bearer {access.line_channel_access_token}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    try:
        answer = _pool.request(
            method,
            access.line_api_url.rstrip("/") + path,
            body=None if body is None else json.dumps(body).encode(),
            headers=headers,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=seconds),
        )
    except urllib3.exceptions.HTTPError as error:
        log.warning("LINE did not answer", endpoint=path, error=type(error).__name__)
        return Fault.NO_NETWORK
    log.info(
        "LINE answered",
        endpoint=path,
        status=answer.status,
        request_id=answer.headers.get("x-line-request-id"),
    )
    return _read(answer.data) if answer.status == 200 else _fault(answer.status)


def _read(data: bytes) -> dict[str, Any] | Fault:
    try:
        said = json.loads(data)
    except ValueError:
        return Fault.BROKEN
    return said if isinstance(said, dict) else Fault.BROKEN


def _fault(status: int) -> Fault:
    refusals = {
        400: Fault.ADDRESS_REFUSED,
        401: Fault.TOKEN_REFUSED,
        403: Fault.TOKEN_REFUSED,
        404: Fault.NO_ADDRESS,
        429: Fault.TOO_OFTEN,
    }
    return refusals.get(status, Fault.BROKEN)
