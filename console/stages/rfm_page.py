"""The page of RFM: people and yen by recency and frequency, and where customers moved between two days; the people
behind each cell.
"""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from bot import localtime
from console.charts.values import Grid, Point
from console.shell.pages import full_day, yen
from console.shell.translation import gettext, ngettext
from console.stages import lists, rfm_figures
from console.stages.lists import PeopleList
from customers.figures import rfm, rfm_counts
from customers.figures.rfm import BANDS, Axis, Band, Group
from customers.figures.rfm_counts import Sought

OLDEST = date(2000, 1, 1)
NEW, LOST, BACK = "new", "lost", "back"


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/rfm", endpoint="rfm")(rfm_page)
    console.get("/rfm/people")(rfm_people)
    console.get("/rfm/people.csv")(rfm_people_csv)


def rfm_page() -> str:
    """The grid of the later day, and the moves between the two by one axis."""
    earlier, later, fault = _days()
    axis = _axis()
    found = rfm_figures.of_days(earlier, later)
    groups = found.groups if found is not None else []
    return render_template(
        "console/rfm.html",
        counted=found,
        earlier=earlier,
        later=later,
        latest=localtime.today(),
        fault=fault,
        axis=axis.value,
        axes=axes(),
        bands={axis: [band_words(axis, band) for band in BANDS[axis]] for axis in Axis},
        grid=_grid(groups, later),
        moves=_moves(groups, axis, earlier, later),
        tiles=_tiles(groups, earlier, later),
    )


def rfm_people() -> str:
    """The people of a cell."""
    return lists.page(_listed())


def rfm_people_csv() -> Response:
    """All of them."""
    return lists.file(_listed(), "rfm")


def axes() -> dict[str, str]:
    """What the three axes are called."""
    return {
        Axis.RECENCY.value: gettext("R 最後のお買い上げからの日数"),
        Axis.FREQUENCY.value: gettext("F お買い上げの回数"),
        Axis.MONEY.value: gettext("M お買い上げの合計"),
    }


def band_words(axis: Axis, band: Band) -> str:
    """What a class is called."""
    if axis is Axis.MONEY:
        first = f"{band.first:,}" if band.first > 1 else ""
        if band.last is None:
            return gettext("%(first)s円以上", first=first)
        return gettext("%(first)s〜%(last)s円", first=first, last=f"{band.last:,}")
    first, last = str(band.first), str(band.last)
    if axis is Axis.RECENCY:
        if band.last is None:
            return gettext("%(first)s日以上", first=first)
        return gettext("%(first)s〜%(last)s日", first=first, last=last)
    if band.last is None:
        return gettext("%(first)s回以上", first=first)
    if band.last == band.first:
        return gettext("%(first)s回", first=first)
    return gettext("%(first)s〜%(last)s回", first=first, last=last)


def _days() -> tuple[date, date, str]:
    """The two days of the form, and what is wrong with them; the usual ones in place of wrong ones."""
    usual = rfm_figures.usual_days()
    try:
        earlier, later = (
            date.fromisoformat(request.args[name]) if request.args.get(name) else default
            for name, default in zip(("from", "to"), usual, strict=True)
        )
    except ValueError:
        return *usual, gettext("日付を 2026-11-30 のように入れてください。")
    if not OLDEST <= earlier < later <= localtime.today():
        return *usual, gettext("前の日は、後の日より前に、後の日は、今日までにしてください。")
    return earlier, later, ""


def _axis() -> Axis:
    given = request.args.get("by", Axis.RECENCY.value)
    return Axis(given) if given in list(Axis) else Axis.RECENCY


def _address(**values: Any) -> str:
    return url_for("console.rfm_people", **values)


def _grid(groups: list[Group], later: date) -> Grid:
    cells = rfm.grid(groups, Axis.RECENCY, Axis.FREQUENCY)
    rows = []
    for r, recency in enumerate(BANDS[Axis.RECENCY]):
        points = []
        for f, _ in enumerate(BANDS[Axis.FREQUENCY]):
            cell = cells.get((r, f), rfm.Cell())
            address = _address(to=later.isoformat(), r=r, f=f) if cell.people else ""
            text = f"{_people(cell.people)} {yen(cell.yen)}" if cell.people else _people(0)
            points.append(Point("", cell.people, text, href=address))
        rows.append((band_words(Axis.RECENCY, recency), points))
    return Grid(
        gettext("%(day)sの人数と、それまでのお買い上げ", day=full_day(later)),
        gettext("最後のお買い上げから"),
        [band_words(Axis.FREQUENCY, band) for band in BANDS[Axis.FREQUENCY]],
        rows,
        gettext("日数＼回数"),
    )


def _moves(groups: list[Group], axis: Axis, earlier: date, later: date) -> Grid:
    moved, days = rfm.moves(groups, axis), {"from": earlier.isoformat(), "to": later.isoformat()}
    bands = BANDS[axis]

    def row(before: int | None) -> list[Point]:
        points = []
        for after, _ in enumerate(bands):
            people = moved.get((before, after), 0)
            of_before = {"who": NEW} if before is None else {f"{axis.value}0": before}
            address = _address(**days, **of_before, **{axis.value: after}) if people else ""
            points.append(Point("", people, _people(people), href=address))
        return points

    rows = [(band_words(axis, band), row(place)) for place, band in enumerate(bands)]
    rows.append((gettext("はじめて買った方"), row(None)))
    title = gettext(
        "%(earlier)s（行）から%(later)s（列）への動き", earlier=full_day(earlier), later=full_day(later)
    )
    return Grid(
        title,
        gettext("前の日"),
        [band_words(axis, band) for band in bands],
        rows,
        gettext("前の日＼後の日"),
    )


def _tiles(groups: list[Group], earlier: date, later: date) -> list[tuple[str, str, int, str, str]]:
    """Figure, title, people, address and what it means."""
    days = {"from": earlier.isoformat(), "to": later.isoformat()}
    return [
        (
            "rfm-buyers",
            gettext("買ったことのある方"),
            sum(group.people for group in groups),
            _address(to=days["to"]),
            gettext("後の日までに"),
        ),
        (
            "rfm-new",
            gettext("はじめて買った方"),
            rfm.new_count(groups),
            _address(**days, who=NEW),
            gettext("前の日より後に"),
        ),
        (
            "rfm-lost",
            gettext("離れた方"),
            rfm.lost_count(groups),
            _address(**days, who=LOST),
            gettext("最後のお買い上げから180日を過ぎた"),
        ),
        (
            "rfm-returned",
            gettext("戻った方"),
            rfm.returned_count(groups),
            _address(**days, who=BACK),
            gettext("180日より長くあいて、また買った"),
        ),
    ]


def _people(count: int) -> str:
    return ngettext("%(num)d人", "%(num)d人", count)


def _listed() -> PeopleList:
    later = lists.day("to", localtime.today())
    earlier = lists.day("from", later - timedelta(days=1))
    who = request.args.get("who", "")
    if who not in ("", NEW, LOST, BACK) or not OLDEST <= earlier < later:
        abort(404)
    places = {axis: _place(axis.value, axis) for axis in Axis}
    before = {axis: _place(f"{axis.value}0", axis) for axis in Axis}
    sought = [Sought(later, **_by_letter(places))]
    if who == NEW:
        sought.append(Sought(earlier, is_new=True))
    elif who:
        sought += [Sought(earlier, is_gone=who == BACK), Sought(later, is_gone=who == LOST)]
    if any(place is not None for place in before.values()):
        sought.append(Sought(earlier, **_by_letter(before)))
    values: dict[str, Any] = {"to": later.isoformat()}
    if len(sought) > 1:
        values["from"] = earlier.isoformat()
    values |= {axis.value: place for axis, place in places.items() if place is not None}
    values |= {f"{axis.value}0": place for axis, place in before.items() if place is not None}
    values |= {"who": who} if who else {}
    return PeopleList(
        title=_title(places, before, who, earlier, later),
        next_ids=lambda after, limit: rfm_counts.page(tuple(sought), after, limit),
        endpoint="console.rfm_people",
        csv_endpoint="console.rfm_people_csv",
        values=values,
        way_back=(url_for("console.rfm"), gettext("RFM")),
        here="rfm",
        audience=_audience(places) if len(sought) == 1 and later == localtime.today() else None,
    )


def _place(name: str, axis: Axis) -> int | None:
    given = request.args.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal()) or int(given) >= len(BANDS[axis]):
        abort(404)
    return int(given)


def _by_letter(places: dict[Axis, int | None]) -> dict[str, Any]:
    return {axis.value: place for axis, place in places.items()}


def _title(
    places: dict[Axis, int | None], before: dict[Axis, int | None], who: str, earlier: date, later: date
) -> str:
    def said(some: dict[Axis, int | None], day: date) -> str:
        words = [band_words(axis, BANDS[axis][place]) for axis, place in some.items() if place is not None]
        return f"{full_day(day)} {' · '.join(words)}".strip()

    parts = [said(before, earlier)] if any(place is not None for place in before.values()) else []
    names = {NEW: gettext("はじめて買った方"), LOST: gettext("離れた方"), BACK: gettext("戻った方")}
    parts += [f"{full_day(earlier)} {names[who]}"] if who else []
    return " → ".join([*parts, said(places, later)])


def _audience(places: dict[Axis, int | None]) -> dict[str, int]:
    """The audience of a campaign that finds the people of a cell of today."""
    found: dict[str, int] = {"audience.min_orders": 1}
    for axis, name in (
        (Axis.RECENCY, "days_since_order"),
        (Axis.FREQUENCY, "orders"),
        (Axis.MONEY, "sales_yen"),
    ):
        if (place := places[axis]) is not None:
            band = BANDS[axis][place]
            found[f"audience.min_{name}"] = band.first
            if band.last is not None:
                found[f"audience.max_{name}"] = band.last
    return found
