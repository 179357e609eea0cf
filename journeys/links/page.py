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
from bot.web import crawler_detection, page_policy, page_style
from journeys.links import clicks, shared_links, short_links
from journeys.links.tables import SharedLink, ShortLink
from journeys.links.words import words

link_pages = Blueprint("short_links", __name__, template_folder="templates")

STYLE = page_style.BASE + page_style.NARROW + page_style.GO
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
