"""Decides how the console is mounted in the web process: sign-in, languages, pages."""

from datetime import timedelta
from pathlib import Path

import peewee
from flask import Blueprint, Flask, abort, render_template, request, url_for
from flask_babel import Babel, get_locale
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError

from bot import notices, settings
from bot.readable_requests import address_parts
from console import (
    account,
    answers,
    audit_page,
    canned,
    composer,
    coupons,
    doorkeeper,
    faq,
    faq_files,
    faq_learning,
    figures,
    keys,
    links,
    media,
    navigation,
    noticed,
    pages,
    parked,
    people,
    points,
    rank_replay,
    redeem,
    referral_review,
    rewards,
    satisfaction,
    search,
    second_factor_setup,
    session_cookie,
    sign_in,
    stuck,
    testimonials,
    ticket_work,
    tickets,
)
from console.words import gettext

PAGES = (
    sign_in,
    tickets,
    composer,
    canned,
    search,
    ticket_work,
    media,
    points,
    figures,
    parked,
    stuck,
    links,
    keys,
    noticed,
    redeem,
    coupons,
    rewards,
    rank_replay,
    referral_review,
    people,
    account,
    second_factor_setup,
    audit_page,
    faq,
    faq_files,
    faq_learning,
    testimonials,
    satisfaction,
    answers,
)
"""Each registers its addresses; a page that is not of one of these does not exist."""

SESSION_LASTS = timedelta(days=90)
"""The cookie's, from the sign-in on; how long that holds, which is never longer, is `sessions.py`'s."""
LONG_FIELDS = ("text", "note", "answer", "body", "rules", "reason")
"""What people write at length, in whatever form."""
TRANSLATIONS = Path(__file__).resolve().parent / "translations"


def init_app(app: Flask) -> None:
    """Mount the console under /console. The settings must be in force, and `SECRET_KEY` set."""
    config = settings.current()
    app.session_interface = session_cookie.SessionCookie()
    app.config.update(
        SESSION_COOKIE_NAME=session_cookie.name(config),
        SESSION_COOKIE_PATH=session_cookie.path(config),
        SESSION_COOKIE_SECURE=config.by_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_LASTS,
        # A chat asks every two seconds: an answer that was on its way must not put back the cookie of before a form.
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_CHECK_DEFAULT=False,  # the webhook and the API are signed otherwise; the doorkeeper checks ours
        WTF_CSRF_TIME_LIMIT=None,  # a chat stays open all day: the token lives as long as the session
    )
    sign_ins = LoginManager(app)
    sign_ins.user_loader(sign_in.who_is_in)
    doorkeeper.csrf.init_app(app)
    Babel(
        app,
        default_locale="ja",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=sign_in.language,
    )
    app.register_blueprint(_console())


def _console() -> Blueprint:
    console = Blueprint(
        "console", "console", url_prefix="/console", template_folder="templates", static_folder="static"
    )
    for part in (doorkeeper, *PAGES):
        part.register(console)
    console.route("/<path:_anywhere>", methods=["GET", "POST"])(nowhere)
    console.register_error_handler(403, _not_yours)
    console.register_error_handler(404, _not_there)
    console.register_error_handler(OverflowError, _not_there)  # a number in the address that no row can have
    console.register_error_handler(CSRFError, _too_old)
    console.register_error_handler(peewee.DataError, _does_not_fit)
    console.context_processor(_everywhere)
    return console


def _everywhere() -> dict[str, object]:
    return {
        "menu": lambda: navigation.for_whom(doorkeeper.may_open),
        "asset": pages.asset,
        "moment": pages.moment,
        "waited": pages.waited,
        "lasting": pages.lasting,
        "day_heading": pages.day_heading,
        "line_words": pages.line_words,
        "yen": pages.yen,
        "full_day": pages.full_day,
        "month_name": pages.month_name,
        "month_of_year": pages.month_of_year,
        "shop_name": settings.current().shop_name,
        "language": str(get_locale()),
        "standing_notices": notices.standing,
        "this_page": _this_page(),
    }


def _this_page() -> str:
    """Where to come back to: of the answer to a form, the page that the form stood on."""
    if request.method == "GET":
        return request.full_path
    form_page = address_parts(request.referrer or "")
    return f"{form_page.path}?{form_page.query}" if form_page else url_for("console.home")


def nowhere(_anywhere: str) -> str:
    """So that what is not there is said in the console's own words."""
    abort(404)


def _not_yours(_error: Exception) -> tuple[str, int]:
    return _sorry(gettext("このページはオーナーだけが開けます。"), 403)


def _not_there(_error: Exception) -> tuple[str, int]:
    return _sorry(gettext("ページが見つかりません。"), 404)


def _too_old(_error: Exception) -> tuple[str, int]:
    """The form was not ours, or its session has ended: what was typed must not be lost with it."""
    reason = gettext(
        "画面が古くなっていたため、受け付けられませんでした。開き直してから、もう一度お試しください。"
    )
    return _sorry(reason, 400, draft=_typed())


def _does_not_fit(_error: Exception) -> tuple[str, int]:
    """A text longer, or a number larger, than its place: PostgreSQL says so where a page did not."""
    reason = gettext("入力が長すぎるか、数が大きすぎます。短くして、もう一度お試しください。")
    return _sorry(reason, 422, draft=_typed())


def _typed() -> str:
    """What was written at length in the form at hand: it must not be lost."""
    typed = (request.form.get(field, "") for field in LONG_FIELDS)
    return next(filter(None, typed), "")


def _sorry(reason: str, status: int, draft: str = "") -> tuple[str, int]:
    return render_template("console/sorry.html", reason=reason, draft=draft), status
