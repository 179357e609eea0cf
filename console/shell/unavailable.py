"""Answers 503 with an error page or JSON while the database cannot be used. Makes no query itself."""

from flask import Flask, Response, request

from bot import outages
from bot.db import database
from bot.web import page_policy, page_style
from customers.api import auth

RETRY_AFTER_SECONDS = 10
JAPANESE = "ただいまつながりにくくなっています。1分ほどたってから、もう一度お開きください。"
ENGLISH = "We cannot be reached just now. Please open this page again in a minute."
UNSAVED_JAPANESE = (
    "いまの操作はまだ保存されていません。ブラウザーの「戻る」で入力した内容に戻り、もう一度お試しください。"
)
UNSAVED_ENGLISH = "What you did is not saved yet. Go back in your browser to what you typed, and try again."
STYLE = (
    page_style.BASE + "body{line-height:1.8;word-break:auto-phrase}"
    "main{max-width:34rem;margin:15vh auto;padding:0 1.5rem}h1{font-size:1.3rem}"
)
PAGE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>ただいまつながりません</title><style>{style}</style></head>
<body><main><h1>ただいまつながりません</h1><p>{japanese}</p><p lang="en">{english}</p></main></body></html>
"""


class OutlivesOutages(Flask):
    """A Flask application that answers 503 for any request that meets an outage, also while it renders an error
    page."""

    def handle_exception(self, error: Exception) -> Response:
        """Answer an unhandled exception: 503 for an outage of the database, as usual for everything else."""
        if not outages.report(error):
            return super().handle_exception(error)
        database.forget_connection()
        return self.finalize_request(_answer(), from_error_handler=True)

    def process_response(self, response: Response) -> Response:
        """Finish a response; a POST that succeeded shows that the outage is over."""
        if request.method == "POST" and response.status_code < 400:
            outages.end()
        return super().process_response(response)


def _answer() -> Response:
    is_for_programs = request.path.startswith((f"{auth.PREFIX}/", "/webhooks/"))
    answer = auth.unavailable() if is_for_programs else _as_page()
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _as_page() -> Response:
    is_read = request.method in ("GET", "HEAD")
    japanese, english = (JAPANESE, ENGLISH) if is_read else (UNSAVED_JAPANESE, UNSAVED_ENGLISH)
    page = PAGE.format(style=STYLE, japanese=japanese, english=english)
    answer = Response(page, 503)
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    answer.headers["Content-Security-Policy"] = page_policy.of(STYLE)
    return answer
