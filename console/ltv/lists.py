"""The lists behind the cells of the page of LTV: who is in a class, a cohort, a group, or between two orders; also as
CSV. Whom the figures themselves hold is on their own pages (`console/catalogue/figure_page.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.datastructures import MultiDict

from bot import localtime
from bot.db.workloads import short_read
from console.figures import people
from console.figures.definitions import ltv
from console.figures.people import BATCH, Person
from console.ltv import words
from console.shell import csv_file
from console.shell.pages import month_of_year
from console.shell.translation import gettext
from customers.figures import buyers, repeat_counts
from customers.figures.cohorts import MONTH_COUNT, months_between
from customers.figures.repurchase import MOST_PLACES
from customers.figures.sales import CLASS_COUNT
from customers.people.customer import Customer
from customers.values.windows import Window, calendar_month, first_of_month

PAGE = 50
LONGEST_CODE = 64


@dataclass(frozen=True, slots=True)
class Found:
    """A list: what it holds, in words, and the condition of its customers."""

    title: str
    condition: Any
    by_first_day: bool = False
    """In the order of the first purchase: a few days of it then fill a page, by their index."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/ltv/people")(ltv_people)
    console.get("/ltv/people.csv")(ltv_people_csv)


def ltv_people() -> str:
    """A page of one list."""
    found = _wanted()
    after = request.args.get("after", 0, type=int)
    shown = _page(found, PAGE + 1, after if 0 <= after < 2**31 else 0)
    arguments = {name: value for name, value in request.args.items() if name != "after"}
    return render_template(
        "console/ltv/ltv_people.html",
        title=found.title,
        people=shown[:PAGE],
        next=shown[PAGE - 1].customer_id if len(shown) > PAGE else None,
        is_first=not after,
        arguments=arguments,
    )


def ltv_people_csv() -> Response:
    """The whole list as a file."""
    found = _wanted()
    return csv_file.answer(f"ltv-{request.args['list']}-{localtime.today().isoformat()}.csv", _rows(found))


def _wanted() -> Found:
    """The list that the address names; 404 for an unknown one."""
    arguments, on = request.args, localtime.today()
    readers = {
        "class": _of_class,
        "step": _of_step,
        "segment": _of_segment,
        "cohort": _of_cohort,
        "product": _of_product,
    }
    reader = readers.get(arguments.get("list", ""))
    found = reader(arguments, on) if reader is not None else None
    return found if found is not None else abort(404)


def _of_class(arguments: MultiDict[str, str], on: date) -> Found | None:
    place = arguments.get("place", -1, type=int)
    if not 0 <= place < CLASS_COUNT:
        return None
    if arguments.get("year") == "first":
        title = gettext("はじめの1年のお買い上げが%(amount)sの方", amount=words.class_name(place))
        return Found(title, buyers.of_matured_class(place, on))
    title = gettext("この12か月のお買い上げが%(amount)sの方", amount=words.class_name(place))
    return Found(title, buyers.of_year_class(place, on))


def _of_step(arguments: MultiDict[str, str], on: date) -> Found | None:
    place = arguments.get("place", 0, type=int)
    if not 1 <= place <= MOST_PLACES:
        return None
    came_back, matured = arguments.get("back") == "1", arguments.get("within") == "1"
    if matured:
        title = (
            gettext("%(place)d回目から180日以内に、次のご購入をした方", place=place)
            if came_back
            else gettext("%(place)d回目から180日以内に、次のご購入をしなかった方", place=place)
        )
    else:
        title = (
            gettext("%(place)d回目のあとに、次のご購入をした方", place=place)
            if came_back
            else gettext("%(place)d回目のあと、まだ次のご購入のない方", place=place)
        )
    return Found(title, buyers.of_step(place, on, came_back=came_back, matured=matured))


def _of_segment(arguments: MultiDict[str, str], on: date) -> Found | None:
    name = arguments.get("name", "")
    if name not in ltv.SEGMENTS:
        return None
    title = gettext("%(segment)sのうち、この12か月に購入した方", segment=words.segment_name(name))
    return Found(title, ltv.buyers_in_segment(name, on))


def _of_cohort(arguments: MultiDict[str, str], on: date) -> Found | None:
    month, since = _month(arguments.get("month", "")), arguments.get("since", -1, type=int)
    if month is None or not 0 <= months_between(month, on) < MONTH_COUNT:
        return None
    if not 0 <= since <= months_between(month, on):
        return None
    window = calendar_month(first_of_month(month, -since))
    until = min(window.last_on, on)
    first = buyers.bought_first_in(calendar_month(month))
    named = {"first": month_of_year(month), "then": month_of_year(window.first_on)}
    if arguments.get("second") == "1":
        title = gettext("%(first)sにはじめて購入し、%(then)sまでに2回目の購入をした方", **named)
        return Found(title, first & buyers.has_orders(2, until), by_first_day=True)
    title = gettext("%(first)sにはじめて購入し、%(then)sに購入した方", **named)
    then = buyers.bought_in(Window(window.first_on, until))
    # In this order: most of those who bought first in that month did not come back in this one.
    return Found(title, then & first, by_first_day=True)


def _of_product(arguments: MultiDict[str, str], on: date) -> Found | None:
    sku = arguments.get("sku", "")
    if not sku or len(sku) > LONGEST_CODE or "\0" in sku:
        return None
    name = repeat_counts.product_names([sku])[sku]
    title = gettext("この12か月に「%(product)s」をまた買った方", product=name)
    return Found(title, buyers.bought_again(sku, on))


def _month(written: str) -> date | None:
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError:
        return None


def _page(found: Found, limit: int, after_id: int) -> list[Person]:
    """The next so many after that customer."""
    order: list[Any] = [Customer.id]
    after: Any = Customer.id > after_id
    last = Customer.get_or_none(Customer.id == after_id) if found.by_first_day else None
    if found.by_first_day:
        order = [Customer.first_purchased_on, Customer.id]
    if last is not None and last.first_purchased_on is not None:
        day = Customer.first_purchased_on
        after = (day >= last.first_purchased_on) & ((day > last.first_purchased_on) | after)
    query: Any = Customer.select(Customer.id).where(found.condition, after).order_by(*order).limit(limit)
    with short_read():  # the ids alone, which their index holds
        ids = [customer_id for (customer_id,) in query.tuples()]
    known = {each.customer_id: each for each in people.named(ids)}
    return [known[each] for each in ids]


def _rows(found: Found) -> Iterator[Sequence[object]]:
    yield (
        gettext("お客様番号"),
        gettext("お名前"),
        gettext("ご購入回数"),
        gettext("お買い上げ（円）"),
        gettext("最後のご購入"),
    )
    after_id = 0
    while batch := _page(found, BATCH, after_id):
        for each in batch:
            bought_on = each.last_purchased_on.isoformat() if each.last_purchased_on else ""
            yield each.customer_id, each.name, each.purchase_count, each.sales_yen, bought_on
        after_id = batch[-1].customer_id
