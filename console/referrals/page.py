"""The owner's page of referrals; the lists behind its numbers are in `lists.py`."""

from datetime import date

from flask import Blueprint, render_template, url_for

from bot import localtime
from bot.config import shop
from console.charts.values import Bars, Columns, Measure, Point
from console.figures import period, wording
from console.figures.definition import Unit
from console.figures.definitions import referrals as definitions
from console.referrals import figures, names
from console.referrals.figures import Counted
from console.shell.pages import month_name, yen
from console.shell.translation import N_, gettext, ngettext
from customers.figures import intervals
from customers.figures.intervals import Sums
from rewards.coupons.settings import CouponRules
from rewards.figures import leaders
from rewards.figures.leaders import Brought
from rewards.figures.referral_steps import Step

LEADERS_SHOWN = 20
METHOD_RATIO = 2
"""Referrers' LTV against others', as the method names it."""
STEPS = {
    Step.INVITED: N_("紹介の案内を受け取った人"),
    Step.JOINED: N_("参加したお友達"),
    Step.BOUGHT: N_("購入したお友達"),
    Step.REWARDED: N_("お礼まで届いた"),
    Step.HELD: N_("確認待ち"),
    Step.REJECTED: N_("お断り"),
}
FUNNEL = (Step.INVITED, Step.JOINED, Step.BOUGHT, Step.REWARDED)


def register(console: Blueprint) -> None:
    """Add the URLs of this page to the console's blueprint."""
    console.get("/referrals")(referrals)


def referrals() -> str:
    """From invitation to reward, the leaderboard of a period with its tree, points paid, and referrers' LTV."""
    today = localtime.today()
    shown, counted = period.read(today), figures.of_shop()
    found = leaders.leaders(shown.window, LEADERS_SHOWN + 1)
    tree = leaders.tree([each.customer_id for each in found[:LEADERS_SHOWN]])
    return render_template(
        "console/referrals/referrals.html",
        counted=counted,
        funnel=_funnel(counted) if counted else None,
        paid=_paid(counted, today) if counted else None,
        ltv=_ltv(counted) if counted else None,
        ratio=definitions.ltv_value(counted.ltv) if counted else None,
        words=wording.of_reader(),
        period=shown,
        periods=period.PERIODS,
        leaders=found[:LEADERS_SHOWN],
        more=len(found) > LEADERS_SHOWN,
        tree=tree,
        names=names.of(_ids_in(tree)),
        states=names.STATES,
        steps=STEPS,
        columns=figures.COLUMNS,
        href=_href,
        unit=Unit.RATIO,
        method_ratio=METHOD_RATIO,
        fewest_buyers=definitions.FEWEST_BUYERS,
        yen_per_point=shop.get(CouponRules).yen_per_point,
        friends_shown=leaders.FRIENDS_SHOWN,
    )


def _href(step: Step, name: str) -> str:
    """The list behind a number of the funnel: a figure's, where it is one."""
    figure = {"all": definitions.title_of(step), "month": f"{definitions.title_of(step)}-this-month"}.get(
        name
    )
    if figure is not None:
        return url_for("console.figure", name=figure)
    return url_for("console.referral_people", step=step.value, period=name)


def _funnel(counted: Counted) -> Bars:
    points = []
    for before, step in zip((None, *FUNNEL), FUNNEL, strict=False):
        count = counted.steps[step]["all"]
        base = counted.steps[before]["all"] if before else 0
        share = gettext("前の段の%(share)s", share=f"{100 * count / base:.1f}%") if base else ""
        text = ngettext("%(num)d人", "%(num)d人", count)
        points.append(
            Point(gettext(STEPS[step]), count, text, href=_href(step, "all"), note=share if before else "")
        )
    return Bars(gettext("はじめから今日まで"), points, gettext("段階"), gettext("人数"))


def _paid(counted: Counted, today: date) -> Columns:
    rules, points = shop.get(CouponRules), []
    for window, (month, paid) in zip(figures.months(today), counted.paid, strict=False):
        href = url_for("console.referral_paid", **period.of_month(window).arguments)
        note = yen(rules.value_of_points(paid))
        points.append(Point(month_name(month), paid, f"{paid:,}", href=href if paid else "", note=note))
    return Columns(gettext("お礼のポイント（月ごと）"), points, gettext("月"), gettext("ポイント"))


def _ltv(counted: Counted) -> Bars:
    groups = (
        (gettext("お友達が購入した紹介者"), counted.ltv.referrers),
        (gettext("ほかの購入者"), counted.ltv.others),
    )
    points = [_average(label, sums) for label, sums in groups]
    return Bars(
        gettext("12か月の売上（購入者1人あたり）"),
        points,
        gettext("お客様"),
        gettext("LTV"),
        measure=Measure.YEN,
    )


def _average(label: str, sums: Sums) -> Point:
    note = ngettext("購入者%(num)d人", "購入者%(num)d人", sums.count)
    if sums.count < definitions.FEWEST_BUYERS or sums.average is None:
        return Point(label, None, note=f"{note} · {gettext('まだ少なすぎます')}")
    low, high = intervals.mean(sums) or (None, None)
    text = yen(round(sums.average))
    if low is not None and high is not None:
        note = f"{yen(round(low))}–{yen(round(high))} · {note}"
    return Point(label, sums.average, text, low, high, note=note)


def _ids_in(tree: dict[int, Brought]) -> set[int]:
    found, level = set(tree), list(tree.values())
    while level:
        level = [friend for node in level for friend in node.friends]
        found |= {node.customer_id for node in level}
    return found
