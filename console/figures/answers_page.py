"""The pages of customers' answers: the figures, and the comments, searched, tagged and marked as read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from console.figures import answers as answer_figures
from console.shell.translation import gettext
from customers.orders import purchases
from customers.values import windows
from support.tickets import tickets
from support.tickets.settings import Promises
from surveys.comments import tags, verbatims
from surveys.comments.verbatims import Sought, Verbatim
from surveys.nps import tagging
from surveys.nps.segments import Segment
from surveys.nps.settings import SurveyRules, TagRules

PAGE_LENGTH = 30
MONTHS_OFFERED = 24
MOST_PRODUCTS = 200
MOST_UNREAD = 100
LONGEST_WORDS = 100
FILTERS = ("words", "segment", "tag", "month", "sku", "unread", "cursor")


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/answers")(answers)
    console.get("/answers/figures")(answer_figures_page)
    console.post("/answers/<int:answer_id>/read")(read_answer)
    console.post("/answers/<int:answer_id>/tags")(tag_answer)


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment on the page, with its tags and those that its words suggest."""

    verbatim: Verbatim
    tags: list[str]
    suggested: list[str]
    whose: str
    """Where more of the customer can be seen: their chat, or else their points."""


def answers() -> str:
    """The comments, newest first, below a summary of the figures."""
    sought = _sought()
    page = verbatims.search(sought, request.args.get("cursor"), PAGE_LENGTH)
    return render_template(
        "console/answers.html",
        figures=answer_figures.of_shop(),
        fewest=shop.get(SurveyRules).too_few_answers,
        shown=_with_tags(page.found),
        page=page,
        sought=sought,
        is_sought=sought != Sought(),
        months=[windows.first_of_month(localtime.today(), back) for back in range(MONTHS_OFFERED)],
        tags=tags.counted(),
        known_tags=_known_tags(),
        products=purchases.products_by_name(MOST_PRODUCTS),
        segments=list(Segment),
        segment_in_words=segment_in_words,
        unread_count=verbatims.unread_count(MOST_UNREAD + 1),
        most_unread=MOST_UNREAD,
        address=_address,
        at=request.query_string.decode("ascii", "ignore"),
        longest_tag=tagging.LONGEST_TAG,
        longest_words=LONGEST_WORDS,
    )


def answer_figures_page() -> str:
    """The figures by month, product and month of the first purchase."""
    shown, fewest = answer_figures.of_shop(), shop.get(SurveyRules).too_few_answers
    on = shown.on if shown else localtime.today()
    return render_template(
        "console/answer_figures.html",
        figures=shown,
        fewest=fewest,
        allowed_hours=shop.get(Promises).detractor_hours,
        year=windows.year(on),
        first_month=answer_figures.calendar_months(on).first_on,
        whole_month=windows.calendar_month,
        month_up_to=lambda month: min(windows.calendar_month(month).last_on, on),
        day_before=lambda day: day - timedelta(days=1),
    )


def read_answer(answer_id: int) -> Response | str:
    """Mark the answer as read."""
    with write_transaction():
        verbatims.mark_read(answer_id, current_user.id)
    return _again(answer_id)


def tag_answer(answer_id: int) -> Response | str:
    """Add a tag to the answer, or remove one."""
    given, taken = tagging.normal(request.form.get("put", "")), request.form.get("take", "")
    if verbatims.find(answer_id) is None:
        abort(404)
    if not given and not taken:
        flash(
            gettext("タグは、1文字から%(longest)d文字で入れてください。", longest=tagging.LONGEST_TAG),
            "error",
        )
    with write_transaction():
        if taken:
            tags.take(answer_id, taken)
        elif given:
            tags.put(answer_id, given)
            verbatims.mark_read(answer_id, current_user.id)  # tagging it means having read it
    return _again(answer_id)


def segment_in_words(segment: str) -> str:
    """A segment's name in the reader's language."""
    return {
        Segment.PROMOTER: gettext("推奨者（9・10）"),
        Segment.PASSIVE: gettext("中立者（7・8）"),
        Segment.DETRACTOR: gettext("批判者（0〜6）"),
    }[Segment(segment)]


def _sought() -> Sought:
    """The filters in the address; invalid values are ignored."""
    given = request.args.get("segment", "")
    return Sought(
        words=" ".join(request.args.get("words", "").split())[:LONGEST_WORDS],
        segment=Segment(given) if given in set(Segment) else None,
        tag=tagging.normal(request.args.get("tag", "")),
        month=_month(request.args.get("month", "")),
        sku=request.args.get("sku", "")[:64],
        only_unread=request.args.get("unread") == "1",
    )


def _month(written: str) -> date | None:
    try:
        month = date.fromisoformat(f"{written}-01")
    except ValueError:
        return None
    return month if month <= localtime.today() else None


def _with_tags(found: list[Verbatim]) -> list[Shown]:
    given = tags.of_answers([each.answer_id for each in found])
    keywords = shop.get(TagRules).by_tag()
    chats = tickets.latest_by_customer([each.customer_id for each in found])
    shown = []
    for each in found:
        own = given.get(each.answer_id, [])
        suggested = [tag for tag in tagging.suggest(each.comment, keywords) if tag not in own]
        shown.append(Shown(each, own, suggested, _whose(each.customer_id, chats)))
    return shown


def _whose(customer_id: int, chats: Mapping[int, int]) -> str:
    if customer_id in chats:
        return url_for("console.ticket", ticket_id=chats[customer_id])
    return url_for("console.points", customer_id=customer_id)


def _known_tags() -> list[str]:
    used = [tag for tag, _ in tags.counted()]
    return [*used, *(tag for tag in shop.get(TagRules).by_tag() if tag not in used)]


def _address(**changes: str | None) -> str:
    """The page with another filter, from its first row."""
    filters = {name: request.args.get(name, "") for name in FILTERS if name != "cursor"} | changes
    asked = urlencode({name: value for name, value in filters.items() if value})
    return url_for("console.answers") + (f"?{asked}" if asked else "")


def _again(answer_id: int) -> Response | str:
    """The answer after the change: its fragment for htmx, else the page it was on."""
    found = verbatims.find(answer_id)
    if found is None:
        abort(404)
    at = urlencode([pair for pair in parse_qsl(request.form.get("at", "")) if pair[0] in FILTERS])
    if request.headers.get("HX-Request"):
        [shown] = _with_tags([found])
        return render_template(
            "console/_verbatim.html",
            each=shown,
            segment_in_words=segment_in_words,
            at=at,
            longest_tag=tagging.LONGEST_TAG,
        )
    return redirect(f"{url_for('console.answers')}{'?' if at else ''}{at}#answer-{answer_id}", 303)
