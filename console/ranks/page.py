"""The owner's page of ranks and points; the lists behind its numbers are in `lists.py`."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from bot import localtime
from bot.config import shop
from console.charts.values import Chart, Columns, Grid, Point, Series, Stacked
from console.figures import period
from console.figures.definitions import ranks as definitions
from console.ranks import figures, words
from console.ranks.figures import Counted, Expiring
from console.shell.pages import month_name, month_of_year, yen
from console.shell.translation import gettext, ngettext
from customers.values import windows
from rewards.coupons.settings import CouponRules
from rewards.figures import rank_axes, rank_history
from rewards.figures.points_liability import KINDS
from rewards.figures.rank_history import Direction
from rewards.ranks.rules import Rank


def register(console: Blueprint) -> None:
    """Add the URLs of this page to the console's blueprint."""
    console.get("/ranks")(rank_figures)


def rank_figures() -> str:
    """Ranks over a year, who rose and fell in a period, the axes, and the points that the shop owes."""
    today = localtime.today()
    shown, counted = period.read(today, "month"), figures.of_shop()
    return render_template(
        "console/ranks/ranks.html",
        counted=counted,
        charts=_charts(counted, today) if counted else {},
        period=shown,
        periods=period.PERIODS,
        moved={
            direction: (
                rank_history.people_count(direction, shown.window),
                rank_history.moves(direction, shown.window),
            )
            for direction in Direction
        },
        directions=words.DIRECTIONS,
        ranks=list(Rank),
        name_of=definitions.name_of,
        rank_words=words.rank,
        kinds=[(kind.value, words.KINDS[kind.value]) for kind in KINDS],
        month_words=month_of_year,
        entries_href=partial(_entries_href, today),
        value_of=shop.get(CouponRules).value_of_points,
        yen_per_point=shop.get(CouponRules).yen_per_point,
    )


def _charts(counted: Counted, today: date) -> dict[str, Chart]:
    return {
        "distribution": _distribution(counted, today),
        "axes": _axes(counted),
        "distances": _distances(counted),
        "expiring": _expiring(counted.expiring),
    }


def _distribution(counted: Counted, today: date) -> Stacked:
    series = [
        Series(
            words.rank(rank),
            [
                Point(
                    gettext("今日") if day == today else month_name(day),
                    held[rank],
                    f"{held[rank]:,}",
                    href=_people_href(held[rank], rank=int(rank), on=day.isoformat()),
                )
                for day, held in counted.distributions
            ],
        )
        for rank in Rank
    ]
    return Stacked(gettext("月末ごとのランクの人数"), series, gettext("月末"))


def _axes(counted: Counted) -> Grid:
    rows = []
    for axis, label in words.AXES.items():
        cells = [
            Point(
                words.range_of(each.low, each.high),
                each.count,
                f"{each.count:,}",
                href=_people_href(each.count, axis=axis, low=each.low, high=each.high),
            )
            for each in counted.axes
            if each.axis == axis
        ]
        rows.append((gettext(label), cells))
    labels = [words.range_of(*each) for each in rank_axes.CLASSES]
    return Grid(gettext("3つの軸ごとの人数"), gettext("軸"), labels, rows)


def _distances(counted: Counted) -> Grid:
    rows = []
    for rank in sorted(Rank)[:-1]:
        cells = [
            Point(
                words.range_of(each.low, each.high),
                each.count,
                f"{each.count:,}",
                href=_people_href(each.count, rank=int(rank), low=each.low, high=each.high),
                note=_lacking(each.missing),
            )
            for each in counted.distances
            if each.rank is rank
        ]
        title = gettext("%(rank)sから%(next)sへ", rank=words.rank(rank), next=words.rank(rank + 1))
        rows.append((title, cells))
    labels = [words.range_of(*each) for each in rank_axes.DISTANCES[:-1]]
    labels.append(gettext("%(low)d以上", low=rank_axes.DISTANCES[-1][0]))
    return Grid(gettext("次のランクまでの不足（3つの軸の合計）"), gettext("ランク"), labels, rows)


def _lacking(counts: Mapping[str, int]) -> str:
    """How many of them lack some of each axis, in words."""
    return "・".join(
        f"{gettext(label)} {ngettext('%(num)d人', '%(num)d人', counts[axis])}"
        for axis, label in words.AXES.items()
        if counts.get(axis)
    )


def _expiring(rows: Sequence[Expiring]) -> Columns:
    value_of, points = shop.get(CouponRules).value_of_points, []
    for each in rows:
        if each.window is None:
            label, href = gettext("失効なし"), ""
        else:
            label = _expiry_label(each)
            href = url_for("console.points_expiring", **period.of_month(each.window).arguments)
        text = f"{each.points:,}"
        points.append(
            Point(label, each.points, text, href=href if each.points else "", note=yen(value_of(each.points)))
        )
    return Columns(
        gettext("失効するポイント（使わなければ）"), points, gettext("最後の日のある月"), gettext("ポイント")
    )


def _expiry_label(each: Expiring) -> str:
    if each.is_overdue:
        return gettext("期限ずみ")
    if each.is_later:
        return gettext("その先")
    return month_name(each.window.first_on) if each.window else ""


def _people_href(count: int, **which: Any) -> str:
    """The list of so many people; none of nobody, which a large shop would be searched for in vain."""
    return url_for("console.rank_people", **which) if count else ""


def _entries_href(today: date, kind: str, month: date) -> str:
    """The list of the entries of a kind in a month."""
    window = (
        windows.month_to(today) if month == windows.first_of_month(today) else windows.calendar_month(month)
    )
    return url_for("console.point_entries", kind=kind, **period.of_month(window).arguments)
