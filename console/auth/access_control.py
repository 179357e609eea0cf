"""Decides who may see which page. Deny by default: a page that is in no list below is the owner's alone.

Every POST needs a CSRF token; every answer forbids scripts, frames and styles from elsewhere.
"""

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from bot.config import settings
from console.auth import confirmation, second_factor
from console.shell import audit

ANYONE_MAY = {
    *("console.static", "console.sign_in", "console.second_step", "console.demo_sign_in"),
    *("console.speak", "console.join"),
}
NOT_RECORDED = {
    *("console.sign_in", "console.second_step", "console.demo_sign_in", "console.sign_out", "console.speak"),
    *("console.notes_seen", "console.faq_preview", "console.insert_canned", "console.nowhere"),
}
"""Coming, going, the language, what one has seen: nothing of the shop's is changed by them."""
STAFF_MAY = {
    *("console.home", "console.nowhere"),
    "console.sign_out",
    "console.tickets",
    "console.queue",
    "console.ticket",
    "console.chat_part",
    "console.media",
    "console.room",
    "console.reply",
    "console.insert_canned",
    "console.canned_texts",
    "console.keep_canned",
    "console.drop_canned",
    "console.search",
    "console.assign",
    "console.snooze",
    "console.wake",
    "console.write_note",
    "console.notes_seen",
    "console.add_tag",
    "console.remove_tag",
    "console.resolve",
    "console.reopen",
    "console.change_birthday",
    "console.link_buyer",
    "console.unlink_buyer",
    "console.link_codes",
    "console.make_link_code",
    "console.points",
    "console.adjust_points",
    "console.rescue_points",
    "console.redeem",
    "console.redeem_now",
    "console.give_thanks",
    "console.coupons",
    "console.cancel_coupon",
    "console.held_referrals",
    "console.judge_referral",
    "console.account",
    "console.change_account",
    "console.change_password",
    "console.end_session",
    "console.begin_second_factor",
    "console.set_up_second_factor",
    "console.confirm_second_factor",
    "console.make_recovery_codes",
    "console.end_second_factor",
    "console.faq_stock",
    "console.faq_create",
    "console.faq_entry",
    "console.faq_change",
    "console.faq_preview",
    "console.faq_switch",
    "console.faq_versions",
    "console.faq_go_back",
    "console.faq_new",
    "console.faq_paraphrase",
    "console.faq_missing_questions",
    "console.faq_set_aside",
    "console.faq_export",
    "console.testimonials",
    "console.publish_testimonial",
    "console.refuse_testimonial",
    "console.answers",
    "console.answer_figures_page",
    "console.read_answer",
    "console.tag_answer",
}

SETTING_UP_A_SECOND_FACTOR = {
    *("console.account", "console.begin_second_factor", "console.set_up_second_factor"),
    *("console.confirm_second_factor", "console.sign_out"),
}
"""What an owner may do who needs a second factor and has none; see the setting of that name."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Tabler's CSS draws its ticks and arrows from data addresses
        "media-src 'self'",  # videos and voices that customers send
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

csrf = CSRFProtect()


def register(console: Blueprint) -> None:
    """What is asked before every page, and done after it."""
    console.before_request(keep_the_door)
    console.after_request(close_the_windows)
    console.teardown_request(audit.rest)


def keep_the_door() -> AnyResponse | None:
    """Refuse whoever may not see this page; from here on, what the page changes is recorded."""
    changes = request.method not in {"GET", "HEAD", "OPTIONS"}
    if changes:
        csrf.protect()
    if any(
        "\0" in text for text in (request.path, *(value for _, value in request.values.items(multi=True)))
    ):
        abort(400)  # nobody types it, and PostgreSQL keeps no text with it
    if request.endpoint not in ANYONE_MAY:
        if not current_user.is_authenticated:
            return _away_to(_sign_in_page())
        if request.endpoint not in SETTING_UP_A_SECOND_FACTOR and needs_second_factor():
            return _away_to(url_for("console.account"))
        if not may_open(request.endpoint or ""):
            abort(403)
        if page := confirmation.ask():
            return page
    if changes and request.endpoint not in NOT_RECORDED:
        audit.watch()
    return None


def may_open(endpoint: str) -> bool:
    """Whether who is signed in may see that page."""
    return endpoint in STAFF_MAY or bool(current_user.is_owner)


def needs_second_factor() -> bool:
    """Whether who is signed in has to set one up before anything else. In the demo nobody has to."""
    config = settings.current()
    needed = config.console_owners_need_second_factor and not config.demo
    return needed and bool(current_user.is_owner) and not second_factor.is_on(current_user)


def _sign_in_page() -> str:
    is_page = request.method == "GET" and not request.headers.get("HX-Request")
    return url_for("console.sign_in", next=request.full_path.rstrip("?") if is_page else None)


def _away_to(address: str) -> AnyResponse:
    if request.headers.get("HX-Request"):  # a fragment: the whole page has to go, not this part of it
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)


def close_the_windows(response: Response) -> Response:
    """Headers that hold for every page; files of ours may be kept, pages about customers may not.
    What customers sent has a narrower policy of its own (`console/desk/media.py`)."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint == "console.static" and request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint != "console.static" and not response.cache_control.private:
        response.headers["Cache-Control"] = "no-store"
    return response
