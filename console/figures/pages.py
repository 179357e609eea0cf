"""The owner's page of the NPS."""

from datetime import date

from flask import Blueprint, render_template, url_for

from bot import localtime
from bot.config import shop
from console.charts.values import Columns, Measure, Point
from console.figures import answers
from console.figures.answers import AnswerFigures
from console.shell.pages import month_name
from console.shell.translation import gettext, ngettext
from customers.values import windows
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
        months=months_chart(shown, fewest) if shown else None,
        people_address=lambda segment: url_for("console.figure", name=PEOPLE[segment]),
        answers_address=lambda segment: url_for(
            "console.answer_list", segment=segment, since=year.first_on, until=year.last_on
        ),
    )


def months_chart(shown: AnswerFigures, fewest: int, *, is_linked: bool = True) -> Columns:
    """NPS of the calendar months, empty where too few answered; linked to the answers for the owner."""
    scores = dict(shown.months)
    points = [
        _point(window.first_on, window.last_on, scores.get(window.first_on, Nps(0, 0, 0)), fewest, is_linked)
        for window in windows.calendar_months(shown.on, answers.MONTHS)
    ]
    return Columns(
        title=gettext("月ごとのNPS"),
        points=points,
        label_heading=gettext("月"),
        value_heading="NPS",
        is_line=True,
        measure=Measure.SCORE,
    )


def _point(first_on: date, last_on: date, nps: Nps, fewest: int, is_linked: bool) -> Point:
    note = ngettext("回答%(num)d件", "回答%(num)d件", nps.answer_count)
    if nps.score is None or nps.interval is None or nps.is_too_few(fewest):
        too_few = gettext("まだ少なすぎます")
        return Point(month_name(first_on), None, note=f"{note} · {too_few}" if nps.answer_count else "")
    low, high = nps.interval
    ends = gettext("%(low)sから%(high)s", low=f"{low:+.0f}", high=f"{high:+.0f}")
    return Point(
        label=month_name(first_on),
        value=nps.score,
        text=f"{nps.score:+.0f}",
        low=low,
        high=high,
        href=url_for("console.answer_list", since=first_on, until=last_on) if is_linked else "",
        note=f"{ends} · {note}",
    )
