"""The figures of referrals: invited, joined, bought, rewarded; points paid; referrers' LTV against others'."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from console.figures.definition import Definition, Unit, Value
from console.shell.translation import N_
from customers.figures import intervals
from customers.orders.purchases import Purchase, is_purchase
from customers.values import windows
from customers.values.windows import Window
from rewards.figures import leaders, referral_counts, referrer_ltv
from rewards.figures.referral_counts import until
from rewards.figures.referral_steps import Step
from rewards.figures.referrer_ltv import ReferrerLtv

FEWEST_BUYERS = 30
"""Buyers of a group below which its average is not compared."""
ON_LINE = N_("LINEのお客様")
UNTIL_NOW = N_("はじめから今日まで")
THIS_MONTH = N_("今月1日から今日まで")

TITLES = {
    Step.INVITED: N_("紹介の案内を受け取った人"),
    Step.JOINED: N_("紹介で参加したお友達"),
    Step.BOUGHT: N_("紹介で購入したお友達"),
    Step.REWARDED: N_("お礼まで届いた紹介"),
    Step.HELD: N_("確認待ちの紹介"),
    Step.REJECTED: N_("お断りした紹介"),
}
MEANINGS = {
    Step.INVITED: N_(
        "自分の紹介コードがはじめて表示されたお客様の人数です。同じ方に何度表示しても1人で、表示した回数ではありません。はじめて表示された日で数えます。"
    ),
    Step.JOINED: N_(
        "紹介コードを送って参加した、新しいお友達の人数です。あとで確認待ちやお断りになった方も、参加した方として数えます。参加した日で数えます。"
    ),
    Step.BOUGHT: N_(
        "紹介で参加したお友達のうち、はじめてのお買い物が記録された人数です。確認待ち・お断りの方と、注文が取り消された方は数えません。お買い物が記録された日で数え、あとで取り消されるとその日の数が減ります。"
    ),
    Step.REWARDED: N_(
        "紹介した方とお友達の両方にお礼をしたお友達の人数です。注文が取り消されてお礼を戻した方は数えません。お礼をした日で数えます。"
    ),
    Step.HELD: N_(
        "うたがわしい点があり、いまスタッフの確認を待っているお友達の人数です。確認待ちになった日がその日までの方を数えます。"
    ),
    Step.REJECTED: N_("スタッフが確認してお断りしたお友達の人数です。お断りした日で数えます。"),
}
"""How each step is counted; the window says of which days."""


def title_of(step: Step) -> str:
    """The name of the figure of a step, of all time."""
    return f"referral-{step.value}"


def ltv_value(counted: ReferrerLtv) -> Value:
    """The ratio of both averages with its interval; too few where either group is."""
    referrers, others = counted.referrers, counted.others
    ratio = intervals.ratio_of_means(referrers, others)
    is_too_few = min(referrers.count, others.count) < FEWEST_BUYERS
    if ratio is None:
        return Value(None, count=referrers.count, is_too_few=is_too_few)
    return Value(*ratio, count=referrers.count, is_too_few=is_too_few)


def _of_step(step: Step) -> tuple[Definition, Definition]:
    common: dict[str, Any] = {
        "meaning": MEANINGS[step],
        "population": ON_LINE,
        "unit": Unit.CUSTOMERS,
    }
    return (
        Definition(
            name=title_of(step),
            title=TITLES[step],
            window_text=UNTIL_NOW,
            window=_no_beginning,
            count=partial(_count, step, until),
            people=partial(_people, step, until),
            **common,
        ),
        Definition(
            name=f"{title_of(step)}-this-month",
            title=_IN_MONTH[step],
            window_text=THIS_MONTH,
            window=windows.month_to,
            count=partial(_count, step, windows.month_to),
            people=partial(_people, step, windows.month_to),
            **common,
        ),
    )


_IN_MONTH = {
    Step.INVITED: N_("今月、紹介の案内を受け取った人"),
    Step.JOINED: N_("今月、紹介で参加したお友達"),
    Step.BOUGHT: N_("今月、紹介で購入したお友達"),
    Step.REWARDED: N_("今月、お礼まで届いた紹介"),
    Step.HELD: N_("今月、確認待ちになった紹介"),
    Step.REJECTED: N_("今月、お断りした紹介"),
}


def _no_beginning(_on: date) -> Window | None:
    return None


def _count(step: Step, window: Callable[[date], Window], on: date) -> Value:
    return Value(referral_counts.count(step, window(on)))


def _people(step: Step, window: Callable[[date], Window], on: date) -> Any:
    return referral_counts.people(step, window(on))


def _points(window: Callable[[date], Window], on: date) -> Value:
    return Value(leaders.points_paid(window(on)))


def _paid(window: Callable[[date], Window], on: date) -> Any:
    return leaders.paid_people(window(on))


def _referrers(on: date) -> Value:
    return Value(leaders.leader_count(until(on)))


def _ratio(on: date) -> Value:
    return ltv_value(referrer_ltv.of_shop(on))


def _buying_referrers(on: date) -> Any:
    year = windows.year(on)
    within = Purchase.ordered_on.between(year.first_on, year.last_on)
    query = Purchase.select(Purchase.customer).where(is_purchase(), within)
    return query.where(Purchase.customer.in_(referral_counts.referrers(on))).distinct()


_PAID_MEANING = N_(
    "紹介のお礼として、紹介した方とお友達にお渡ししたポイントの合計です。注文の取り消しで戻した分は、お渡しした日の分から引きます。台帳の「紹介のお礼」と「紹介されたお礼」の合計と同じです。"
)

DEFINITIONS: tuple[Definition, ...] = (
    *(each for step in Step for each in _of_step(step)),
    Definition(
        name="referrers",
        title=N_("お友達の購入につながった紹介者"),
        meaning=N_(
            "自分のコードで参加したお友達のうち、1人以上が購入したお客様の人数です。確認待ち・お断り・取り消された購入は数えません。"
        ),
        population=ON_LINE,
        window_text=UNTIL_NOW,
        unit=Unit.CUSTOMERS,
        window=_no_beginning,
        count=_referrers,
        people=referral_counts.referrers,
    ),
    Definition(
        name="referral-points-paid",
        title=N_("紹介のお礼のポイント"),
        meaning=_PAID_MEANING,
        population=ON_LINE,
        window_text=UNTIL_NOW,
        unit=Unit.POINTS,
        window=_no_beginning,
        count=partial(_points, until),
        people=partial(_paid, until),
    ),
    Definition(
        name="referral-points-paid-this-month",
        title=N_("今月の紹介のお礼のポイント"),
        meaning=_PAID_MEANING,
        population=ON_LINE,
        window_text=THIS_MONTH,
        unit=Unit.POINTS,
        window=windows.month_to,
        count=partial(_points, windows.month_to),
        people=partial(_paid, windows.month_to),
    ),
    Definition(
        name="referrer-ltv-ratio",
        title=N_("紹介した方のLTVは、ほかの方の何倍か"),
        meaning=N_(
            "LTVは、12か月のあいだに購入のあった方1人あたりの売上（返金を除く）です。お友達が購入した紹介者の平均を、ほかの購入者の平均で割ります。幅は比の95％信頼区間（対数のデルタ法）です。紹介した方の多くは、紹介する前からのお得意様です。この比は、紹介がLTVを上げたことを示すものではありません。どちらかの購入者が30人未満のときは表示しません。"
        ),
        population=N_("12か月のあいだに購入のあったLINEのお客様"),
        window_text=N_("今日までの12か月"),
        unit=Unit.RATIO,
        window=windows.year,
        count=_ratio,
        people=_buying_referrers,
        benchmark=N_("この手法の目安は約2倍（通販コンサルタントの記事）"),
    ),
)
