"""The public routes: QR images of invitations and coupons, an invitation's page, member cards, the pages of
ranks.

Only a member card shows whose it is. The addresses of cards and of rank pages are signed.
"""

from flask import Blueprint, Response, render_template, request, url_for

from bot.config import settings, shop
from bot.db.database import write_transaction
from bot.line import messages as line
from bot.web import crawler_detection, page_policy, page_style
from customers.linking import codes as link_codes
from customers.linking import linking
from customers.people import active_days
from rewards.cards import members, picture
from rewards.coupons import codes as coupon_codes
from rewards.coupons import coupons
from rewards.coupons.links import redeem_page
from rewards.coupons.tables import CouponState
from rewards.coupons.words import words as coupon_words
from rewards.drawing import qr, shop_logo
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from rewards.ranks import pages as rank_pages
from rewards.ranks.page_settings import RankPages
from rewards.ranks.words import words as rank_words
from rewards.referrals.codes import find_code
from rewards.referrals.links import chat_link
from rewards.referrals.referrals import owner_of
from rewards.referrals.words import words

CACHE_SECONDS = 30 * 24 * 3600
public_pages = Blueprint("rewards", __name__, template_folder="templates")

STYLE = (
    page_style.BASE
    + page_style.NARROW
    + page_style.GO
    + ".card{background:var(--card);border-radius:1rem;padding:1.5rem 1.25rem;margin-top:1.5rem}"
    ".card img{width:12rem;height:12rem;image-rendering:pixelated;border-radius:.5rem}"
    ".card p{margin:0;font-size:.9rem;color:var(--quiet)}.code{font-size:1.4rem;font-weight:700;letter-spacing:.08em}"
    ".card p.code{color:var(--ink);font-size:1.4rem}"
    ".rank-text{text-align:left;margin-bottom:1.5rem}.rank-text h2{font-size:1.1rem;margin:0 0 .5rem}"
    "main>.card+.go{margin-top:1.5rem}"
    ".or{margin-top:1rem}"
)
POLICY = page_policy.of(STYLE)


@public_pages.get("/q/<name>.png")
def invitation_qr(name: str) -> Response:
    """The QR image of the invitation with that code: opens the shop's chat with the code typed in."""
    code = owned_code(name)
    if code is None:
        return _not_found(words().page_unknown)
    answer = Response(qr.png(chat_link(code), logo=shop_logo.logo()), mimetype="image/png")
    answer.headers["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@public_pages.get("/q/link/<name>.png")
def link_qr(name: str) -> Response:
    """The QR image of a link code: opens the shop's chat with the code typed in. It is drawn for anything in
    the form of a code, so that it does not reveal which codes exist."""
    code = link_codes.find_code(name)
    if code is None:
        return _not_found(words().page_unknown)
    answer = Response(qr.png(linking.chat_link(code)), mimetype="image/png")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@public_pages.get("/c/<name>.png")
def coupon_qr(name: str) -> Response:
    """The QR image of a usable coupon; its address contains the coupon's code, so it reveals nothing more."""
    code = coupon_codes.find_code(name)
    found = coupons.find(code) if code else None
    if found is None or found.state_now is not CouponState.ISSUED:
        return _not_found(coupon_words().coupon_unknown)
    answer = Response(qr.png(redeem_page(found.code)), mimetype="image/png")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@public_pages.get("/m/<name>.png")
def member_card(name: str) -> Response:
    """The member card with this signed address."""
    customer = members.customer_of_address(name)
    content = members.content_of(customer) if customer else None
    if content is None:
        return _not_found(words().page_unknown)
    answer = Response(picture.png(content), mimetype="image/png")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@public_pages.get("/r/<name>")
def invitation_page(name: str) -> Response:
    """The page that a shared invitation opens: a button to LINE, and the QR for people at a computer."""
    say_it, code, config = words(), owned_code(name), settings.current()
    if code is None:
        unknown = {"title": config.shop_name, "lead": say_it.page_unknown}
        return page(render_template("rewards/_page.html", style=STYLE, **unknown), 404)
    points = shop.get(PointRules).points_for(Action.REFERRED)
    lead = say_it.page_lead_join if config.has_line_login else say_it.page_lead
    content = render_template(
        "rewards/invitation.html",
        style=STYLE,
        words=say_it,
        title=say_it.page_title.format(shop=config.shop_name),
        lead=lead.format(points=f"{points:,}"),
        login=url_for("login.join", name=code) if config.has_line_login else None,
        chat=chat_link(code),
        qr=url_for("rewards.invitation_qr", name=code),
        code=code,
    )
    return page(content, 200)


@public_pages.get("/p/<token>")
def rank_page(token: str) -> Response:
    """The page of a rank, for the holder of a signed link."""
    say_it, content = rank_words(), shop.get(RankPages)
    try:
        opened = rank_pages.open_link(token)
    except rank_pages.LinkExpired:
        return _rank_page(settings.current().shop_name, say_it.perks_expired, 410)
    if opened is None:
        return _rank_page(settings.current().shop_name, say_it.perks_unknown, 404)
    _record_visit(opened.customer_id)
    pages = []
    for rank in opened.readable:
        title, text = content.content(rank)
        pages.append((title or rank.ja, [part for part in text.split("\n") if part.strip()]))
    if opened.held >= opened.rank:
        return _rank_page(say_it.perks_title.format(rank=opened.rank.ja), "", 200, pages)
    step = ""
    if opened.next_action is not None:
        action = opened.next_action
        step = say_it.next_step(action.kind, action.count, action.yen)
    lead = say_it.perks_not_yet.format(rank=opened.rank.ja)
    return _rank_page(say_it.perks_title.format(rank=opened.rank.ja), lead, 200, pages, step)


def _record_visit(customer_id: int) -> None:
    """Records that the customer opened their link, once a day; not for programs that open links before a
    person does."""
    if not crawler_detection.is_person(request.method, request.headers.get) or active_days.is_opening_known(
        customer_id
    ):
        return
    with write_transaction():
        active_days.record_link_opened(customer_id)


def _rank_page(
    title: str, lead: str, status: int, pages: list[tuple[str, list[str]]] | None = None, step: str = ""
) -> Response:
    content = render_template(
        "rewards/rank_page.html",
        style=STYLE,
        words=rank_words(),
        title=title,
        lead=lead,
        step=step,
        pages=pages or [],
        chat=line.chat(settings.current().line_basic_id),
    )
    answer = page(content, status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def owned_code(name: str) -> str | None:
    """The code in an address, if it is a customer's."""
    code = find_code(name)
    return code if code is not None and owner_of(code) is not None else None


def page(content: str, status: int) -> Response:
    """A page under a policy that allows nothing but its own style."""
    answer = Response(content, status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _not_found(content: str) -> Response:
    return Response(content, 404, mimetype="text/plain")
