"""The list of answers behind a number of the answers' figures, by its address, also as CSV."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request

from bot import localtime
from console.figures.answers_page import segment_in_words
from console.shell import csv_file
from console.shell.translation import gettext
from customers.values import windows
from customers.values.windows import Window
from surveys.figures import answer_lists
from surveys.figures.answer_lists import NO_PURCHASE, Listed, Place, Which
from surveys.nps.segments import Segment

PAGE = 50
FILTERS = ("since", "until", "segment", "sku", "first_from", "first_to")
NONE = "none"
"""In place of the days of the first purchase: without one."""
EARLIEST = date(1900, 1, 1)


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/answers/list")(answer_list)
    console.get("/answers/list.csv")(answer_list_csv)


def answer_list() -> str:
    """A page of the answers, newest first."""
    which = _which()
    found = answer_lists.page(which, _place(request.args.get("after", "")), PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return render_template(
        "console/answer_list.html",
        which=which,
        answers=found[:PAGE],
        segment=segment_in_words(which.segment) if which.segment else "",
        segment_in_words=segment_in_words,
        no_purchase=which.first_bought == NO_PURCHASE,
        filters={name: request.args[name] for name in FILTERS if request.args.get(name)},
        is_first="after" not in request.args,
        next=f"{last.answered_on}.{last.answer_id}" if last is not None else "",
    )


def answer_list_csv() -> Response:
    """All of these answers."""
    which = _which()
    name = f"answers-{which.window.first_on}-{which.window.last_on}.csv"
    return csv_file.answer(name, _rows(which))


def _rows(which: Which) -> Iterator[Sequence[object]]:
    yield (
        gettext("お客様番号"),
        gettext("お名前"),
        gettext("点数"),
        gettext("区分"),
        gettext("回答の日"),
        gettext("ひとこと"),
    )
    for each in answer_lists.every(which):
        yield _row(each)


def _row(each: Listed) -> Sequence[object]:
    segment = segment_in_words(each.segment)
    return (
        each.customer_id,
        each.customer_name,
        each.score,
        segment,
        each.answered_on.isoformat(),
        each.comment,
    )


def _which() -> Which:
    """The filters in the address; what is invalid counts as not given: then the last twelve months."""
    year = windows.year(localtime.today())
    segment = request.args.get("segment", "")
    return Which(
        window=Window(_day("since") or year.first_on, _day("until") or year.last_on),
        segment=Segment(segment) if segment in set(Segment) else None,
        sku=request.args.get("sku", "")[:64],
        first_bought=_first_bought(),
    )


def _first_bought() -> Window | None:
    if request.args.get("first_from") == NONE:
        return NO_PURCHASE
    first_on, last_on = _day("first_from"), _day("first_to")
    if first_on is None and last_on is None:
        return None
    return Window(first_on or EARLIEST, last_on or localtime.today())


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _place(written: str) -> Place | None:
    """Where the page begins: after that day and id, as in `next`; None for anything else."""
    day, _, number = written.partition(".")
    try:
        found = date.fromisoformat(day), int(number[:18])
    except ValueError:
        return None
    return found if found[1] >= 0 and found[0] <= localtime.today() + timedelta(days=366) else None
