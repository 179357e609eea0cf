"""Makes the charts of the page of LTV: distributions, groups, the triangle of cohorts, and the curve of payback."""

from collections.abc import Sequence

from flask import url_for

from console.charts.values import Bars, Columns, Grid, Measure, Point
from console.figures import ltv_values
from console.figures.definition import Unit
from console.ltv import words
from console.ltv.counted import Counted
from console.shell.pages import month_of_year, yen
from console.shell.translation import gettext, ngettext
from customers.figures import payback
from customers.figures.acquisition_costs import Costs
from customers.figures.cohorts import MONTH_COUNT, Cohort
from customers.figures.sales import Group


def people_url(**arguments: object) -> str:
    """The address of a list of `lists.py`."""
    return url_for("console.ltv_people", **arguments)  # type: ignore[arg-type] # plain values


def distribution(title: str, classes: Sequence[Group], year: str) -> Bars:
    """How many customers bought for how much in a year."""
    all_count = sum(each.buyer_count for each in classes)
    return Bars(
        title,
        [
            Point(
                words.class_name(place),
                each.buyer_count,
                ngettext("%(num)d人", "%(num)d人", each.buyer_count),
                href=people_url(list="class", place=place, year=year) if each.buyer_count else "",
                note=f"{each.buyer_count / all_count * 100:.1f}%" if all_count else "",
            )
            for place, each in enumerate(classes)
        ],
        gettext("1人のお買い上げ"),
        gettext("人数"),
    )


def segments(counted: Counted) -> Bars:
    """The LTV of each group by latest answer, with its interval."""
    points = []
    for name in words.SEGMENTS:
        value = ltv_values.of_group(counted.groups, name)
        written = words.written(value, Unit.YEN)
        points.append(
            Point(
                words.segment_name(name),
                None if value.is_too_few else value.value,
                written.value,
                None if value.is_too_few else value.low,
                None if value.is_too_few else value.high,
                href=people_url(list="segment", name=str(name)),
                note=written.too_few
                or gettext("%(count)s人・%(interval)s", count=written.basis, interval=written.interval),
            )
        )
    return Bars(
        gettext("直近の回答ごとのLTV"),
        points,
        gettext("直近の回答"),
        gettext("LTV"),
        measure=Measure.YEN,
    )


def triangle(counted: Counted, *, is_second: bool) -> Grid:
    """Cohorts of first purchases: the share who bought in each month since, or who had made their second purchase."""
    title = gettext("2回目の購入をした割合（その月まで）") if is_second else gettext("その月に購入した割合")
    return Grid(
        title,
        gettext("はじめてのご購入の月"),
        [
            gettext("その月") if since == 0 else gettext("%(months)dか月後", months=since)
            for since in range(MONTH_COUNT)
        ],
        [(_row_label(each), _cells(each, is_second=is_second)) for each in counted.cohorts],
    )


def _row_label(cohort: Cohort) -> str:
    return gettext("%(month)s（%(count)s人）", month=month_of_year(cohort.month), count=f"{cohort.size:,}")


def _cells(cohort: Cohort, *, is_second: bool) -> list[Point]:
    cells = []
    for since, count in enumerate(cohort.second if is_second else cohort.bought):
        if count is None or not cohort.size:
            cells.append(Point("", None))
            continue
        is_running = since + 1 == MONTH_COUNT or (cohort.bought[since + 1] is None)
        is_too_few = cohort.size < ltv_values.FEWEST
        in_words = ngettext("%(num)d人", "%(num)d人", count)
        arguments = {"list": "cohort", "month": cohort.month.strftime("%Y-%m"), "since": since}
        cells.append(
            Point(
                "",
                count / cohort.size,
                in_words if is_too_few else f"{count / cohort.size * 100:.0f}%",
                is_faint=is_running or is_too_few,
                href=people_url(**arguments, second=int(is_second)) if count else "",
                note=in_words + (gettext("・まだ途中です") if is_running else ""),
            )
        )
    return cells


def payback_curve(counted: Counted, costs: Costs | None) -> Columns:
    """Margin times the sales of the average customer by month since the first purchase, with the cost as a line; the
    sales themselves while no cost is entered."""
    curve = payback.curve(counted.months, ltv_values.FEWEST)
    margin = costs.margin if costs is not None else 1.0
    title = (
        gettext("1人あたりの売上の合計")
        if costs is None
        else gettext("1人あたりの粗利の合計（売上×%(percent)s%%）", percent=f"{margin * 100:g}")
    )
    return Columns(
        title,
        [
            Point(
                gettext("%(month)d月目", month=place),
                margin * value,
                yen(round(margin * value)),
                note=gettext("%(count)s人の平均", count=f"{counted.months[place - 1].customer_count:,}"),
            )
            for place, value in enumerate(curve, 1)
        ],
        gettext("はじめてのご購入から（30日ごと）"),
        gettext("合計"),
        is_line=True,
        goal=None if costs is None else (costs.cpo_yen, costs.cpo_yen),
        goal_text="" if costs is None else gettext("CPO %(cost)s", cost=yen(costs.cpo_yen)),
        measure=Measure.YEN,
    )
