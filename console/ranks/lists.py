"""The lists behind the numbers of the page of ranks and points, each with its file."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from peewee import JOIN

from bot import localtime
from console.figures import id_ranges, listing, period
from console.figures.id_ranges import Between
from console.figures.listing import Cell, Listing, Row
from console.loyalty.points import action_in_words
from console.ranks import words
from console.referrals import names
from console.shell.pages import full_day, yen
from console.shell.translation import gettext
from customers.people.customer import Customer
from customers.values.windows import Window
from rewards.figures import points_liability, rank_axes, rank_history
from rewards.figures.rank_history import Direction
from rewards.ledger.entries import PointsAccount
from rewards.ranks.rules import Rank
from rewards.ranks.tables import CustomerRank

HERE = "rank_figures"


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/ranks/people")(rank_people)
    console.get("/ranks/changes")(rank_changes)
    console.get("/ranks/points")(points_expiring)
    console.get("/ranks/entries")(point_entries)


def rank_people() -> str | Response:
    """The people of a rank on a day, of a class of an axis, or of a distance from the next rank."""
    title, lead, ids = _chosen()
    headings = (
        *(gettext("お客様"), gettext("お客様番号"), gettext("いまのランク")),
        *(gettext(label) for label in words.AXES.values()),
        *(gettext("ご購入回数"), gettext("お買い上げ（円）")),
    )
    return listing.show(_listing("rank-people", title, lead, headings, _people(ids)))


def rank_changes() -> str | Response:
    """Whose rank rose or fell on the days in question, with the cause."""
    name, shown = request.args.get("direction", ""), period.read(localtime.today(), "month")
    if name not in set(Direction):
        abort(404)
    direction, between = Direction(name), _between()

    def rows(after: str, limit: int) -> Sequence[Row]:
        found = rank_history.page(direction, shown.window, listing.key_of(after), limit, between)
        known = names.of({each.customer_id for each in found})
        return [
            Row(
                str(each.id),
                (
                    listing.customer(each.customer_id, known.get(each.customer_id)),
                    listing.number(each.customer_id, text=str(each.customer_id)),
                    _day(localtime.local_date(each.changed_at)),
                    Cell(words.rank(each.before)),
                    Cell(words.rank(each.after)),
                    Cell(words.cause(each.cause, rose=direction is Direction.ROSE)),
                    *(listing.number(getattr(each, axis)) for axis in words.AXES),
                ),
            )
            for each in found
        ]

    headings = (
        *(gettext("お客様"), gettext("お客様番号"), gettext("日付"), gettext("まえのランク")),
        *(gettext("あとのランク"), gettext("きっかけ")),
        *(gettext(label) for label in words.AXES.values()),
    )
    title = gettext(words.DIRECTIONS[direction])
    return listing.show(_listing(f"rank-{direction.value}", title, shown.title, headings, rows))


def points_expiring() -> str | Response:
    """Of whose points some have their last day on the days in question, past or ahead."""
    first_on, last_on = (_date(name) for name in ("from", "to"))
    if first_on is None or last_on is None or first_on > last_on:
        abort(404)
    ids = points_liability.people_expiring(first_on, last_on)

    def rows(after: str, limit: int) -> Sequence[Row]:
        account = PointsAccount
        found: Any = (
            Customer.select(Customer.id, Customer.display_name, account.expires_on)
            .join(account, JOIN.LEFT_OUTER, on=(account.customer == Customer.id))
            .where(Customer.id.in_(ids), Customer.id > listing.key_of(after))
            .order_by(Customer.id)
            .limit(limit)
            .tuples()
        )
        people = list(found)
        balances = points_liability.balances_of([each for each, *_ in people])
        return [
            Row(
                str(each),
                (
                    listing.customer(each, name),
                    listing.number(each, text=str(each)),
                    listing.number(balances.get(each, 0), url_for("console.points", customer_id=each)),
                    _day(expires_on),
                ),
            )
            for each, name, expires_on in people
        ]

    headings = (
        *(gettext("お客様"), gettext("お客様番号")),
        *(gettext("ポイント残高"), gettext("次に失効する日")),
    )
    lead = f"{full_day(first_on)} – {full_day(last_on)}"
    return listing.show(_listing("points-expiring", gettext("ポイントが失効する方"), lead, headings, rows))


def point_entries() -> str | Response:
    """The entries of a kind on the days in question."""
    kind, shown = request.args.get("kind", ""), period.read(localtime.today(), "month")
    if kind not in words.KINDS:
        abort(404)

    def rows(after: str, limit: int) -> Sequence[Row]:
        after_on, after_id = _entry_key(after, shown.window)
        found = points_liability.entries_page(kind, shown.window, after_on, after_id, limit)
        known = names.of({each.customer_id for each in found})
        return [
            Row(
                f"{each.occurred_on.isoformat()}.{each.id}",
                (
                    listing.customer(each.customer_id, known.get(each.customer_id)),
                    listing.number(each.customer_id, text=str(each.customer_id)),
                    _day(each.occurred_on),
                    Cell(action_in_words(each.action)),
                    listing.number(each.points),
                ),
            )
            for each in found
        ]

    headings = (
        *(gettext("お客様"), gettext("お客様番号"), gettext("日付")),
        *(gettext("理由"), gettext("ポイント")),
    )
    title = gettext("ポイントの記録: %(kind)s", kind=gettext(words.KINDS[kind]))
    return listing.show(_listing(f"points-{kind}", title, shown.title, headings, rows))


def _chosen() -> tuple[str, str, Between]:
    """The title, what is listed, and the ids."""
    axis, rank = request.args.get("axis", ""), request.args.get("rank", 0, type=int)
    low, high = (request.args.get(name, type=int) for name in ("low", "high"))
    has_class = low is not None and high is not None
    if axis in words.AXES and has_class:
        title = f"{gettext(words.AXES[axis])} {words.range_of(low or 0, high or 0)}"
        return title, gettext("いまの軸の値です。"), _of(rank_axes.people_in_class(axis, low or 0, high or 0))
    if rank not in set(Rank):
        abort(404)
    held = Rank(rank)
    if has_class and held is not max(Rank):
        title = gettext("%(rank)sから%(next)sへ", rank=words.rank(held), next=words.rank(held + 1))
        lead = gettext("不足の合計 %(range)s", range=words.range_of(low or 0, high or 0))
        return title, lead, _of(rank_axes.people_at_distance(held, low or 0, high or 0))
    day = _date("on") or localtime.today()
    return words.rank(held), full_day(day), partial(rank_history.people_with_between, held, day)


def _of(query: Any) -> Between:
    """The ids of a query of `CustomerRank.customer`."""
    column = CustomerRank.customer
    return lambda low, high: [each for (each,) in query.where(column.between(low, high)).tuples()]


def _between() -> tuple[Rank, Rank] | None:
    """From which rank to which, where the address names both."""
    before, after = (request.args.get(name, 0, type=int) for name in ("before", "into"))
    return (Rank(before), Rank(after)) if {before, after} <= set(Rank) else None


def _people(between: Between) -> listing.Rows:
    def rows(after: str, limit: int) -> Sequence[Row]:
        ids = id_ranges.page(between, listing.key_of(after), limit)
        columns = [getattr(CustomerRank, axis) for axis in words.AXES]
        found: Any = (
            Customer.select(
                Customer.id,
                Customer.display_name,
                Customer.purchase_count,
                Customer.sales_yen,
                CustomerRank.rank,
                *columns,
            )
            .join(CustomerRank, JOIN.LEFT_OUTER, on=(CustomerRank.customer == Customer.id))
            .where(Customer.id.in_(ids))
            .order_by(Customer.id)
            .tuples()
        )
        return [
            Row(
                str(each),
                (
                    listing.customer(each, name),
                    listing.number(each, text=str(each)),
                    Cell(words.rank(rank)),
                    *(listing.number(axis or 0) for axis in axes),
                    listing.number(purchase_count),
                    listing.number(sales_yen, text=yen(sales_yen)),
                ),
            )
            for each, name, purchase_count, sales_yen, rank, *axes in found
        ]

    return rows


def _listing(name: str, title: str, lead: str, headings: Sequence[str], rows: listing.Rows) -> Listing:
    return Listing(name, title, lead, headings, rows, HERE, url_for("console.rank_figures"))


def _day(day: date | None) -> Cell:
    return Cell(full_day(day), value=day.isoformat()) if day is not None else Cell("—", value="")


def _date(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _entry_key(after: str, window: Window) -> tuple[date, int]:
    day, _, entry_id = after.partition(".")
    try:
        return date.fromisoformat(day), listing.key_of(entry_id)
    except ValueError:
        return window.first_on, 0
