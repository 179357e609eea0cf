"""Authorizes each request by role. Denies by default: a page in none of the lists below is open to owners only.

Also checks the CSRF token of every POST and sets the security headers of every response. Who is signed in is
`sign_in.py`'s; what a page changes is recorded by `console/shell/audit.py`.
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
    *("console.manifest", "console.service_worker"),  # browsers ask for them without a session
    *("console.speak", "console.join", "console.first_owner"),
    *("console.forgotten_password", "console.new_password"),
}
NOT_RECORDED = {
    "console.forgotten_password",
    *("console.sign_in", "console.second_step", "console.demo_sign_in", "console.sign_out", "console.speak"),
    *("console.notes_seen", "console.faq_preview", "console.insert_canned", "console.nowhere"),
    *("console.preview_step", "console.test_notification"),
    *("console.attach_files", "console.remove_attachment"),  # drafts: the reply is recorded
    "console.check_again",
    "console.preview_step",
    *("console.preview_campaign", "console.count_campaign", "console.preview_reward"),
    *("console.check_settings_file", "console.open_connections"),
    *("console.preview_campaign", "console.count_campaign"),
}
"""Endpoints that change only sessions, the reader's language or read marks, so the audit log has no entry for
them."""
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
    "console.put_away",
    "console.insert_canned",
    *("console.attach_files", "console.remove_attachment"),
    "console.canned_texts",
    "console.keep_canned",
    "console.drop_canned",
    "console.search",
    "console.contacts",
    "console.contact_history",
    "console.send_contact",
    "console.snooze_contact",
    "console.end_contact",
    "console.set_contact_capacity",
    "console.assign",
    "console.bulk_change",
    "console.snooze",
    "console.wake",
    "console.follow_up",
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
    *("console.customers", "console.customer", "console.save_customer_filter"),
    "console.note_order",
    *("console.tag_customer", "console.untag_customer", "console.note_customer"),
    "console.points",
    "console.customer_trace",
    "console.message_trace",
    "console.adjust_points",
    "console.rescue_points",
    "console.redeem",
    "console.redeem_now",
    "console.give_thanks",
    "console.coupons",
    "console.cancel_coupon",
    "console.referrals_to_review",
    "console.judge_referral",
    "console.account",
    "console.change_account",
    *("console.notifications", "console.change_notifications", "console.new_alerts"),
    *("console.add_push_device", "console.remove_push_device"),
    *("console.test_notification", "console.test_outcome"),
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
"""What an owner may open before setting up a required second factor (CONSOLE_OWNERS_NEED_SECOND_FACTOR)."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Tabler's CSS draws its ticks and arrows from data: URLs
        "media-src 'self'",  # videos and voice messages from customers
        "connect-src 'self'",
        "worker-src 'self'",  # the service worker that shows notifications
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

csrf = CSRFProtect()


def register(console: Blueprint) -> None:
    """Adds the checks before, and the headers after, every request of the console."""
    console.before_request(authorize_request)
    console.after_request(set_security_headers)
    console.teardown_request(audit.stop)


def authorize_request() -> AnyResponse | None:
    """Refuse or redirect a request that is not allowed; None lets it through, and starts recording its changes."""
    changes = request.method not in {"GET", "HEAD", "OPTIONS"}
    if changes:
        csrf.protect()
    if any(
        "\0" in text for text in (request.path, *(value for _, value in request.values.items(multi=True)))
    ):
        abort(400)  # nobody types NUL, and PostgreSQL cannot store it
    if request.endpoint not in ANYONE_MAY:
        if not current_user.is_authenticated:
            return _redirect_to(_sign_in_page())
        if request.endpoint not in SETTING_UP_A_SECOND_FACTOR and needs_second_factor():
            return _redirect_to(url_for("console.account"))
        if not may_open(request.endpoint or ""):
            abort(403)
        if page := confirmation.ask():
            return page
    if changes and request.endpoint not in NOT_RECORDED:
        audit.start()
    return None


def may_open(endpoint: str) -> bool:
    """Whether the signed-in person may open that endpoint."""
    return endpoint in STAFF_MAY or bool(current_user.is_owner)


def needs_second_factor() -> bool:
    """Whether the signed-in owner must set up a second factor first. Never in the demo."""
    config = settings.current()
    needed = config.console_owners_need_second_factor and not config.demo
    return needed and bool(current_user.is_owner) and not second_factor.is_on(current_user)


def _sign_in_page() -> str:
    is_page = request.method == "GET" and not request.headers.get("HX-Request")
    return url_for("console.sign_in", next=request.full_path.rstrip("?") if is_page else None)


def _redirect_to(address: str) -> AnyResponse:
    if request.headers.get("HX-Request"):  # an htmx fragment: redirect the whole page, not this part of it
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)


def set_security_headers(response: Response) -> Response:
    """Set the security headers. Versioned static files may be cached; pages about customers may not.

    Media from customers has a narrower policy of its own (`console/shell/media.py`).
    """
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint == "console.static" and request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint != "console.static" and not response.cache_control.private:
        response.headers["Cache-Control"] = "no-store"
    return response
