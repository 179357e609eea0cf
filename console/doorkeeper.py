"""Decides who may see which page. Deny by default: a page that is in no list below is the owner's alone.

Every POST needs a CSRF token; every answer forbids scripts, frames and styles from elsewhere.
"""

from flask import Response, abort, redirect, request, url_for
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from console.pages import console

ANYONE_MAY = {"console.static", "console.sign_in", "console.demo_sign_in", "console.speak"}
STAFF_MAY = {
    "console.home",
    "console.sign_out",
    "console.tickets",
    "console.queue",
    "console.ticket",
    "console.chat_part",
    "console.media",
    "console.reply",
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
    "console.testimonials",
    "console.publish_testimonial",
    "console.refuse_testimonial",
    "console.answers",
    "console.answer_figures_page",
    "console.read_answer",
    "console.tag_answer",
}

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


@console.before_request
def keep_the_door() -> AnyResponse | None:
    """Refuse whoever may not see this page."""
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        csrf.protect()
    if request.endpoint in ANYONE_MAY:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if request.endpoint not in STAFF_MAY and not current_user.is_owner:
        abort(403)
    return None


def _to_sign_in() -> AnyResponse:
    if request.headers.get("HX-Request"):  # a fragment: the whole page has to go, not this part of it
        return Response(status=401, headers={"HX-Redirect": url_for("console.sign_in")})
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("console.sign_in", next=wanted), 303)


@console.after_request
def close_the_windows(response: Response) -> Response:
    """Headers that hold for every page; files of ours may be kept, pages about customers may not.
    What customers sent has a narrower policy of its own (`console/media.py`)."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint == "console.static" and request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint != "console.static" and not response.cache_control.private:
        response.headers["Cache-Control"] = "no-store"
    return response
