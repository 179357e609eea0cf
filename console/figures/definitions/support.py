"""The figures of support: how soon low scores are answered, in working time, and how satisfied customers were."""

from datetime import date, timedelta
from typing import Any

from bot.config import shop
from console.figures.answer_times import bounds, promptness_of
from console.figures.definition import Definition, Unit, Value
from console.figures.definitions.survey import fewest_answers, share
from console.shell.translation import N_
from customers.values import windows
from support.bad_moments import low_scores
from support.satisfaction import ratings
from support.satisfaction.settings import SatisfactionRules

_YEAR = N_("チャットが開いた日が、その日までの12か月")
_TICKETS = N_("低い点数（0〜6点）で開いたチャット（件）。同じ方に2件あれば2件です。")


def _first_response(on: date) -> Value:
    found = promptness_of(windows.year(on))
    median = found.median_working_time
    return Value(None if median is None else median / timedelta(hours=1), count=found.answered_count)


def _in_time(on: date) -> Value:
    found = promptness_of(windows.year(on))
    return share(found.in_time_count, found.judged_count, fewest=fewest_answers())


def _satisfied(on: date) -> Value:
    satisfied = ratings.total(windows.year(on)).satisfied
    return share(
        satisfied.part_count, satisfied.answer_count, fewest=shop.get(SatisfactionRules).too_few_answers
    )


def _replied(on: date) -> Any:
    return low_scores.replied(*bounds(windows.year(on)))


def _judged(on: date) -> Any:
    return low_scores.judged(*bounds(windows.year(on)))


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        name="first-response-time",
        title=N_("低い点数への最初のお返事まで（営業時間）"),
        meaning=N_(
            "低い点数のチャットが開いてから、スタッフが最初にお返事するまでの営業時間の、まんなかの値（中央値）です。"
            "お約束と同じく、いまの設定の営業時間だけを数えます。お返事のまだないチャットは入りません。"
        ),
        population=_TICKETS,
        window_text=_YEAR,
        unit=Unit.HOURS,
        window=windows.year,
        count=_first_response,
        people=_replied,
    ),
    Definition(
        name="answered-in-time-rate",
        title=N_("期限内にお返事した割合"),
        meaning=N_(
            "低い点数のチャットのうち、約束の時刻までに最初のお返事をしたものの割合です。その日までにお返事をしたか、"
            "約束の時刻を過ぎたチャットだけを数えます。"
        ),
        population=_TICKETS,
        window_text=_YEAR,
        unit=Unit.SHARE,
        window=windows.year,
        count=_in_time,
        people=_judged,
    ),
    Definition(
        name="csat",
        title=N_("対応に満足の割合"),
        meaning=N_(
            "「対応はいかがでしたか？」の5つの答えのうち、上の2つを選んだ回答の割合です。その日までの回答を数えます。"
        ),
        population=N_("スタッフがお返事したチャットへの回答（件）。チャット1件に1回だけうかがいます。"),
        window_text=N_("うかがった日が、その日までの12か月"),
        unit=Unit.SHARE,
        window=windows.year,
        count=_satisfied,
        people=lambda on: ratings.customers_answered(windows.year(on)),
    ),
)
