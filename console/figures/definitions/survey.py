"""The figures of the one question: NPS by answers and by people, the segments, who answers, who recovers."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bot.config import shop
from console.figures.definition import Definition, Unit, Value
from console.shell.translation import N_
from customers.figures.intervals import wilson
from customers.values import windows
from customers.values.windows import Window
from surveys.figures import survey_figures
from surveys.nps.net_promoter_score import Nps
from surveys.nps.segments import Segment
from surveys.nps.settings import SurveyRules

QUARTER_DAYS = 90
"""Days of the rolling window, which has enough answers where a calendar month has too few."""
_YEAR = N_("その日までの12か月")
_ANSWERS = N_("LINEのお客様の、期間中の回答（件）。2回答えた方は2件です。")
_PEOPLE = N_("期間中に回答したLINEのお客様（人）。何回答えた方も1人です。")


def quarter(on: date) -> Window:
    """The 90 days that end on that day."""
    return windows.days(on, QUARTER_DAYS)


def quarter_before(on: date) -> Window:
    """The 90 days before those."""
    return windows.days(quarter(on).first_on - timedelta(days=1), QUARTER_DAYS)


def share(part: int, count: int, *, fewest: int) -> Value:
    """A share with its interval."""
    if not count:
        return Value(None, part=part, count=count, is_too_few=True)
    low, high = wilson(part, count)
    return Value(part / count, low, high, part, count, is_too_few=count < fewest)


def score(nps: Nps) -> Value:
    """A score with its interval."""
    low, high = nps.interval or (None, None)
    return Value(nps.score, low, high, count=nps.answer_count, is_too_few=nps.is_too_few(fewest_answers()))


def fewest_answers() -> int:
    """Below so many answers, no score is shown."""
    return shop.get(SurveyRules).too_few_answers


def _response(on: date) -> Value:
    found = survey_figures.response(windows.year(on))
    return share(found.answered_count, found.asked_count, fewest=fewest_answers())


def _recovery(on: date) -> Value:
    found = survey_figures.recovery(windows.year(on))
    return share(found.recovered_count, found.asked_count, fewest=fewest_answers())


def _people_of(segment: Segment) -> Callable[[date], Any]:
    return lambda on: survey_figures.answerers_of(segment, windows.year(on))


def _segment(name: str, segment: Segment, title: str, meaning: str) -> Definition:
    people = _people_of(segment)
    return Definition(
        name=name,
        title=title,
        meaning=meaning,
        population=_PEOPLE,
        window_text=_YEAR,
        unit=Unit.CUSTOMERS,
        window=windows.year,
        count=lambda on: Value(people(on).count()),
        people=people,
    )


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        name="nps",
        title=N_("NPS（12か月のすべての回答）"),
        meaning=N_(
            "推奨者の回答の割合（百分率）から批判者の回答の割合（百分率）を引いた数です。推奨者は9・10点、中立者は7・8点、"
            "批判者は0〜6点の回答です。幅は95パーセントの確からしさで、推奨者と批判者を4分の3件ずつ、中立者を1件半足して"
            "計算します（adjusted Wald）。"
        ),
        population=_ANSWERS,
        window_text=_YEAR,
        unit=Unit.SCORE,
        window=windows.year,
        count=lambda on: score(survey_figures.nps(windows.year(on))),
        people=lambda on: survey_figures.answerers(windows.year(on)),
    ),
    Definition(
        name="nps-latest",
        title=N_("NPS（お一人ずつ、最後の回答）"),
        meaning=N_(
            "期間中に回答したお客様を、期間中の最後の回答だけで推奨者・中立者・批判者に分け、推奨者の割合（百分率）から"
            "批判者の割合（百分率）を引いた数です。何度も答えた方に引っぱられません。幅の計算はNPSと同じです。"
        ),
        population=_PEOPLE,
        window_text=_YEAR,
        unit=Unit.SCORE,
        window=windows.year,
        count=lambda on: score(survey_figures.nps_of_latest(windows.year(on))),
        people=lambda on: survey_figures.answerers(windows.year(on)),
    ),
    Definition(
        name="nps-90-days",
        title=N_("NPS（この90日の回答）"),
        meaning=N_(
            "NPSと同じ計算を、その日までの90日の回答でしたものです。月ごとでは回答が少なすぎるお店でも、"
            "動きが見えるようにしています。"
        ),
        population=_ANSWERS,
        window_text=N_("その日までの90日"),
        unit=Unit.SCORE,
        window=quarter,
        count=lambda on: score(survey_figures.nps(quarter(on))),
        people=lambda on: survey_figures.answerers(quarter(on)),
    ),
    _segment(
        "promoters", Segment.PROMOTER, N_("推奨者"), N_("期間中の最後の回答が9・10点だったお客様の数です。")
    ),
    _segment(
        "passives", Segment.PASSIVE, N_("中立者"), N_("期間中の最後の回答が7・8点だったお客様の数です。")
    ),
    _segment(
        "detractors", Segment.DETRACTOR, N_("批判者"), N_("期間中の最後の回答が0〜6点だったお客様の数です。")
    ),
    Definition(
        name="response-rate",
        title=N_("回答率"),
        meaning=N_(
            "お店が期間中にたずねた質問のうち、その日までに回答のあったものの割合です。催促しても1件です。"
            "お客様がご自分から答えた質問は数えません。"
        ),
        population=N_("お店がたずねた質問（件）。同じ方に2回たずねたら2件です。"),
        window_text=N_("たずねた日が、その日までの12か月"),
        unit=Unit.SHARE,
        window=windows.year,
        count=_response,
        people=lambda on: survey_figures.asked(windows.year(on)),
    ),
    Definition(
        name="recovery-rate",
        title=N_("持ち直した割合"),
        meaning=N_(
            "低い点数のチャットが解決したあとで、期間中にもう一度たずねた質問のうち、その日までに7点以上の回答が"
            "あったものの割合です。回答のない質問は、持ち直していないと数えます。"
        ),
        population=N_("解決のあとでもう一度たずねた質問（件）。同じ方に2回たずねたら2件です。"),
        window_text=N_("たずねた日が、その日までの12か月"),
        unit=Unit.SHARE,
        window=windows.year,
        count=_recovery,
        people=lambda on: survey_figures.asked_again(windows.year(on)),
    ),
)
