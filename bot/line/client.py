"""Calls LINE's Messaging API; the only file that does, except for `channel_check.py`, which asks about the channel
itself. Answers are returned as they came: what they mean is left to `bot/line/delivery.py`.

Calls without stored messages go through the SDK's `MessagingApi`; `_ask` makes its exceptions our answers.
Stored messages go out as they are stored, over the SDK's connections and with its authorisation, but neither
through its message classes, which drop fields they do not know, nor through its calls, which cost as much
again as the call itself (benchmarks/pipeline.py). Media is read in pieces: the SDK would read a whole video
into memory.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import urllib3
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    MessagingApiBlob,
    RichMenuBulkLinkRequest,
    RichMenuRequest,
)

from bot import log
from bot.config.settings import Settings
from bot.line.delivery import Answer
from bot.line.month import Month

CONNECT_SECONDS, ANSWER_SECONDS = 3, 8
CHUNK_BYTES = 1 << 16


class LineClient:
    """The calls to LINE of one of the shop's accounts, the main one's unless a token is given; one client a
    process and account, shared by its threads."""

    def __init__(
        self,
        settings: Settings,
        connection_count: int = 8,
        answer_seconds: float = ANSWER_SECONDS,
        *,
        token: str | None = None,
    ) -> None:
        token = settings.line_channel_access_token if token is None else token
        self._api = _client(token, settings.line_api_url, connection_count)
        self._data_api = _client(token, settings.line_data_api_url, 2)
        self._line, self._data = MessagingApi(self._api), MessagingApiBlob(self._data_api)
        self._seconds = (CONNECT_SECONDS, answer_seconds)
        self._timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=answer_seconds)

    def reply(self, reply_token: str | None, messages: list[dict[str, Any]]) -> Answer:
        """Send messages with a reply token.
        https://developers.line.biz/en/reference/messaging-api/#send-reply-message"""
        return self._send("/v2/bot/message/reply", {"replyToken": reply_token, "messages": messages})

    def push(
        self, to: str, messages: list[dict[str, Any]], retry_key: str, unit: str | None = None
    ) -> Answer:
        """Send messages to a user; LINE accepts a retry key once, and sums up the pushes of one unit.
        https://developers.line.biz/en/reference/messaging-api/#send-push-message"""
        body: dict[str, Any] = {"to": to, "messages": messages}
        if unit is not None:
            body["customAggregationUnits"] = [unit]
        return self._send("/v2/bot/message/push", body, {"X-Line-Retry-Key": retry_key})

    def multicast(
        self, to: list[str], messages: list[dict[str, Any]], retry_key: str, unit: str | None = None
    ) -> Answer:
        """Send the same messages to at most 500 users; retry key and unit as in a push.
        https://developers.line.biz/en/reference/messaging-api/#send-multicast-message"""
        body: dict[str, Any] = {"to": to, "messages": messages}
        if unit is not None:
            body["customAggregationUnits"] = [unit]
        return self._send("/v2/bot/message/multicast", body, {"X-Line-Retry-Key": retry_key})

    def validate_multicast(self, messages: list[dict[str, Any]]) -> Answer:
        """Ask whether the messages of a multicast are right, without sending them.
        https://developers.line.biz/en/reference/messaging-api/#validate-message-objects-of-multicast-message"""
        return self._send("/v2/bot/message/validate/multicast", {"messages": messages})

    def profile(self, line_user_id: str | None) -> Answer:
        """Get a user's name, picture and language.
        https://developers.line.biz/en/reference/messaging-api/#get-profile"""
        return self._ask(self._line.get_profile_with_http_info, line_user_id or "")

    def content(self, message_id: str, take: Callable[[bytes], None]) -> Answer:
        """Pass the bytes of a message's media to `take` as they come; the answer is 200 when those were all.
        What `take` raises ends the call.
        https://developers.line.biz/en/reference/messaging-api/#get-content"""
        endpoint, request_id = "/v2/bot/message/{id}/content", None
        path = endpoint.replace("{id}", quote(message_id, safe=""))
        try:
            response = self._open(self._data_api, "GET", path, preload_content=False)
            try:
                request_id = _request_id(response.headers)
                if response.status == 200:
                    for chunk in response.stream(CHUNK_BYTES):
                        take(chunk)
            finally:
                response.close()
        except urllib3.exceptions.HTTPError as error:
            return _unanswered(endpoint, error, request_id)
        return _answered(endpoint, Answer(response.status, "", request_id))

    def link_token(self, line_user_id: str | None) -> Answer:
        """Issue a token with which the user can sign in at the shop.
        https://developers.line.biz/en/reference/messaging-api/#issue-link-token"""
        return self._ask(self._line.issue_link_token_with_http_info, line_user_id or "")

    def make_rich_menu(self, design: dict[str, Any]) -> Answer:
        """Create a rich menu, without its picture.
        https://developers.line.biz/en/reference/messaging-api/#create-rich-menu"""
        return self._ask(self._line.create_rich_menu_with_http_info, RichMenuRequest.from_dict(design))

    def put_rich_menu_picture(self, menu_id: str, picture: bytes) -> Answer:
        """Upload a rich menu's picture, a PNG, to the data host.
        https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image"""
        png = {"Content-Type": "image/png"}
        return self._ask(self._data.set_rich_menu_image_with_http_info, menu_id, picture, _headers=png)

    def rich_menus(self) -> Answer:
        """List the channel's rich menus.
        https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-list"""
        return self._ask(self._line.get_rich_menu_list_with_http_info)

    def default_rich_menu(self) -> Answer:
        """Get the id of the rich menu that users see by default.
        https://developers.line.biz/en/reference/messaging-api/#get-default-rich-menu-id"""
        return self._ask(self._line.get_default_rich_menu_id_with_http_info)

    def show_rich_menu_to_all(self, menu_id: str) -> Answer:
        """Make a rich menu the default.
        https://developers.line.biz/en/reference/messaging-api/#set-default-rich-menu"""
        return self._ask(self._line.set_default_rich_menu_with_http_info, menu_id)

    def show_rich_menu(self, line_user_id: str, menu_id: str) -> Answer:
        """Link one user to a rich menu.
        https://developers.line.biz/en/reference/messaging-api/#link-rich-menu-to-user"""
        return self._ask(self._line.link_rich_menu_id_to_user_with_http_info, line_user_id, menu_id)

    def show_rich_menu_to_many(self, line_user_ids: list[str], menu_id: str) -> Answer:
        """Link at most 500 users to a rich menu; LINE does so shortly after it has answered.
        https://developers.line.biz/en/reference/messaging-api/#link-rich-menu-to-users"""
        wanted = RichMenuBulkLinkRequest(richMenuId=menu_id, userIds=line_user_ids)
        return self._ask(self._line.link_rich_menu_id_to_users_with_http_info, wanted)

    def delete_rich_menu(self, menu_id: str) -> Answer:
        """Delete a rich menu.
        https://developers.line.biz/en/reference/messaging-api/#delete-rich-menu"""
        return self._ask(self._line.delete_rich_menu_with_http_info, menu_id)

    def month_is_spent(self) -> bool | None:
        """Whether this month's paid messages are used up; None when LINE does not say.
        https://developers.line.biz/en/reference/messaging-api/#get-quota"""
        month = self.month()
        return None if month is None else month.quota is not None and month.used_count >= month.quota

    def month(self) -> Month | None:
        """This month's limit of paid messages, and how many were used; None when LINE does not say.
        https://developers.line.biz/en/reference/messaging-api/#get-quota"""
        answer = self._ask(self._line.get_message_quota_with_http_info)
        limited = _field(answer, "type") != "none"
        quota = _number(answer, "value") if limited else None
        used = _number(self._ask(self._line.get_message_quota_consumption_with_http_info), "totalUsage")
        if not limited:
            return Month(None, used or 0)
        return None if quota is None or used is None else Month(quota, used)

    def unit_statistics(self, unit: str, first_on: date, last_on: date) -> Answer:
        """Get the sums of what people did with the pushes of a unit, sent on these days in Japan.
        https://developers.line.biz/en/reference/messaging-api/#get-statistics-per-unit"""
        endpoint = "/v2/bot/insight/message/event/aggregation"
        period = {"from": f"{first_on:%Y%m%d}", "to": f"{last_on:%Y%m%d}"}
        query = urlencode({"customAggregationUnit": unit} | period)
        try:
            response = self._open(self._api, "GET", f"{endpoint}?{query}")
        except urllib3.exceptions.HTTPError as error:
            return _unanswered(endpoint, error)
        text = response.data.decode("utf-8", "replace")
        return _answered(endpoint, Answer(response.status, text, _request_id(response.headers)))

    def _ask(self, call: Callable[..., Any], *what: Any, **more: Any) -> Answer:
        """Make a call of the SDK. Its exceptions are answers, too: a refusal (ApiException) with LINE's
        status and text, a failed connection (urllib3's) without a status. An answer in a shape that the SDK
        cannot read is empty."""
        endpoint = call.__name__.removesuffix("_with_http_info")
        try:
            said = call(*what, _request_timeout=self._seconds, **more)
            answer = Answer(said.status_code, str(said.raw_data or ""), _request_id(said.headers))
        except ApiException as refused:
            if not refused.status:  # a failed TLS connection, which the SDK raises so
                return _unanswered(endpoint, refused)
            answer = Answer(refused.status, str(refused.body or ""), _request_id(refused.headers))
        except (ValueError, LookupError) as unreadable:
            refused_as = unreadable.__context__
            answer = Answer(refused_as.status if isinstance(refused_as, ApiException) else 200)
        except urllib3.exceptions.HTTPError as error:
            return _unanswered(endpoint, error)
        return _answered(endpoint, answer)

    def _send(self, endpoint: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
        """Send stored messages exactly as they are stored."""
        headers = {"Content-Type": "application/json", **(headers or {})}
        try:
            response = self._open(
                self._api, "POST", endpoint, body=json.dumps(body).encode(), headers=headers
            )
        except urllib3.exceptions.HTTPError as error:
            return _unanswered(endpoint, error)
        text = response.data.decode("utf-8", "replace")
        return _answered(endpoint, Answer(response.status, text, _request_id(response.headers)))

    def _open(
        self,
        api: ApiClient,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        preload_content: bool = True,
    ) -> urllib3.BaseHTTPResponse:
        """Make a request over the SDK's connections, with its authorisation."""
        response: urllib3.BaseHTTPResponse = api.rest_client.pool_manager.urlopen(
            method,
            api.configuration.host + path,
            body=body,
            headers={**api.default_headers, **(headers or {})},
            timeout=self._timeout,
            retries=False,
            preload_content=preload_content,
        )
        return response


def support_client(settings: Settings) -> LineClient | None:
    """The calls of the second account; None when the shop has none."""
    token = settings.line_support_channel_access_token
    return None if token is None else LineClient(settings, connection_count=2, token=token)


def _client(token: str, host: str, connection_count: int) -> ApiClient:
    configuration = Configuration(access_token=token, host=host)
    configuration.connection_pool_maxsize = connection_count
    configuration.retries = False  # retries are left to bot/line/delivery.py
    client = ApiClient(configuration)
    client.update_params_for_auth(client.default_headers, [], ["Bearer"], "", "", None)
    return client


def _answered(endpoint: str, answer: Answer) -> Answer:
    log.info("LINE answered", endpoint=endpoint, status=answer.status, request_id=answer.request_id)
    return answer


def _unanswered(endpoint: str, error: Exception, request_id: str | None = None) -> Answer:
    log.warning("LINE did not answer", endpoint=endpoint, error=type(error).__name__)
    return Answer(None, type(error).__name__, request_id)


def _request_id(headers: Any) -> str | None:
    found = headers.get("x-line-request-id") if headers else None
    return None if found is None else str(found)


def _number(answer: Answer, name: str) -> int | None:
    value = _field(answer, name)
    return value if isinstance(value, int) else None


def _field(answer: Answer, name: str) -> Any:
    try:
        return json.loads(answer.text).get(name) if answer.status == 200 else None
    except (ValueError, AttributeError):
        return None
