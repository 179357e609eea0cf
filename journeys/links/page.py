"""Opens short links: sends the visitor on to the stored address, and stores that a person came.

It leads to nothing but stored addresses, adds nothing to them, and hands on no referrer. What a visit counts
for is left to `handlers/link_clicked.py`.
"""

from flask import Blueprint, Response, render_template, request

from bot import log, outages
from bot.config import settings
from bot.db import conflicts, database
from bot.db.database import write_transaction
from bot.line import messages as line
from bot.web import crawler_detection, page_policy
from journeys.links import clicks, shared_links, short_links
from journeys.links.tables import SharedLink, ShortLink
from journeys.links.words import words

link_pages = Blueprint("short_links", __name__, template_folder="templates")

STYLE = (
    "*{box-sizing:border-box}"
    "body{margin:0;background:#f2f6f4;color:#333;line-height:1.7;line-break:strict;"
    "font-family:system-ui,'Hiragino Sans','Noto Sans JP',sans-serif}"
    "main{max-width:26rem;margin:0 auto;padding:2.5rem 1.25rem;text-align:center}"
    "h1{font-size:1.4rem;margin:0 0 .75rem;text-wrap:balance}p{margin:0 0 1.25rem;word-break:auto-phrase}"
    ".go{display:block;padding:.95rem;border-radius:.75rem;background:#0b7a3b;color:#fff;font-weight:700;"
    "text-decoration:none}.go:focus-visible{outline:3px solid #333;outline-offset:3px}"
)
POLICY = page_policy.of(STYLE)
NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'"


@link_pages.get("/l/<code>")
@link_pages.get("/l/<path:code>")
def open_link(code: str) -> Response:
    """Redirect to the link's address; a page with a way back to the shop's chat when there is none."""
    link: ShortLink | SharedLink | None = short_links.find(code) or shared_links.find(code)
    if link is None or not short_links.is_address(link.url):
        return _unknown()
    if crawler_detection.is_person(request.method, request.headers.get):
        _record(link)
    answer = Response("", 302, mimetype="text/plain")
    answer.autocorrect_location_header = False  # an address is never completed by the host of the request
    answer.headers["Location"] = link.url  # werkzeug percent-encodes what no header may hold
    return _guarded(answer, NOTHING_ALLOWED)


def _record(link: ShortLink | SharedLink) -> None:
    """Store the visit, that of a customer's own link once a minute. The visitor is sent on even where it cannot be
    stored: a page that does not open is worse than a click that is not counted."""
    try:
        if isinstance(link, SharedLink) or not clicks.is_reported(link):
            conflicts.again(lambda: _store(link))
    except Exception as error:
        database.forget_connection()
        if not outages.report(error):
            log.exception("a click was not stored")


def _store(link: ShortLink | SharedLink) -> None:
    with write_transaction():
        if isinstance(link, SharedLink):
            shared_links.record(link)
        else:
            clicks.report(link)


def _unknown() -> Response:
    page = render_template(
        "journeys/unknown_link.html",
        style=STYLE,
        words=words(),
        shop=settings.current().shop_name,
        chat=line.chat(settings.current().line_basic_id),
    )
    return _guarded(Response(page, 404, mimetype="text/html"), POLICY)


def _guarded(answer: Response, policy: str) -> Response:
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
