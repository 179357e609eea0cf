"""Mounts the console in the web process: Flask settings, sign-in, languages, pages, error pages."""

from datetime import timedelta
from pathlib import Path

import peewee
from flask import Blueprint, Flask, abort, render_template, request, url_for
from flask_babel import Babel, get_locale
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError

from bot.config import settings
from bot.queue import sending_held
from bot.web.request_cleaning import address_parts
from console.auth import (
    access_control,
    account,
    audit_page,
    first_owner,
    forgotten,
    second_factor_setup,
    session_cookie,
    sign_in,
    staff_page,
)
from console.campaigns import campaign_editor, campaign_list, campaign_people, campaign_progress
from console.catalogue import figure_page
from console.charts import on_pages as charts
from console.connections import page as connections_page
from console.contacts import history as contact_history
from console.contacts import page as contacts_page
from console.customers import customer_list, sheet_files
from console.customers import page as customer_page
from console.data import data_page, person_page
from console.desk import bulk, canned_replies, composer, links, search, ticket_work, tickets
from console.faq import entries, files, learning
from console.figures import answer_list, answers_page, satisfaction
from console.figures import pages as figures_pages
from console.guide import pages as guide_pages
from console.health import page as health_page
from console.imports import page as imports_page
from console.journeys import effects, flow_editor, flow_list, flow_switches, messages_page, publish, walk
from console.loyalty import (
    coupons,
    giving,
    points,
    rank_adoption,
    rank_simulation,
    redeem,
    referral_review,
    rewards,
    testimonials,
)
from console.ltv import costs as ltv_costs
from console.ltv import lists as ltv_lists
from console.ltv import page as ltv_page
from console.notifications import app as notifications_app
from console.notifications import news as notifications_news
from console.notifications import page as notifications_page
from console.orders import api_keys_page, order_notes, parked_orders_page, products_page
from console.ranks import lists as rank_lists
from console.ranks import page as ranks_page
from console.referrals import lists as referral_lists
from console.referrals import page as referrals_page
from console.reports import page as reports_page
from console.settings import file_page as settings_file_page
from console.settings import page as settings_page
from console.settings import versions_page as settings_versions_page
from console.shell import failed_jobs, media, navigation, notices
from console.shell import pages as shell_pages
from console.shell.translation import gettext
from console.stages import belt_page, recency_page, rfm_page
from console.today import page as today_page
from console.traces import trace_pages

PAGES = (
    sign_in,
    today_page,
    guide_pages,
    tickets,
    bulk,
    composer,
    canned_replies,
    search,
    ticket_work,
    media,
    points,
    figures_pages,
    parked_orders_page,
    order_notes,
    products_page,
    failed_jobs,
    links,
    api_keys_page,
    notices,
    redeem,
    coupons,
    rewards,
    giving,
    rank_simulation,
    rank_adoption,
    referral_review,
    staff_page,
    first_owner,
    forgotten,
    account,
    second_factor_setup,
    audit_page,
    entries,
    files,
    learning,
    testimonials,
    satisfaction,
    answers_page,
    answer_list,
    figure_page,
    flow_list,
    flow_switches,
    flow_editor,
    messages_page,
    trace_pages,
    customer_list,
    customer_page,
    person_page,
    data_page,
    sheet_files,
    publish,
    walk,
    contacts_page,
    contact_history,
    campaign_list,
    campaign_editor,
    campaign_people,
    campaign_progress,
    effects,
    ltv_page,
    ltv_lists,
    ltv_costs,
    referrals_page,
    referral_lists,
    ranks_page,
    rank_lists,
    belt_page,
    rfm_page,
    recency_page,
    reports_page,
    notifications_page,
    notifications_news,
    notifications_app,
    imports_page,
    health_page,
    settings_page,
    settings_versions_page,
    settings_file_page,
    connections_page,
)
"""Each registers its URLs; a page module that is missing here is not served."""

SESSION_LASTS = timedelta(days=90)
"""Lifetime of the cookie from the sign-in on. How long the session itself is valid is in
`console/auth/sessions.py`."""
LONG_FIELDS = ("text", "note", "answer", "body", "rules", "reason")
"""Form fields with long texts, whose content an error page gives back."""
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
        # A chat polls every two seconds: a late response must not restore the cookie of before a form was
        # sent.
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_CHECK_DEFAULT=False,  # access_control.py checks; webhook and API do not use cookies
        WTF_CSRF_TIME_LIMIT=None,  # a chat stays open all day: the token lives as long as the session
    )
    sign_ins = LoginManager(app)
    sign_ins.user_loader(sign_in.load_user)
    access_control.csrf.init_app(app)
    imports_page.accept_large_files(app)
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
    for part in (access_control, *PAGES):
        part.register(console)
    console.route("/<path:_anywhere>", methods=["GET", "POST"])(nowhere)
    console.register_error_handler(403, _forbidden)
    console.register_error_handler(404, _not_found)
    console.register_error_handler(OverflowError, _not_found)  # a number in the address larger than any id
    console.register_error_handler(CSRFError, _csrf_failed)
    console.register_error_handler(peewee.DataError, _value_too_large)
    console.context_processor(_template_values)
    return console


def _template_values() -> dict[str, object]:
    return {
        "menu": lambda: navigation.menu_for(access_control.may_open),
        "asset": shell_pages.asset,
        "moment": shell_pages.moment,
        "waited": shell_pages.waited,
        "lasting": shell_pages.lasting,
        "hours_and_minutes": shell_pages.hours_and_minutes,
        "day_heading": shell_pages.day_heading,
        "line_words": shell_pages.line_words,
        "yen": shell_pages.yen,
        "full_day": shell_pages.full_day,
        "month_name": shell_pages.month_name,
        "month_of_year": shell_pages.month_of_year,
        "shop_name": settings.current().shop_name,
        "has_support_account": settings.current().has_support_account,
        "language": str(get_locale()),
        "current_notices": lambda: notices.current(access_control.may_open),
        "sending_is_held": sending_held.is_held,
        "this_page": _this_page(),
        "note_kind": order_notes.kind_in_words,
        "note_choices": order_notes.choices,
        **charts.TEMPLATE_VALUES,
        **figure_page.TEMPLATE_VALUES,
    }


def _this_page() -> str:
    """The address to return to: for the answer to a form, the page with the form."""
    if request.method == "GET":
        return request.full_path
    form_page = address_parts(request.referrer or "")
    return f"{form_page.path}?{form_page.query}" if form_page else url_for("console.home")


def nowhere(_anywhere: str) -> str:
    """Answer 404 for unknown addresses under /console, by the console's own error page."""
    abort(404)


def _forbidden(_error: Exception) -> tuple[str, int]:
    return _error_page(gettext("このページはオーナーだけが開けます。"), 403)


def _not_found(_error: Exception) -> tuple[str, int]:
    return _error_page(gettext("ページが見つかりません。"), 404)


def _csrf_failed(_error: Exception) -> tuple[str, int]:
    """The CSRF token is wrong or the session has ended: give back what was typed."""
    reason = gettext(
        "画面が古くなっていたため、受け付けられませんでした。開き直してから、もう一度お試しください。"
    )
    return _error_page(reason, 400, draft=_typed())


def _value_too_large(_error: Exception) -> tuple[str, int]:
    """A text or number too large for its column, which PostgreSQL refuses where a page did not."""
    reason = gettext("入力が長すぎるか、数が大きすぎます。短くして、もう一度お試しください。")
    return _error_page(reason, 422, draft=_typed())


def _typed() -> str:
    """The long text of the submitted form, to give it back."""
    typed = (request.form.get(field, "") for field in LONG_FIELDS)
    return next(filter(None, typed), "")


def _error_page(reason: str, status: int, draft: str = "") -> tuple[str, int]:
    return render_template("console/error.html", reason=reason, draft=draft), status
