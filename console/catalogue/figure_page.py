"""The page of one figure: its definition, its value and the change in a month, and the people in it, also as CSV; and
the list of all figures. What each figure is: `catalogue.py`.
"""

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from bot import localtime
from console.catalogue import catalogue, subjects
from console.figures import cache, people, wording
from console.figures.definition import Definition, Value
from console.shell import csv_file
from console.shell.customer_links import customer_page
from console.shell.translation import gettext
from customers.values import windows

PAGE = 50
MOST_LISTED = 5_000
"""So many people are listed, of whom the ids are stored beside the value; the others are in the file."""
VALUE_PARTS = ("value", "low", "high", "part", "count", "left_out", "is_too_few")


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/figures/definitions")(figure_list)
    console.get("/figures/<name>")(figure)
    console.get("/figures/<name>.csv")(figure_csv)


def figure_named(name: str) -> Definition:
    """The figure of that name, for templates. Raises LookupError for a name that is no figure's."""
    if name not in catalogue.FIGURES:
        raise LookupError(f"no figure is called {name!r}; see console/figures/definitions/")
    return catalogue.FIGURES[name]


TEMPLATE_VALUES = {"figure_named": figure_named, "customer_page": customer_page}


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure today and a month before, and the customers in it."""

    now: Value
    before: Value
    before_on: date
    people_count: int | None
    """None where it has no list of people."""
    listed_ids: Sequence[int]
    """The first of them, by id."""


def figure(name: str) -> str:
    """One figure, with a page of its people."""
    definition, today = _found(name), localtime.today()
    shown = cache.shown(cache.Figures(f"figure:{name}", lambda: _count(definition, today)))
    counted = _read(shown.counted) if shown is not None else None
    following = counted.listed_ids[bisect(counted.listed_ids, _after()) :] if counted is not None else ()
    return render_template(
        "console/figure.html",
        figure=definition,
        shown=shown,
        counted=counted,
        words=wording.of_reader(),
        today=today,
        people=people.named(following[:PAGE]),
        next=following[PAGE - 1] if len(following) > PAGE else None,
        most_listed=MOST_LISTED,
        is_first=not _after(),
        cached_hours=int(cache.CACHE_LIFETIME.total_seconds()) // 3600,
    )


def figure_csv(name: str) -> Response:
    """All people of a figure."""
    definition = _found(name)
    if definition.people is None:
        abort(404)
    return csv_file.answer(f"{name}-{localtime.today().isoformat()}.csv", _rows(definition))


def figure_list() -> str:
    """Every figure with its meaning, by subject."""
    return render_template("console/figure_list.html", subjects=list(subjects.all_subjects()))


def _found(name: str) -> Definition:
    definition = catalogue.FIGURES.get(name)
    return definition if definition is not None else abort(404)


def _after() -> int:
    after = request.args.get("after", 0, type=int)
    return after if 0 <= after < 2**31 else 0


def _count(definition: Definition, on: date) -> Mapping[str, Any]:
    before_on = windows.same_day_before(on, 1)
    ids = people.ids(definition, on) if definition.people is not None else None
    return {
        "now": _parts(definition.count(on)),
        "before": _parts(definition.count(before_on)),
        "before_on": before_on.isoformat(),
        "people": None if ids is None else len(ids),
        "listed": [] if ids is None else ids[:MOST_LISTED].tolist(),
    }


def _parts(value: Value) -> dict[str, Any]:
    return {part: getattr(value, part) for part in VALUE_PARTS}


def _read(counted: Mapping[str, Any]) -> Counted:
    return Counted(
        now=Value(**counted["now"]),
        before=Value(**counted["before"]),
        before_on=date.fromisoformat(counted["before_on"]),
        people_count=counted["people"],
        listed_ids=counted.get("listed", ()),  # none where an earlier version counted
    )


def _rows(definition: Definition) -> Iterator[Sequence[object]]:
    yield (
        gettext("お客様番号"),
        gettext("お名前"),
        gettext("ご購入回数"),
        gettext("お買い上げ（円）"),
        gettext("最後のご購入"),
    )
    for each in people.every(definition, localtime.today()):
        bought_on = each.last_purchased_on.isoformat() if each.last_purchased_on else ""
        yield each.customer_id, each.name, each.purchase_count, each.sales_yen, bought_on
