"""The owner's page of satisfaction with support: a year by month and by person, and the comments."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from bot import localtime
from bot.config import shop
from console.auth import staff_accounts
from console.figures.summary import MONTHS, months_before
from customers.people.customer import Customer
from support.satisfaction import ratings as store
from support.satisfaction.ratings import Satisfaction
from support.satisfaction.settings import SatisfactionRules


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/satisfaction")(satisfaction)


@dataclass(frozen=True, slots=True)
class Comment:
    """What a customer wrote about the handling of a ticket."""

    answer: Satisfaction
    customer_name: str


def satisfaction() -> str:
    """Answers to 「対応はいかがでしたか？」 by month and by person."""
    today = localtime.today()
    first_on = months_before(today, MONTHS - 1)
    months, names = store.by_month(first_on, today), staff_accounts.names()
    return render_template(
        "console/satisfaction.html",
        all=store.total(months),
        months=months[::-1],
        people=[(names.get(each.key), each) for each in store.by_staff(first_on, today)],
        comments=_comments(store.latest_comments(first_on, today)),
        too_few=shop.get(SatisfactionRules).too_few_answers,
    )


def _comments(answers: list[Satisfaction]) -> list[Comment]:
    customers = Customer.select().where(Customer.id.in_([answer.ticket.customer_id for answer in answers]))
    names = {each.id: each.display_name for each in customers}
    return [Comment(answer, names.get(answer.ticket.customer_id, "")) for answer in answers]
