"""Shows the customers behind a number, a page at a time by customer id, or all of them as CSV."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, render_template, request, url_for

from bot import localtime
from console.journeys import flow_words
from console.shell import csv_file
from console.shell.translation import gettext
from customers.people.customer import Customer
from journeys.audience import profiles

PAGE = 50
BATCH = 1_000
Next = Callable[[int, int], list[int]]
"""The next customers by id: after which, and how many at most."""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A list of customers, what it is called, and what can be done for them."""

    title: str
    next_ids: Next
    endpoint: str
    """Of the list, with `csv_endpoint` of its file; both take the same values."""
    csv_endpoint: str
    values: dict[str, Any]
    way_back: tuple[str, str]
    """Address and name of the page with the number."""
    here: str
    audience: dict[str, Any] | None = None
    """The fields of a campaign's audience that finds the same customers, where there are some."""


def page(listed: PeopleList) -> str:
    """A page of the list."""
    after = _after()
    ids = listed.next_ids(after, PAGE + 1)
    shown = ids[:PAGE]
    rows = {each.id: each for each in Customer.select().where(Customer.id.in_(shown))}
    known = profiles.of_customers(shown)
    return render_template(
        "console/people_list.html",
        listed=listed,
        people=[(rows[each], known.get(each)) for each in shown if each in rows],
        next=url_for(listed.endpoint, **listed.values, after=shown[-1]) if len(ids) > PAGE else None,
        stages=flow_words.choices("stage"),
        first=url_for(listed.endpoint, **listed.values) if after else None,
        csv=url_for(listed.csv_endpoint, **listed.values),
        new_campaign=url_for("console.new_campaign", **listed.audience)
        if listed.audience is not None
        else None,
    )


def file(listed: PeopleList, name: str) -> Response:
    """All customers of the list."""
    return csv_file.answer(f"{name}-{localtime.today().isoformat()}.csv", _rows(listed.next_ids))


def day(name: str, default: date) -> date:
    """A day of the address; 404 for what is none."""
    given = request.args.get(name, "")
    try:
        return date.fromisoformat(given) if given else default
    except ValueError:
        abort(404)


def _rows(next_ids: Next) -> Iterator[Sequence[object]]:
    yield (
        gettext("お客様番号"),
        gettext("お名前"),
        gettext("ご購入回数"),
        gettext("お買い上げ（円）"),
        gettext("最後のご購入"),
    )
    after = 0
    while ids := next_ids(after, BATCH):
        for each in Customer.select().where(Customer.id.in_(ids)).order_by(Customer.id):
            bought_on = each.last_purchased_on.isoformat() if each.last_purchased_on else ""
            yield each.id, each.display_name, each.purchase_count, each.sales_yen, bought_on
        after = ids[-1]


def _after() -> int:
    after = request.args.get("after", 0, type=int)
    return after if 0 <= after < 2**31 else 0
