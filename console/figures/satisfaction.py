"""The owner's page of satisfaction with support: a year, by month and by person, comments, and the answers' list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template, request

from bot import localtime
from bot.config import shop
from console.auth import staff_accounts
from console.figures.answers import calendar_months
from console.shell import csv_file
from console.shell.translation import gettext
from customers.people.customer import Customer
from customers.values import windows
from customers.values.windows import Window
from support.satisfaction import ratings as store
from support.satisfaction.ratings import Satisfaction
from support.satisfaction.settings import SatisfactionRules

PAGE = 50
BATCH = 500
HIGHEST_ID = 2**31 - 1


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/satisfaction")(satisfaction)
    console.get("/satisfaction/list")(satisfaction_list)
    console.get("/satisfaction/list.csv")(satisfaction_csv)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a customer answered, if anything, about the handling of a ticket."""

    answer: Satisfaction
    customer_name: str


def satisfaction() -> str:
    """Answers to 「対応はいかがでしたか？」: of twelve months, by person, and by calendar month."""
    today = localtime.today()
    year = windows.year(today)
    return render_template(
        "console/satisfaction.html",
        year=year,
        all=store.total(year),
        months=store.by_month(calendar_months(today))[::-1],
        month_up_to=lambda month: min(windows.calendar_month(month).last_on, today),
        people=[(staff_name(each.key), each) for each in store.by_staff(year)],
        comments=_named(store.latest_comments(year)),
        too_few=shop.get(SatisfactionRules).too_few_answers,
    )


def satisfaction_list() -> str:
    """A page of the questions of a window, of all or of one person's tickets, newest first."""
    window, staff_id = _window(), _staff_id()
    found = store.listed(window, staff_id, _number("before", HIGHEST_ID), PAGE + 1)
    return render_template(
        "console/satisfaction_list.html",
        window=window,
        staff=None if staff_id is None else staff_name(staff_id),
        filters={name: request.args[name] for name in ("since", "until", "staff") if request.args.get(name)},
        asked=_named(found[:PAGE]),
        next=found[PAGE - 1].id if len(found) > PAGE else None,
        is_first="before" not in request.args,
    )


def satisfaction_csv() -> Response:
    """All of them."""
    window = _window()
    name = f"satisfaction-{window.first_on}-{window.last_on}.csv"
    return csv_file.answer(name, _rows(window, _staff_id()))


def staff_name(staff_id: int) -> str:
    """The name of the person; of 0, that there was none."""
    return staff_accounts.names().get(staff_id) or gettext("担当なし")


def _rows(window: Window, staff_id: int | None) -> Iterator[Sequence[object]]:
    yield (
        gettext("お客様番号"),
        gettext("お名前"),
        gettext("うかがった日"),
        gettext("担当"),
        gettext("答え（1〜5）"),
        gettext("いただいた言葉"),
    )
    names, before = staff_accounts.names(), HIGHEST_ID
    while found := store.listed(window, staff_id, before, BATCH):
        for each in _named(found):
            answer = each.answer
            score = "" if answer.score is None else answer.score
            staff = names.get(answer.staff_id or 0, "")
            yield (
                answer.ticket.customer_id,
                each.customer_name,
                answer.asked_on.isoformat(),
                staff,
                score,
                answer.comment,
            )
        before = found[-1].id


def _window() -> Window:
    """The days in the address; what is invalid counts as not given: then the last twelve months."""
    year = windows.year(localtime.today())
    return Window(_day("since") or year.first_on, _day("until") or year.last_on)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _staff_id() -> int | None:
    return _number("staff", 0) if request.args.get("staff") else None


def _number(name: str, otherwise: int) -> int:
    given = request.args.get(name, otherwise, type=int)
    return given if 0 <= given <= HIGHEST_ID else otherwise


def _named(answers: list[Satisfaction]) -> list[Asked]:
    customers = Customer.select().where(Customer.id.in_([answer.ticket.customer_id for answer in answers]))
    names = {each.id: each.display_name for each in customers}
    return [Asked(answer, names.get(answer.ticket.customer_id, "")) for answer in answers]
