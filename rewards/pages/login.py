"""The routes for joining from an invitation's page by LINE Login, and back into the chat.

It only stores an event saying who joined by which code; `handlers/` reward it. A sign-in is valid only in the
browser that began it, and every failure ends on a page that offers joining by the code instead.
"""

import hmac
import threading

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from bot import log
from bot.config import settings
from bot.db.database import write_transaction
from bot.line import login
from bot.line import messages as line
from bot.line.login import LoginRefused
from bot.queue import inbox
from bot.routing import event_kinds
from rewards.pages.public import STYLE, owned_code, page
from rewards.referrals.links import chat_link
from rewards.referrals.words import words

COOKIE = "goen_join"
HOST_ONLY = "__Host-"
"""With this prefix and https, no other site of the domain can set the cookie (RFC 6265bis, 4.1.3)."""
COOKIE_SECONDS = 15 * 60
"""How long a person may take on LINE's pages; LINE's own code is valid for ten minutes."""
LOGIN_SLOTS = threading.BoundedSemaphore(4)
"""At most so many ask LINE at a time: a slow LINE must not use up the threads that the webhook needs."""
SLOT_WAIT_SECONDS = 2.0

login_pages = Blueprint("login", __name__, template_folder="templates")


@login_pages.get("/r/<name>/login")
def join(name: str) -> AnyResponse:
    """Redirects to LINE, with a state that is stored in this browser's cookie."""
    code = owned_code(name)
    if code is None or not settings.current().has_line_login:
        return redirect(url_for("rewards.invitation_page", name=name), 303)
    state = login.new_state(code.replace("-", ""))
    answer = redirect(login.address(state), 303)
    _set_state_cookie(answer, _signer().dumps(state), COOKIE_SECONDS)
    return _not_cached(answer)


@login_pages.get(login.CALLBACK)
def come_back() -> AnyResponse:
    """LINE's answer: stores who came by whose code as an event, then redirects to the last page."""
    if not settings.current().has_line_login:
        abort(404)
    state = request.args.get("state", "")[:100]
    code = owned_code(state[-8:])
    if code is None or not hmac.compare_digest(_state_of_browser().encode(), state.encode()):
        log.info("LINE Login refused", reason="the state is not this browser's")
        return _failed(words().join_lost, code, 400)
    if "error" in request.args:
        is_cancelled = request.args["error"].casefold() == "access_denied"
        log.info("LINE Login ended", cancelled=is_cancelled)
        return _failed(words().join_cancelled if is_cancelled else words().join_failed, code, 200)
    if not LOGIN_SLOTS.acquire(timeout=SLOT_WAIT_SECONDS):
        return _failed(words().join_failed, code, 503)
    try:
        user_id = login.who(state, request.args.get("code", "")[:500])
    except LoginRefused as refused:
        log.warning("LINE Login refused", reason=str(refused))
        return _failed(words().join_failed, code, 502)
    finally:
        LOGIN_SLOTS.release()
    with write_transaction():
        inbox.put(
            event_kinds.REFERRAL_LOGIN_COMPLETED, f"referral-login:{user_id}:{code}", user_id, {"code": code}
        )
    answer = redirect(url_for("login.joined"), 303)
    _set_state_cookie(answer, "", 0)
    return _not_cached(answer)


@login_pages.get(f"{login.CALLBACK}/done")
def joined() -> AnyResponse:
    """The last page, with a button into the chat; opening it again has no effect."""
    return _page(words().join_done_title, words().join_done, 200)


def _failed(lead: str, code: str | None, status: int) -> Response:
    """The page after a failure, with both ways to try again where the invitation is known."""
    title = words().page_title.format(shop=settings.current().shop_name)
    return _page(title, lead, status, code)


def _page(title: str, lead: str, status: int, code: str | None = None) -> Response:
    answer = page(
        render_template(
            "rewards/login.html",
            style=STYLE,
            words=words(),
            title=title,
            lead=lead,
            again=url_for("login.join", name=code) if code else None,
            by_code=chat_link(code) if code else None,
            chat=line.chat(settings.current().line_basic_id),
        ),
        status,
    )
    _not_cached(answer)
    return answer


def _set_state_cookie(answer: AnyResponse, state: str, seconds: int) -> None:
    by_https = settings.current().by_https
    answer.set_cookie(
        _cookie_name(),
        state,
        max_age=seconds,
        path="/" if by_https else login.CALLBACK,
        secure=by_https,
        httponly=True,
        samesite="Lax",
    )


def _cookie_name() -> str:
    return HOST_ONLY + COOKIE if settings.current().by_https else COOKIE


def _state_of_browser() -> str:
    try:
        return str(_signer().loads(request.cookies.get(_cookie_name(), ""), max_age=COOKIE_SECONDS))
    except BadSignature:
        return ""


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.current().secret_key, salt="line-login")


def _not_cached(answer: AnyResponse) -> AnyResponse:
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
