"""The owner's page of the NPS."""

from collections.abc import Sequence

from flask import Blueprint, render_template, url_for

from bot import localtime
from bot.config import shop
from console.charts.values import Columns, Measure, Point
from console.figures import answers
from console.figures.answer_times import quarter
from console.figures.answers import AnswerFigures
from console.shell.pages import month_name
from console.shell.translation import gettext, ngettext
from customers.values import windows
from customers.values.windows import Window
from surveys.nps.net_promoter_score import Nps
from surveys.nps.settings import SurveyRules

PEOPLE = {"promoter": "promoters", "passive": "passives", "detractor": "detractors"}
"""The figure of the customers of each segment."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/figures")(figures)


def figures() -> str:
    """The NPS of all answers, of each customer's latest, of 90 days and by month."""
    shown = answers.of_shop()
    fewest = shop.get(SurveyRules).too_few_answers
    year = windows.year(shown.on if shown else localtime.today())
    return render_template(
        "console/figures.html",
        shown=shown,
        fewest=fewest,
        year=year,
        quarters=quarters_chart(shown, fewest) if shown else None,
        months=months_chart(shown, fewest) if shown else None,
        people_address=lambda segment: url_for("console.figure", name=PEOPLE[segment]),
        answers_address=lambda segment: url_for(
            "console.answer_list", segment=segment, since=year.first_on, until=year.last_on
        ),
    )


def quarters_chart(shown: AnswerFigures, fewest: int) -> Columns:
    """NPS of the 90 days up to the end of each month and up to today."""
    places = [(quarter(last_on), nps) for last_on, nps in shown.quarters]
    return _chart(gettext("90日のNPS（月の終わりまでの90日）"), gettext("その月の終わりまで"), places, fewest)


def months_chart(shown: AnswerFigures, fewest: int) -> Columns | None:
    """NPS of the calendar months; None where none of them has enough answers."""
    scores = dict(shown.months)
    months = windows.calendar_months(shown.on, answers.MONTHS)
    places = [(month, scores.get(month.first_on, Nps(0, 0, 0))) for month in months]
    if all(nps.is_too_few(fewest) for _, nps in places):
        return None
    return _chart(gettext("月ごとのNPS"), gettext("月"), places, fewest)


def _chart(title: str, heading: str, places: Sequence[tuple[Window, Nps]], fewest: int) -> Columns:
    return Columns(
        title=title,
        points=[_point(window, nps, fewest) for window, nps in places],
        label_heading=heading,
        value_heading="NPS",
        is_line=True,
        measure=Measure.SCORE,
    )


def _point(window: Window, nps: Nps, fewest: int) -> Point:
    """The score with its interval, linked to its answers; empty where too few answered."""
    label = month_name(window.last_on)
    note = ngettext("回答%(num)d件", "回答%(num)d件", nps.answer_count)
    if nps.score is None or nps.interval is None or nps.is_too_few(fewest):
        too_few = gettext("まだ少なすぎます")
        return Point(label, None, note=f"{note} · {too_few}" if nps.answer_count else "")
    low, high = nps.interval
    ends = gettext("%(low)sから%(high)s", low=f"{low:+.0f}", high=f"{high:+.0f}")
    return Point(
        label=label,
        value=nps.score,
        text=f"{nps.score:+.0f}",
        low=low,
        high=high,
        href=url_for("console.answer_list", since=window.first_on, until=window.last_on),
        note=f"{ends} · {note}",
    )
