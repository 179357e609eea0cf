"""Apps to compare the product with: an empty Flask app, and an echo bot like the LINE SDK's sample."""

import os

from flask import Flask, abort, request
from linebot.v3 import WebhookHandler
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, TextMessage
from linebot.v3.webhooks import MessageEvent, TextMessageContent

hello = Flask("hello")


@hello.post("/callback")
def say_hello() -> str:
    """Answer 200 and do nothing."""
    return "OK"


echo = Flask("echo")
configuration = Configuration(access_token="x", host=os.environ.get("LINE_API_URL", "http://127.0.0.1:9"))  # noqa: S106
handler = WebhookHandler(os.environ.get("LINE_CHANNEL_SECRET", "x"))


@echo.post("/callback")
def callback() -> str:
    """As the SDK's sample: verify, parse, reply, 200. It stores nothing."""
    try:
        handler.handle(request.get_data(as_text=True), request.headers["X-Line-Signature"])
    except InvalidSignatureError:
        abort(400)
    return "OK"


@handler.add(MessageEvent, message=TextMessageContent)  # type: ignore[untyped-decorator]
def answer(event: MessageEvent) -> None:
    """Reply with the same text."""
    with ApiClient(configuration) as api_client:
        MessagingApi(api_client).reply_message_with_http_info(
            ReplyMessageRequest(
                reply_token=event.reply_token, messages=[TextMessage(text=event.message.text)]
            )
        )
