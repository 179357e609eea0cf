"""The owner's page of unasked messages: what they cost and saved this month, whether the month's pushes last, what
waits for the budget, and which orders followed."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from bot import localtime
from bot.config import settings, shop
from bot.line.channels import SUPPORT
from bot.line.month import Month
from bot.queue import month_quota, support_friends
from console.figures import messages as figures
from console.shell.translation import gettext
from console.traces import trace_words
from journeys.sending import budget, budget_counts, budget_state
from journeys.sending.budget import Demand
from journeys.sending.budget_settings import BudgetRules
from journeys.sending.budget_state import MonthBudget
from journeys.sending.message_kinds import KIND_RULES, SELLING_PRIORITY, Kind, MessageClass
from journeys.sending.settings import push_cost_yen


def register(console: Blueprint) -> None:
    """Add the page's URL to the console's blueprint."""
    console.get("/messages")(messages)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A group of expected pushes, and whether it finds room this month."""

    words: str
    push_count: int
    state: str
    """`goes`, `partly` or `waits`."""


@dataclass(frozen=True, slots=True)
class SecondAccount:
    """The LINE account for individual contact: its friends, and its own month."""

    friend_count: int
    month: Month | None
    """None when LINE has not reported it this month."""


def second_account() -> SecondAccount | None:
    """What is shown about the second account; None when the shop has none."""
    if not settings.current().has_support_account:
        return None
    return SecondAccount(support_friends.count(), month_quota.this_month(SUPPORT))


def messages() -> str:
    """This month, its forecast, the kinds and flows, the months before."""
    row = budget_state.current()
    return render_template(
        "console/messages.html",
        figures=figures.of_shop(),
        push_yen=push_cost_yen(),
        budget=row,
        used_count=budget_counts.used_this_month()[1],
        forecast_words=in_words(row) if row else "",
        is_short=row is not None and row.waiting_count > 0,
        groups=[_waiting(each, row) for each in row.groups] if row else [],
        own_limit=shop.get(BudgetRules).month_limit,
        kind_in_words=kind_in_words,
        second=second_account(),
    )


def in_words(row: MonthBudget) -> str:
    """Whether the month's pushes last, as a sentence."""
    outlook = row.forecast
    if outlook.limit is None:
        return gettext(
            "上限はありません。月末までの見込みは%(count)s通です。", count=f"{outlook.expected_count:,}"
        )
    if outlook.used_count >= outlook.limit:
        return gettext("今月の上限に達しました。待てるお知らせは、返信に添えるか、来月まで待ちます。")
    reached_on = budget.limit_day(localtime.today(), budget.month_end(row.month), outlook)
    if reached_on is not None:
        return gettext("このままだと%(day)d日ごろに上限です。", day=reached_on.day)
    return gettext(
        "このままで月末まで足ります（見込み%(count)s通、上限%(limit)s通）。",
        count=f"{outlook.expected_count:,}",
        limit=f"{outlook.limit:,}",
    )


def _waiting(each: Demand, row: MonthBudget) -> Waiting:
    worth, cutoff = budget.worth(each.message_class, each.priority), row.forecast.cutoff
    state = "goes" if worth > cutoff.worth else "partly" if worth == cutoff.worth and cutoff.room else "waits"
    return Waiting(_group_in_words(each), each.push_count, state)


def _group_in_words(each: Demand) -> str:
    """What the group is about: its kind, else its class and priority."""
    if each.message_class is MessageClass.SELLING and each.priority == SELLING_PRIORITY:
        return gettext("シナリオのご提案")
    for kind, rules in KIND_RULES.items():
        if (rules.message_class, rules.priority) == (each.message_class, each.priority):
            return kind_in_words(kind)
    return gettext("そのほか（優先度%(priority)d）", priority=each.priority)


def kind_in_words(kind: str) -> str:
    """A kind of message in the reader's language."""
    return gettext(trace_words.KINDS[Kind(kind)])
