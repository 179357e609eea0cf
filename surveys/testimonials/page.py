"""Serves the public page of published testimonials and their pictures.

Browsers must revalidate each time, so that a withdrawn testimonial disappears with the next request.
"""

import re
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, render_template, request

from bot import localtime
from bot.config import settings
from bot.files import content_types, storage
from bot.line import messages as line
from bot.web import page_policy, page_style
from surveys.testimonials import published
from surveys.testimonials.published import PublishedTestimonial
from surveys.testimonials.words import words

PAGE_LENGTH = 20
PointsGiven = Callable[[list[str]], dict[str, int]]
"""Returns the points given under each of these causes."""

_PICTURE = re.compile(r"\A[0-9a-f]{32}\.jpg\Z")

STYLE = (
    page_style.BASE + page_style.GO + "body{line-height:1.8;overflow-wrap:anywhere}"
    "main{max-width:40rem;margin:0 auto;padding:2.5rem 1.25rem 3rem}"
    "h1{font-size:1.5rem;margin:0 0 .25rem;text-align:center;text-wrap:balance}"
    ".shop{margin:0 0 .75rem;text-align:center;color:var(--quiet)}"
    ".lead{margin:0 0 1.75rem;font-size:.9rem;color:var(--quiet);word-break:auto-phrase}"
    "ol{list-style:none;margin:0;padding:0}"
    ".voice{background:var(--card);border-radius:1rem;padding:1.5rem 1.25rem;margin:0 0 1.25rem;"
    "box-shadow:0 1px 3px var(--shadow)}"
    ".voice img{display:block;max-width:100%;max-height:26rem;height:auto;width:auto;margin:0 auto 1rem;"
    "border-radius:.75rem}"
    "blockquote{margin:0;white-space:pre-wrap}"
    ".who{margin:.75rem 0 0;font-weight:700}.who time{font-weight:400;color:var(--quiet);font-size:.875rem;"
    "margin-left:.75rem}"
    ".given{word-break:auto-phrase;margin:.5rem 0 0;padding:.35rem .75rem;border-radius:.5rem;"
    "background:var(--raised);color:var(--quiet);font-size:.875rem}"
    "nav{display:flex;justify-content:space-between;gap:1rem;margin:0 0 2rem}nav a{padding:.5rem 0}"
    ".policy{margin:2rem 0 0;font-size:.875rem;text-align:center}"
)
POLICY = page_policy.of(STYLE)


def pages(points_given: PointsGiven) -> Blueprint:
    """The blueprint of the public pages; the points are supplied by the ledger."""
    made = Blueprint("voices", __name__, template_folder="templates")

    @made.get("/voices")
    def testimonials() -> Response:
        """The newest, or those before the one given."""
        found = published.published(PAGE_LENGTH + 1, before=request.args.get("before", type=_number))
        shown, more = found[:PAGE_LENGTH], len(found) > PAGE_LENGTH
        older = shown[-1].id if more else None
        return _page(shown, points_given, older, newest="before" in request.args)

    @made.get("/voices/<int:testimonial_id>")
    def testimonial(testimonial_id: int) -> Response:
        """One testimonial in full."""
        found = published.find(testimonial_id)
        return _page([found] if found else [], points_given, None, newest=True, status=200 if found else 404)

    made.add_url_rule("/voices/pictures/<name>", view_func=picture)
    return made


def picture(name: str) -> Response:
    """The picture of a testimonial, while it is published."""
    ours = _PICTURE.match(name) and published.has_picture(f"voices/{name}")
    try:
        found = storage.find(f"voices/{name}") if ours else None
        if found is None:
            return Response("", 404, mimetype="text/plain")
        with found.file:
            answer = Response(found.file.read(), mimetype=content_types.JPEG)
    except OSError:  # a remote storage is unavailable at the moment
        return Response("", 503, {"Retry-After": "30"}, mimetype="text/plain")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _revalidated(answer)


def _page(
    shown: Sequence[PublishedTestimonial],
    points_given: PointsGiven,
    older: int | None,
    *,
    newest: bool,
    status: int = 200,
) -> Response:
    say_it, given = words(), points_given([testimonial.cause for testimonial in shown])
    page = render_template(
        "surveys/testimonials.html",
        style=STYLE,
        words=say_it,
        shop=settings.current().shop_name,
        testimonials=[
            (testimonial, given.get(testimonial.cause, 0), localtime.local(testimonial.published_at))
            for testimonial in shown
        ],
        older=older,
        newest=newest,
        chat=line.chat(settings.current().line_basic_id),
    )
    answer = Response(page, status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return _revalidated(answer)


def _revalidated(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "public, no-cache"
    if answer.status_code == 200:
        answer.add_etag()
        answer.make_conditional(request)
    return answer


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ValueError
    return int(value)
