"""The owner's page of sales and LTV: what a customer buys in a year, whether they come back, and when what it cost to
win them is paid back.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request

from bot import localtime
from console.auth import staff_accounts
from console.figures import ltv_values
from console.figures.definition import Unit, Value
from console.ltv import charts, counted
from console.ltv.counted import Counted
from console.ltv.words import Written, written
from console.shell.translation import gettext
from customers.figures import acquisition_costs, payback
from customers.figures.acquisition_costs import Costs
from customers.figures.repurchase import WITHIN_DAYS
from customers.figures.sales import Group
from surveys.nps.segments import Segment

MOST_VERSIONS = 20


def register(console: Blueprint) -> None:
    """Add the page's URL to the console's blueprint."""
    console.get("/ltv")(ltv)


def ltv() -> str:
    """The page."""
    return shown()


def shown(form: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> str:
    """The page, with a form that could not be taken."""
    found, today = counted.current(), localtime.today()
    versions = acquisition_costs.versions()
    force = acquisition_costs.in_force(versions, today)
    costs = force.costs if force is not None else None
    is_second = request.args.get("cells") == "second"
    return render_template(
        "console/ltv/ltv.html",
        counted=found,
        values=_values(found, costs) if found is not None else {},
        steps=_steps(found) if found is not None else [],
        is_second=is_second,
        charts=_charts(found, costs, is_second=is_second) if found is not None else {},
        people_url=charts.people_url,
        within_days=WITHIN_DAYS,
        fewest=ltv_values.FEWEST,
        costs=costs,
        payback_words=_payback_words(found, costs) if found is not None else "",
        form=form or {"from_month": today.strftime("%Y-%m")},
        errors=errors or {},
        versions=versions[:MOST_VERSIONS],
        in_force=force,
        undoable={each.id for each in versions if acquisition_costs.can_be_undone(versions, each)},
        names=staff_accounts.names() if versions else {},
    )


def _values(found: Counted, costs: Costs | None) -> dict[str, Written]:
    """The figures of the page in words, by name."""
    of_sales: dict[str, tuple[Value, Unit]] = {
        "sales-year": (ltv_values.year_sales(found.sales), Unit.YEN),
        "order-price": (ltv_values.order_price(found.sales), Unit.YEN),
        "orders-per-buyer": (ltv_values.orders_per_buyer(found.sales), Unit.ORDERS),
        "ltv": (ltv_values.average(found.sales.year.sums), Unit.YEN),
        "ltv-matured": (ltv_values.average(found.sales.matured.sums), Unit.YEN),
        "year-retention": (ltv_values.year_retention(found.sales), Unit.SHARE),
        "next-year-sales": (ltv_values.next_year(found.sales), Unit.YEN),
        "second-purchase-rate": (ltv_values.matured(found.steps, 2), Unit.SHARE),
        "share-18000-and-3": (ltv_values.goal_share(found.sales), Unit.SHARE),
        "ltv-ratio-promoters-detractors": (
            ltv_values.ratio(
                found.groups.get(Segment.PROMOTER, Group()), found.groups.get(Segment.DETRACTOR, Group())
            ),
            Unit.RATIO,
        ),
        "order-gap-median": (ltv_values.gap_median(found.gaps), Unit.DAYS),
        "ltv-cpo-ratio": (ltv_values.cpo_ratio(found.sales, costs), Unit.RATIO),
    }
    return {name: written(*each) for name, each in of_sales.items()}


def _steps(found: Counted) -> list[dict[str, Any]]:
    """A row for each order number from the second on that somebody reached."""
    rows = []
    for step in found.steps[:-1]:
        place = step.place + 1
        if step.next_count:
            rows.append(
                {
                    "place": place,
                    "count": step.next_count,
                    "stopped_count": step.reached_count - step.next_count,
                    "continuation": written(ltv_values.continuation(found.steps, place), Unit.SHARE),
                    "survival": written(ltv_values.survival(found.steps, place), Unit.SHARE),
                    "matured": written(ltv_values.matured(found.steps, place), Unit.SHARE),
                }
            )
    return rows


def _charts(found: Counted, costs: Costs | None, *, is_second: bool) -> dict[str, Any]:
    return {
        "year": charts.distribution(gettext("この12か月に購入した方"), found.sales.year_classes, "last"),
        "matured": charts.distribution(
            gettext("はじめの1年が終わった方"), found.sales.matured_classes, "first"
        ),
        "segments": charts.segments(found),
        "cohorts": charts.triangle(found, is_second=is_second),
        "payback": charts.payback_curve(found, costs),
    }


def _payback_words(found: Counted, costs: Costs | None) -> str:
    """When the average customer has paid back, as a sentence."""
    if costs is None:
        return gettext(
            "CPOと粗利率がまだ入力されていないので、回収の月は出せません。下の欄に入力してください。"
        )
    curve = payback.curve(found.months, ltv_values.FEWEST)
    if not curve:
        return gettext(
            "はじめてのご購入から30日たった方が%(fewest)d人になると、回収の月を数えはじめます。",
            fewest=ltv_values.FEWEST,
        )
    month = payback.paid_back_after(curve, costs.margin, costs.cpo_yen)
    if month is None:
        return gettext(
            "まだ回収していません。%(months)dか月目までの粗利の合計は、CPOの%(percent)d%%です。",
            months=len(curve),
            percent=int(curve[-1] * costs.margin / costs.cpo_yen * 100),
        )
    return gettext(
        "平均のお客様は、はじめてのご購入から%(month)dか月目（%(days)d日目まで）にCPOを回収します。",
        month=month,
        days=month * payback.MONTH_DAYS,
    )
