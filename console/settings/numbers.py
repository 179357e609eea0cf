"""What a number changes, counted now: the sentence beside its field. Each is one cheap count; the rules of ranks are
tried over the whole history by `console/loyalty/rank_simulation.py`."""

from collections.abc import Callable
from functools import partial

from bot import localtime
from bot.config import shop
from console.shell.translation import gettext
from customers.figures import buying_now
from journeys.contacts.settings import ContactRules
from journeys.sending import budget_counts
from journeys.sending.settings import SendingRules
from rewards.coupons import gift_law
from rewards.coupons.settings import CouponRules
from rewards.figures import given_lately, points_liability
from rewards.ledger.actions import Action
from surveys.nps import invitations

Sentence = Callable[[int], str]


def _asked_today(days: int) -> str:
    return gettext(
        "きょうなら、%(days)d日前に買った%(count)s人が対象です。",
        days=days,
        count=f"{buying_now.bought_days_ago(days):,}",
    )


def _asked_a_day(most: int) -> str:
    asked = invitations.written_count(localtime.today())
    return gettext(
        "きょうは、これまでに%(asked)s人にたずねました。あと%(left)s人です。",
        asked=f"{asked:,}",
        left=f"{max(0, most - asked):,}",
    )


def _contacts_from(days: int) -> str:
    return _in_window(days, shop.get(ContactRules).until_days)


def _contacts_until(days: int) -> str:
    return _in_window(shop.get(ContactRules).from_days, days)


def _in_window(first: int, end: int) -> str:
    count = buying_now.repeat_buyers_between(first, end)
    return gettext(
        "きょうなら、最後のお買い物から%(first)d日〜%(last)d日の%(count)s人が入ります。",
        first=first,
        last=end - 1,
        count=f"{count:,}",
    )


def _points(action: Action, points: int) -> str:
    times = given_lately.times(action)
    return gettext(
        "この30日では%(times)s回で、合わせて%(points)sポイントです。",
        times=f"{times:,}",
        points=f"{times * points:,}",
    )


def _worth_of_points(yen: int) -> str:
    outstanding = points_liability.of_shop(localtime.today()).outstanding
    return gettext(
        "いまお持ちの%(points)sポイントは、合わせて%(yen)s円です。",
        points=f"{outstanding:,}",
        yen=f"{outstanding * yen:,}",
    )


def _cap(yen: int) -> str:
    return gettext("景品の上限は%(yen)s円です。", yen=f"{gift_law.cap_yen(yen):,}")


def _reward(points: int) -> str:
    rules = shop.get(CouponRules)
    return gettext(
        "%(points)sポイントは%(yen)s円、景品の上限は%(cap)s円です。",
        points=f"{points:,}",
        yen=f"{rules.value_of_points(points):,}",
        cap=f"{rules.cap_yen():,}",
    )


def _push_cost(yen: int) -> str:
    _, used = budget_counts.used_this_month()
    return gettext("今月は、これまでに%(used)s通で、%(yen)s円です。", used=f"{used:,}", yen=f"{used * yen:,}")


def _month_limit(most: int) -> str:
    quota, used = budget_counts.used_this_month()
    limits = [each for each in (quota, most or None) if each is not None]
    if not limits:
        return gettext("今月は、これまでに%(used)s通です。上限はありません。", used=f"{used:,}")
    return gettext(
        "今月は、これまでに%(used)s通です。あと%(left)s通送れます。",
        used=f"{used:,}",
        left=f"{max(0, min(limits) - used):,}",
    )


def _quiet_from(hour: int) -> str:
    return _quiet(hour, shop.get(SendingRules).quiet_until_hour)


def _quiet_until(hour: int) -> str:
    return _quiet(shop.get(SendingRules).quiet_from_hour, hour)


def _quiet(begin: int, end: int) -> str:
    hours = (end - begin) % 24
    now = localtime.local(localtime.now()).hour
    is_quiet = (now - begin) % 24 < hours
    return gettext("一日に%(hours)d時間休みます。", hours=hours) + (
        gettext("いまは休む時間です。") if is_quiet else gettext("いまは送れる時間です。")
    )


NUMBERS: dict[tuple[str, str], Sentence] = {
    ("survey", "question_after_days"): _asked_today,
    ("survey", "asked_a_day"): _asked_a_day,
    ("contacts", "from_days"): _contacts_from,
    ("contacts", "until_days"): _contacts_until,
    ("points", "registration"): partial(_points, Action.REGISTRATION),
    ("points", "survey_answer"): partial(_points, Action.SURVEY_ANSWER),
    ("points", "comment"): partial(_points, Action.COMMENT),
    ("points", "testimonial"): partial(_points, Action.TESTIMONIAL),
    ("points", "birthday"): partial(_points, Action.BIRTHDAY),
    ("points", "referrer"): _reward,
    ("points", "referee"): _reward,
    ("coupons", "yen_per_point"): _worth_of_points,
    ("coupons", "smallest_purchase_yen"): _cap,
    ("sending", "push_cost_yen"): _push_cost,
    ("sending", "month_limit"): _month_limit,
    ("sending", "quiet_from_hour"): _quiet_from,
    ("sending", "quiet_until_hour"): _quiet_until,
}
"""By table and key. A new one is a line here."""


def sentence(table: str, key: str, value: object) -> str:
    """What this value of the number changes; empty where nothing is counted for it, or it is no number."""
    says = NUMBERS.get((table, key))
    return says(value) if says and isinstance(value, int) and 0 <= value < 10**9 else ""
