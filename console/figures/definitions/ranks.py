"""The figures of ranks and points: who holds each rank, who rose and fell, what points the shop owes."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from bot import localtime
from bot.config import shop
from console.figures.definition import Definition, Unit, Value
from console.shell.translation import N_
from customers.values import windows
from customers.values.windows import Window
from rewards.coupons.settings import CouponRules
from rewards.figures import points_liability, rank_history, referral_counts
from rewards.figures.rank_history import Direction
from rewards.ranks.rules import Rank

EXPIRING_WITHIN_DAYS = 30
TITLES = {
    Rank.BASIC: N_("ベーシックの方"),
    Rank.ACTIVE: N_("アクティブの方"),
    Rank.PREMIUM: N_("プレミアムの方"),
    Rank.AMBASSADOR: N_("アンバサダーの方"),
}
RANKED = N_("ランクのあるLINEのお客様")
WITH_POINTS = N_("ポイントの台帳にあるLINEのお客様")
AS_OF = N_("今日の終わりの時点")


def name_of(rank: Rank) -> str:
    """The name of the figure of a rank."""
    return f"rank-{rank.name.lower()}"


def _no_beginning(_on: date) -> Window | None:
    return None


def _held(rank: Rank, on: date) -> Value:
    return Value(rank_history.distributions([on])[on][rank])


def _changed(direction: Direction, on: date) -> Value:
    return Value(rank_history.people_count(direction, windows.month_to(on)))


def _changed_people(direction: Direction, on: date) -> Any:
    return rank_history.people_who(direction, windows.month_to(on))


def _outstanding(on: date) -> Value:
    counted = points_liability.of_shop(on)
    return Value(counted.outstanding, count=counted.holder_count)


def _liability_yen(on: date) -> Value:
    counted = points_liability.of_shop(on)
    return Value(shop.get(CouponRules).value_of_points(counted.outstanding), count=counted.holder_count)


def _pending(on: date) -> Value:
    return Value(points_liability.of_shop(on).pending)


def _expiring(on: date) -> Value:
    if on != localtime.today():
        return Value(None)  # what was left of each lot on an earlier day is not stored
    left = points_liability.left_by_last_day(on)
    return Value(points_liability.expiring_by(left, on + timedelta(days=EXPIRING_WITHIN_DAYS)))


def _expiring_people(on: date) -> Any:
    return points_liability.people_expiring(
        referral_counts.BEGINNING, on + timedelta(days=EXPIRING_WITHIN_DAYS)
    )


def _of_rank(rank: Rank) -> Definition:
    return Definition(
        name=name_of(rank),
        title=TITLES[rank],
        meaning=N_(
            "その日の終わりにこのランクだったお客様の人数です。ランクの変更の記録から、その日までの最後の変更のあとのランクで数えます。今日の数は、いま保存されているランクと同じです。"
        ),
        population=RANKED,
        window_text=AS_OF,
        unit=Unit.CUSTOMERS,
        window=_no_beginning,
        count=partial(_held, rank),
        people=partial(rank_history.people_with, rank),
    )


DEFINITIONS: tuple[Definition, ...] = (
    *(_of_rank(rank) for rank in Rank),
    Definition(
        name="rank-rose",
        title=N_("今月ランクが上がった人"),
        meaning=N_(
            "今月、ランクが1回以上上がったお客様の人数です。何回上がっても1人です。はじめてランクがついたことは数えません。同じ月に下がった方も数えます。"
        ),
        population=RANKED,
        window_text=N_("今月1日から今日まで"),
        unit=Unit.CUSTOMERS,
        window=windows.month_to,
        count=partial(_changed, Direction.ROSE),
        people=partial(_changed_people, Direction.ROSE),
    ),
    Definition(
        name="rank-fell",
        title=N_("今月ランクが下がった人"),
        meaning=N_(
            "今月、ランクが1回以上下がったお客様の人数です。見直しの日に下がった方と、注文の取り消しで元に戻った方です。何回下がっても1人です。"
        ),
        population=RANKED,
        window_text=N_("今月1日から今日まで"),
        unit=Unit.CUSTOMERS,
        window=windows.month_to,
        count=partial(_changed, Direction.FELL),
        people=partial(_changed_people, Direction.FELL),
    ),
    Definition(
        name="points-outstanding",
        title=N_("使われていないポイント"),
        meaning=N_(
            "お客様ごとのポイント残高（台帳の合計）のうち、0より大きいものの合計です。残高がマイナスの方は、ほかの方の分を減らしません。確定していないポイントは入りません。"
        ),
        population=WITH_POINTS,
        window_text=AS_OF,
        unit=Unit.POINTS,
        window=_no_beginning,
        count=_outstanding,
        people=points_liability.holders,
    ),
    Definition(
        name="points-liability-yen",
        title=N_("使われていないポイントの金額"),
        meaning=N_(
            "使われていないポイントに、設定の1ポイントの価値（yen_per_point）をかけた金額です。お店がお客様に負っている金額の目安で、使われずに失効する分は引いていません。"
        ),
        population=WITH_POINTS,
        window_text=AS_OF,
        unit=Unit.YEN,
        window=_no_beginning,
        count=_liability_yen,
        people=points_liability.holders,
    ),
    Definition(
        name="points-pending",
        title=N_("確定していないポイント"),
        meaning=N_(
            "お約束していて、まだ使えないポイントの合計です（返品の期間を待つお買い物の分など）。残高には入っていません。"
        ),
        population=WITH_POINTS,
        window_text=AS_OF,
        unit=Unit.POINTS,
        window=_no_beginning,
        count=_pending,
        people=points_liability.pending_people,
    ),
    Definition(
        name="points-expiring-30-days",
        title=N_("30日のうちに失効するポイント"),
        meaning=N_(
            "使われていないポイントのうち、使える最後の日が今日から30日後までのものです。それまでに買い物などがあれば、失効は先に延びます。過ぎた日の時点では数えられません。"
        ),
        population=WITH_POINTS,
        window_text=N_("今日から30日後まで"),
        unit=Unit.POINTS,
        window=_no_beginning,
        count=_expiring,
        people=_expiring_people,
    ),
)
