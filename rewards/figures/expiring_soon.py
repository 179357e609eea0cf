"""Finds the customers whose points or coupons expire within the next days."""

from datetime import date, timedelta
from typing import Any

from peewee import SQL, fn

from rewards.coupons.tables import Coupon
from rewards.ledger.entries import PointsAccount

DAYS_AHEAD = 7


def customers(on: date) -> Any:
    """Query of the customers who have points or coupons whose last day is one of the next DAYS_AHEAD, that day
    included; one column, no customer twice."""
    last_on = on + timedelta(days=DAYS_AHEAD - 1)
    points = PointsAccount.select(PointsAccount.customer).where(PointsAccount.expires_on.between(on, last_on))
    return points.union(Coupon.select(Coupon.customer).where(*_open_coupons(on, last_on)))


def first_day(on: date) -> date | None:
    """The first of these days; None when nothing expires."""
    last_on = on + timedelta(days=DAYS_AHEAD - 1)
    of_points = PointsAccount.select(fn.MIN(PointsAccount.expires_on))
    of_coupons = Coupon.select(fn.MIN(Coupon.valid_until))
    days = (
        of_points.where(PointsAccount.expires_on.between(on, last_on)).scalar(),
        of_coupons.where(*_open_coupons(on, last_on)).scalar(),
    )
    return min((_day(each) for each in days if each is not None), default=None)


def _open_coupons(on: date, last_on: date) -> tuple[Any, Any]:
    # A literal, so that the partial index is used.
    return Coupon.state == SQL("'issued'"), Coupon.valid_until.between(on, last_on)


def _day(stored: date | str) -> date:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored
