"""The web application of the first start: the set-up page under its secret address, LINE's webhook, and nothing else.

The page's steps are `steps.py`'s. Whoever knows the secret part of the address may use the page: it is compared in
constant time, wrong ones are limited, and a request that another site's page makes is refused.
"""

import hmac
import secrets
import threading
import time
from collections import deque
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import Babel, get_locale
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from bot import localtime
from bot.web.webhook import signature as line_signature
from bot.web.webhook import split
from console.auth.access_control import CONTENT_SECURITY_POLICY
from console.first_start import restore_page
from console.first_start.answers import Answers
from console.first_start.restore import Restoration
from console.first_start.steps import Steps

CONSOLE = Path(__file__).resolve().parent.parent
WRONG_TRIES, WRONG_SECONDS = 20, 60.0
LARGEST_BODY_BYTES = 1_000_000
ASSETS = {"vendor/tabler/tabler.min.css", "console.css", "first-start.css", "first-start.js", "icon.svg"}
LANGUAGES = ("ja", "en")


def create_site(answers: Answers) -> Flask:
    """The application; `answers.is_over` is set when everything is answered."""
    site = Flask("first-start", static_folder=None, template_folder=str(CONSOLE / "templates"))
    restoration = Restoration(answers)
    site.request_class = restore_page.request_class(restoration)
    site.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES)
    steps = Steps(answers, restoration, process_id=secrets.token_hex(8))
    Babel(
        site,
        default_locale="ja",
        default_translation_directories=str(CONSOLE / "translations"),
        locale_selector=lambda: answers.language or request.accept_languages.best_match(LANGUAGES) or "ja",
    )
    site.register_blueprint(_page(answers, steps, restoration))
    _add_open_addresses(site, answers, steps)
    site.after_request(_secured)
    site.register_error_handler(NotFound, _nothing_here)
    return site


def _add_open_addresses(site: Flask, answers: Answers, steps: Steps) -> None:
    @site.get("/")
    def home() -> str:
        return render_template("console/first_start/under_way.html", language=str(get_locale()))

    @site.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="set-up", process=steps.process_id)

    @site.get("/readyz")
    def readyz() -> tuple[Response, int]:
        return jsonify(status="not ready", settings="set-up is under way; its address stands in the log"), 503

    @site.post("/callback")
    def callback() -> tuple[str, int]:
        """LINE's webhook: a try of it is accepted; real events are to be delivered again, later."""
        body, secret = request.get_data(), answers.get("LINE_CHANNEL_SECRET")
        given = request.headers.get("x-line-signature", "").encode("utf-8", "replace")
        if not secret or not hmac.compare_digest(given, line_signature(body, secret).encode()):
            return "x-line-signature does not fit.", 401
        try:
            events = split(body, localtime.machine_now())
        except ValueError as error:
            return str(error), 400
        return ("Set-up is under way. Please deliver again.", 503) if events else ("OK", 200)


def _page(answers: Answers, steps: Steps, restoration: Restoration) -> Blueprint:
    page = Blueprint("set_up", __name__, url_prefix="/set-up/<token>")
    wrong = _WrongTries()

    @page.url_value_preprocessor
    def admit(_endpoint: str | None, values: dict[str, str] | None) -> None:
        given = (values or {}).pop("token", "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), answers.token.encode()):
            abort(429 if wrong.count_one() else 404)
        if answers.is_over.is_set() and request.endpoint != "set_up.asset":
            abort(404)

    @page.url_defaults
    def with_token(_endpoint: str, values: dict[str, str]) -> None:
        values.setdefault("token", answers.token)

    @page.before_request
    def only_from_this_page() -> None:
        if request.method == "POST" and _comes_from_elsewhere():
            abort(403)

    @page.context_processor
    def values() -> dict[str, object]:
        return {
            "language": str(get_locale()),
            "steps": steps.overview(),
            "is_stored": answers.is_stored,
            "is_open_to_readers": steps.is_open_to_readers(),
            "restored_day": restoration.day(),
        }

    @page.post("/language/<language>")
    def speak(language: str) -> AnyResponse:
        if language not in LANGUAGES:
            abort(404)
        answers.language = language
        return redirect(url_for("set_up.begin"), 303)

    @page.get("/assets/<path:name>")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            abort(404)
        file = CONSOLE / "static" / name
        kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
        return Response(file.read_bytes(), content_type=f"{kinds[file.suffix]}; charset=utf-8")

    steps.register(page)
    restore_page.add_to(page, answers, restoration)
    return page


class _WrongTries:
    """Counts wrong addresses of the last minute. The right one always works: it cannot be guessed."""

    def __init__(self) -> None:
        self._at: deque[float] = deque(maxlen=WRONG_TRIES)
        self._lock = threading.Lock()

    def count_one(self) -> bool:
        """Count a wrong one; whether there are too many."""
        with self._lock:
            now = time.monotonic()
            too_many = len(self._at) == WRONG_TRIES and now - self._at[0] < WRONG_SECONDS
            self._at.append(now)
            return too_many


def _comes_from_elsewhere() -> bool:
    """Whether another site's page made this request. Browsers say so themselves; a program need not."""
    by_browser = request.headers.get("Sec-Fetch-Site")
    if by_browser is not None:
        return by_browser != "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


def _nothing_here(_error: Exception) -> tuple[str, int]:
    return render_template("console/first_start/under_way.html", language=str(get_locale())), 404


def _secured(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is a secret
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
