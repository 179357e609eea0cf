"""Calls LINE; the only file that does. Decides nothing: an answer is handed back as it came.

Stored JSON goes out as it is stored: through the SDK's client (its addresses, authorisation and connections), but not
through its message classes, which drop fields they do not know and cost more than the call itself. The SDK raises
every answer but 2xx as an exception; here they are answers.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import structlog
import urllib3
from linebot.v3.messaging import ApiClient, ApiException, Configuration

from bot.delivery import Answer
from bot.settings import Settings

CONNECT_SECONDS, ANSWER_SECONDS = 3, 8
CHUNK_BYTES = 1 << 16
log = structlog.get_logger()


class LineClient:
    """One for a process, shared by its threads."""

    def __init__(
        self, settings: Settings, connection_count: int = 8, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self._api = ApiClient(_configuration(settings, settings.line_api_url, connection_count))
        self._data_api = ApiClient(_configuration(settings, settings.line_data_api_url, 1))
        self._timeout = (CONNECT_SECONDS, answer_seconds)

    def reply(self, reply_token: str | None, messages: list[dict[str, Any]]) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#send-reply-message"""
        return self._call("POST", "/v2/bot/message/reply", {"replyToken": reply_token, "messages": messages})

    def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#send-push-message"""
        body = {"to": to, "messages": messages}
        return self._call("POST", "/v2/bot/message/push", body, {"X-Line-Retry-Key": retry_key})

    def profile(self, line_user_id: str | None) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#get-profile"""
        return self._call("GET", "/v2/bot/profile/{userId}", path_params={"userId": line_user_id or ""})

    def content(self, message_id: str, take: Callable[[bytes], None]) -> Answer:
        """Hands over the bytes as they come; the answer is 200 when those were all. What `take` raises ends it.
        https://developers.line.biz/en/reference/messaging-api/#get-content"""
        endpoint = "/v2/bot/message/{messageId}/content"
        url = self._data_api.configuration.host + endpoint.format(messageId=quote(message_id, safe=""))
        headers = dict(self._data_api.default_headers)
        self._data_api.update_params_for_auth(headers, [], ["Bearer"], endpoint, "GET", None)
        status, request_id = None, None
        try:
            # The SDK would hold a whole video in memory: its connections, but our own reading.
            response = self._data_api.rest_client.pool_manager.urlopen(
                "GET", url, headers=headers, timeout=urllib3.Timeout(*self._timeout), preload_content=False
            )
            try:
                status, request_id = response.status, response.headers.get("x-line-request-id")
                if status == 200:
                    for chunk in response.stream(CHUNK_BYTES):
                        take(chunk)
            finally:
                response.close()
        except urllib3.exceptions.HTTPError as error:
            log.warning("LINE did not answer", endpoint=endpoint, error=type(error).__name__)
            return Answer(None, type(error).__name__, request_id)
        log.info("LINE answered", endpoint=endpoint, status=status, request_id=request_id)
        return Answer(status, "", request_id)

    def month_is_spent(self) -> bool | None:
        """Whether this month's paid messages are used up; None when LINE does not say.
        https://developers.line.biz/en/reference/messaging-api/#get-quota"""
        answer = self._call("GET", "/v2/bot/message/quota")
        if _field(answer, "type") == "none":
            return False
        quota = _number(answer, "value")
        spent = _number(self._call("GET", "/v2/bot/message/quota/consumption"), "totalUsage")
        return None if quota is None or spent is None else spent >= quota

    def _call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        path_params: dict[str, str] | None = None,
    ) -> Answer:
        try:
            taken = self._api.call_api(
                path,
                method,
                path_params or {},
                [],
                {"Accept": "application/json", "Content-Type": "application/json", **(headers or {})},
                body=body,
                response_types_map={},
                auth_settings=["Bearer"],
                _request_timeout=self._timeout,
            )
            status, text, answered = taken.status_code, taken.raw_data, taken.headers
        except ApiException as refused:
            # The SDK says 0 where no answer came over TLS.
            status, text, answered = refused.status or None, refused.body, refused.headers or {}
        except urllib3.exceptions.HTTPError as error:
            log.warning("LINE did not answer", endpoint=path, error=type(error).__name__)
            return Answer(None, type(error).__name__)
        request_id = answered.get("x-line-request-id")
        log.info("LINE answered", endpoint=path, status=status, request_id=request_id)
        return Answer(status, text or "", request_id)


def _configuration(settings: Settings, host: str, connection_count: int) -> Configuration:
    configuration = Configuration(access_token=settings.line_channel_access_token, host=host)
    configuration.connection_pool_maxsize = connection_count
    configuration.retries = False  # what is tried again, and when, is bot/delivery.py's
    return configuration


def _number(answer: Answer, name: str) -> int | None:
    value = _field(answer, name)
    return value if isinstance(value, int) else None


def _field(answer: Answer, name: str) -> Any:
    try:
        return json.loads(answer.text).get(name) if answer.status == 200 else None
    except (ValueError, AttributeError):
        return None
