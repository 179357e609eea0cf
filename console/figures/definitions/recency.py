"""The figures of repeat buyers who have not bought for a while, and of what individual contact earns."""

from datetime import date

from bot import localtime
from console.figures.definition import Definition, Unit, Value
from console.shell.translation import N_
from customers.figures import recency_counts
from customers.figures.recency import DUE
from customers.values import windows
from journeys.contacts import outcomes

REPEAT_BUYERS = N_("LINEでつながっているお客様で、その日までに2回以上買った方")


def _effect(on: date) -> Value:
    result = outcomes.effect() if on >= localtime.today() else None
    if result is None:
        return Value(None)
    rate = result.comparison.rate
    if rate is None or result.comparison.sample_ratio_is_broken:
        return Value(None, count=result.counted)
    return Value(rate.estimate, rate.low, rate.high, count=result.counted)


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        name="recency-30-60",
        title=N_("2回以上買って、30〜59日買っていない方"),
        meaning=N_(
            "その日までに2回以上買い、最後のご注文日からその日まで30日以上60日未満の方の人数です。"
            "お買い上げは、取り消されておらず、返金を引いても0円より大きいご注文です。"
        ),
        population=REPEAT_BUYERS,
        window_text=N_("その日の59日前から30日前まで（最後のご注文日）"),
        unit=Unit.CUSTOMERS,
        window=lambda on: windows.Window(*_last_bought(on)),
        count=lambda on: Value(recency_counts.count_in(DUE, on)),
        people=lambda on: recency_counts.people_in(DUE, on),
        benchmark=N_("この方法の目安：30日を過ぎたらおひとりずつ連絡し、60日になる前に終える"),
    ),
    Definition(
        name="recency-passed-60-this-month",
        title=N_("今月60日を過ぎた方"),
        meaning=N_(
            "最後のご注文日からちょうど60日になった日が、その月のはじめからその日までにあり、その60日目まで買わなかった方の人数です。"
            "最後のご注文が2回目より後の方だけを数えます。"
        ),
        population=REPEAT_BUYERS,
        window_text=N_("その月のはじめからその日まで"),
        unit=Unit.CUSTOMERS,
        window=windows.month_to,
        count=lambda on: Value(recency_counts.count_passed(windows.month_to(on))),
        people=lambda on: recency_counts.people_passed(windows.month_to(on)),
    ),
    Definition(
        name="contact-effect",
        title=N_("連絡の効果"),
        meaning=N_(
            "今日の連絡の対象になった方と、くじで連絡しないことにした方の、決めた日数のあいだにまた買った割合の差です。"
            "対象になった方は、書く時間がなかった方も入ります。日数が過ぎた方だけを、いまの割合になってから数えます。"
            "幅は、毎日ご覧になってもまちがえにくいものです。今日の数字だけがあります。"
        ),
        population=N_("今日の連絡の対象になった方と、連絡しないことにした方"),
        window_text=N_("連絡しない割合をいまの割合に決めてから"),
        unit=Unit.SHARE,
        window=lambda _: None,
        count=_effect,
    ),
)


def _last_bought(on: date) -> tuple[date, date]:
    first, last = DUE.bought_last(on)
    return first or last, last
