"""Calls the Messaging API; the only file that does. Decides nothing: an answer is handed back as it came.

Stored JSON goes out as it is stored, over the SDK's connections and with its authorisation, but neither through its
message classes, which drop fields they do not know, nor through its calls, which make every answer but 2xx an
exception, read a whole video into memory and cost as much again as the call (benchmarks/pipeline.py).
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import urllib3
from linebot.v3.messaging import ApiClient, Configuration

from bot import log
from bot.delivery import Answer
from bot.month_quota import Month
from bot.settings import Settings

CONNECT_SECONDS, ANSWER_SECONDS = 3, 8
CHUNK_BYTES = 1 << 16


class LineClient:
    """One for a process, shared by its threads."""

    def __init__(
        self, settings: Settings, connection_count: int = 8, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self._api = _client(settings, settings.line_api_url, connection_count)
        self._data_api = _client(settings, settings.line_data_api_url, 2)
        self._timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=answer_seconds)

    def reply(self, reply_token: str | None, messages: list[dict[str, Any]]) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#send-reply-message"""
        return self._call("POST", "/v2/bot/message/reply", {"replyToken": reply_token, "messages": messages})

    def push(self, to: str, messages: list[dict[str, Any]], retry_key: str) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#send-push-message"""
        body = {"to": to, "messages": messages}
        return self._call("POST", "/v2/bot/message/push", body, {"X-Line-Retry-Key": retry_key})

    def profile(self, line_user_id: str | None) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#get-profile"""
        return self._call("GET", "/v2/bot/profile/{id}", about=line_user_id)

    def content(self, message_id: str, take: Callable[[bytes], None]) -> Answer:
        """Hands over the bytes as they come; the answer is 200 when those were all. What `take` raises ends it.
        https://developers.line.biz/en/reference/messaging-api/#get-content"""
        endpoint = "/v2/bot/message/{id}/content"
        status, request_id = None, None
        try:
            response = self._open(self._data_api, "GET", endpoint, message_id, preload_content=False)
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

    def link_token(self, line_user_id: str | None) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#issue-link-token"""
        return self._call("POST", f"/v2/bot/user/{quote(line_user_id or '', safe='')}/linkToken")

    def make_rich_menu(self, design: dict[str, Any]) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#create-rich-menu"""
        return self._call("POST", "/v2/bot/richmenu", design)

    def put_rich_menu_picture(self, menu_id: str, picture: bytes) -> Answer:
        """A PNG, to the data host.
        https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image"""
        png = {"Content-Type": "image/png"}
        return self._call("POST", "/v2/bot/richmenu/{id}/content", picture, png, menu_id, api=self._data_api)

    def rich_menus(self) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-list"""
        return self._call("GET", "/v2/bot/richmenu/list")

    def default_rich_menu(self) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#get-default-rich-menu-id"""
        return self._call("GET", "/v2/bot/user/all/richmenu")

    def show_rich_menu_to_all(self, menu_id: str) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#set-default-rich-menu"""
        return self._call("POST", "/v2/bot/user/all/richmenu/{id}", about=menu_id)

    def show_rich_menu(self, line_user_id: str, menu_id: str) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#link-rich-menu-to-user"""
        menu = quote(menu_id, safe="")
        return self._call("POST", f"/v2/bot/user/{{id}}/richmenu/{menu}", about=line_user_id)

    def show_rich_menu_to_many(self, line_user_ids: list[str], menu_id: str) -> Answer:
        """500 at most; LINE does it soon after it has answered.
        https://developers.line.biz/en/reference/messaging-api/#link-rich-menu-to-users"""
        body = {"richMenuId": menu_id, "userIds": line_user_ids}
        return self._call("POST", "/v2/bot/richmenu/bulk/link", body)

    def delete_rich_menu(self, menu_id: str) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#delete-rich-menu"""
        return self._call("DELETE", "/v2/bot/richmenu/{id}", about=menu_id)

    def month_is_spent(self) -> bool | None:
        """Whether this month's paid messages are used up; None when LINE does not say.
        https://developers.line.biz/en/reference/messaging-api/#get-quota"""
        month = self.month()
        return None if month is None else month.quota is not None and month.used_count >= month.quota

    def month(self) -> Month | None:
        """This month's limit of paid messages, and how many were used; None when LINE does not say.
        https://developers.line.biz/en/reference/messaging-api/#get-quota"""
        answer = self._call("GET", "/v2/bot/message/quota")
        limited = _field(answer, "type") != "none"
        quota = _number(answer, "value") if limited else None
        used = _number(self._call("GET", "/v2/bot/message/quota/consumption"), "totalUsage")
        if not limited:
            return Month(None, used or 0)
        return None if quota is None or used is None else Month(quota, used)

    def _call(
        self,
        method: str,
        endpoint: str,
        body: dict[str, Any] | bytes | None = None,
        headers: dict[str, str] | None = None,
        about: str | None = None,
        api: ApiClient | None = None,
    ) -> Answer:
        try:
            response = self._open(api or self._api, method, endpoint, about, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            log.warning("LINE did not answer", endpoint=endpoint, error=type(error).__name__)
            return Answer(None, type(error).__name__)
        request_id = response.headers.get("x-line-request-id")
        log.info("LINE answered", endpoint=endpoint, status=response.status, request_id=request_id)
        return Answer(response.status, response.data.decode("utf-8", "replace"), request_id)

    def _open(
        self,
        api: ApiClient,
        method: str,
        endpoint: str,
        about: str | None,
        *,
        body: dict[str, Any] | bytes | None = None,
        headers: dict[str, str] | None = None,
        preload_content: bool = True,
    ) -> urllib3.BaseHTTPResponse:
        """`about` is the id in the endpoint's path, which the log leaves out."""
        response: urllib3.BaseHTTPResponse = api.rest_client.pool_manager.urlopen(
            method,
            api.configuration.host + endpoint.replace("{id}", quote(about or "", safe="")),
            body=json.dumps(body).encode() if isinstance(body, dict) else body,
            headers={**api.default_headers, **(headers or {})},
            timeout=self._timeout,
            retries=False,  # what is tried again, and when, is bot/delivery.py's
            preload_content=preload_content,
        )
        return response


def _client(settings: Settings, host: str, connection_count: int) -> ApiClient:
    configuration = Configuration(access_token=settings.line_channel_access_token, host=host)
    configuration.connection_pool_maxsize = connection_count
    client = ApiClient(configuration)
    client.update_params_for_auth(client.default_headers, [], ["Bearer"], "", "", None)
    client.set_default_header("Content-Type", "application/json")
    return client


def _number(answer: Answer, name: str) -> int | None:
    value = _field(answer, name)
    return value if isinstance(value, int) else None


def _field(answer: Answer, name: str) -> Any:
    try:
        return json.loads(answer.text).get(name) if answer.status == 200 else None
    except (ValueError, AttributeError):
        return None
