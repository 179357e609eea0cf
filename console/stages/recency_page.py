"""The page of repeat buyers who have not bought for a while: by days, how many passed 60 days each month, and what
individual contact earns against those held out; the people behind each number.
"""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from bot import localtime
from console.charts.values import Bars, Columns, Point
from console.figures import effects
from console.journeys import effects as effect_pages
from console.shell.pages import full_day, month_name, month_of_year
from console.shell.translation import gettext, ngettext
from console.stages import lists, recency_figures
from console.stages.lists import PeopleList
from console.stages.recency_figures import Month, RecencyFigures
from customers.figures import recency_counts
from customers.figures.recency import BANDS, DUE, Band
from customers.people.customer import Customer
from customers.values import windows

PASSED = "passed"


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/recency")(recency)
    console.get("/recency/people")(recency_people)
    console.get("/recency/people.csv")(recency_people_csv)


def recency() -> str:
    """The bands, the months, and the effect."""
    found, counted = recency_figures.of_shop(), effects.shown()
    subject = effects.of_contacts()
    return render_template(
        "console/recency.html",
        found=found,
        bands=_bands(found) if found is not None else None,
        passed=_passed(found) if found is not None else None,
        due=_due(found) if found is not None else None,
        due_count=found.bands[DUE.name] if found is not None else 0,
        counted=counted,
        said=effect_pages.said(subject, counted) if counted is not None else None,
        result=effects.result_of(counted, subject) if counted is not None else None,
    )


def recency_people() -> str:
    """The people of a band on a day, or those who passed 60 days in a month."""
    return lists.page(_listed())


def recency_people_csv() -> Response:
    """All of them."""
    return lists.file(_listed(), "recency")


def band_words(band: Band) -> str:
    """What a band is called."""
    if band.end is None:
        return gettext("%(first)s日以上", first=band.first)
    return gettext("%(first)s〜%(last)s日", first=band.first, last=band.end - 1)


def _people(count: int) -> str:
    return ngettext("%(num)d人", "%(num)d人", count)


def _bands(found: RecencyFigures) -> Bars:
    return Bars(
        gettext("2回以上買った方の、最後のお買い上げからの日数"),
        [
            Point(
                band_words(band),
                found.bands[band.name],
                _people(found.bands[band.name]),
                href=url_for("console.recency_people", band=band.name),
            )
            for band in BANDS
        ],
        gettext("日数"),
        gettext("人数"),
    )


def _passed(found: RecencyFigures) -> Columns:
    def point(month: Month) -> Point:
        address = url_for("console.recency_people", band=PASSED, on=month.first_on.isoformat())
        is_open = month is found.months[-1]
        return Point(
            month_name(month.first_on),
            month.passed_count,
            _people(month.passed_count),
            is_faint=is_open,
            href=address,
        )

    return Columns(
        gettext("60日を過ぎた方（月ごと）"),
        [point(month) for month in found.months],
        gettext("月"),
        gettext("人数"),
    )


def _due(found: RecencyFigures) -> Columns:
    def point(month: Month) -> Point:
        address = url_for("console.recency_people", band=DUE.name, on=month.last_on.isoformat())
        return Point(month_name(month.first_on), month.due_count, _people(month.due_count), href=address)

    return Columns(
        gettext("30〜59日の方（月の終わり）"),
        [point(month) for month in found.months],
        gettext("月"),
        gettext("人数"),
    )


def _listed() -> PeopleList:
    name, today = request.args.get("band", DUE.name), localtime.today()
    on = lists.day("on", today)
    if on > today:
        abort(404)
    if name == PASSED:
        window = windows.calendar_month(on)
        window = windows.month_to(today) if window.last_on > today else window
        query = recency_counts.people_passed(window)
        title = gettext("%(month)sに60日を過ぎた方", month=month_of_year(on))
        values = {"band": name, "on": window.first_on.isoformat()}
        audience = None
    else:
        band = next((each for each in BANDS if each.name == name), None) or abort(404)
        query = recency_counts.people_in(band, on)
        title = gettext("2回以上買った方、%(band)s", band=band_words(band))
        values = {"band": name}
        audience = {"audience.min_orders": 2, "audience.min_days_since_order": band.first}
        if band.end is not None:
            audience["audience.max_days_since_order"] = band.end - 1
        if on < today:
            title = gettext("%(what)s（%(day)sの終わり）", what=title, day=full_day(on))
            values, audience = values | {"on": on.isoformat()}, None
    return PeopleList(
        title=title,
        next_ids=lambda after, limit: _page(query, after, limit),
        endpoint="console.recency_people",
        csv_endpoint="console.recency_people_csv",
        values=values,
        way_back=(url_for("console.recency"), gettext("休眠を防ぐ")),
        here="recency",
        audience=audience,
    )


def _page(query: Any, after: int, limit: int) -> list[int]:
    found: Any = Customer.select(Customer.id).where(Customer.id.in_(query), Customer.id > after)
    return [customer_id for (customer_id,) in found.order_by(Customer.id).limit(limit).tuples()]
