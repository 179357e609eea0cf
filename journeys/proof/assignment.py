"""Puts customers on one side of a comparison, at the trigger and before anything else is asked of them.

The caller stores the side with its own row: a held-out enrolment, a held-out recipient. The side of the shop-wide
hold-out is stored here. Members of staff are on the side that gets the message, and in no comparison.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import localtime
from bot.config import settings, shop
from bot.db.database import execute, require_transaction, stored
from bot.db.value_lists import among, as_list
from customers.people import staff_lines
from journeys.proof import hold_outs, periods
from journeys.proof.settings import ProofRules

BY_SHOP = "shop"
"""The reason of a held-out row when it is the shop-wide hold-out that withholds the message. Comparisons of the flow
or campaign leave these rows out: they get nothing else either."""


@dataclass(frozen=True, slots=True)
class Side:
    """On which side a customer is."""

    is_held_out: bool = False
    by_shop: bool = False
    """Held out by the year's shop-wide hold-out."""


def side(subject: str, customer_id: int, configured: int | None, hashed: str | None = None) -> Side:
    """The customer's side for the subject, whose own share is `configured` (None: automatic; 0: really everybody,
    also those whom the shop holds out). `hashed` is what the hash is taken of, by default the subject."""
    return sides(subject, [customer_id], configured, hashed)[customer_id]


def sides(
    subject: str, customer_ids: Sequence[int], configured: int | None, hashed: str | None = None
) -> dict[int, Side]:
    """The same of many customers at once, with a few statements."""
    require_transaction()
    if configured == 0:
        return dict.fromkeys(customer_ids, Side())
    now = localtime.now()
    year = localtime.local(now).year
    shop_percent = _shop_percent(year, now)
    percent = periods.percent_in_force(subject, configured, now)
    staff = staff_lines.of_all_staff()
    found = _sides(hashed or subject, customer_ids, percent, year, shop_percent, staff)
    if shop_percent:
        for by_shop in (False, True):
            _store_shop_sides(year, by_shop, [each for each in found if found[each].by_shop == by_shop], now)
    return found


def foreseen(
    subject: str, customer_ids: Sequence[int], configured: int | None, hashed: str
) -> dict[int, Side]:
    """The sides that these customers would be put on now; nothing is stored."""
    if configured == 0:
        return dict.fromkeys(customer_ids, Side())
    year = localtime.today().year
    shop_percent = periods.percent_of(periods.of_shop(year), shop.get(ProofRules).shop_percent)
    percent = periods.percent_of(subject, configured)
    return _sides(hashed, customer_ids, percent, year, shop_percent, staff_lines.of_all_staff())


def foreseen_variant(flow_key: str, step_key: str, customer_id: int, among: tuple[str, ...]) -> str | None:
    """Which of the variants the customer would be given; None where there are none. Nothing is stored."""
    if not among:
        return None
    return hold_outs.variant(settings.current().secret_key, flow_key, step_key, customer_id, among)


def _shop_percent(year: int, now: datetime) -> int:
    return periods.percent_in_force(periods.of_shop(year), shop.get(ProofRules).shop_percent, now)


def _sides(
    hashed: str, customer_ids: Sequence[int], percent: int, year: int, shop_percent: int, staff: set[int]
) -> dict[int, Side]:
    key = settings.current().secret_key
    found = {}
    for each in customer_ids:
        is_staff = each in staff
        by_shop = not is_staff and hold_outs.is_held_out(key, periods.of_shop(year), each, shop_percent)
        is_held_out = not is_staff and (by_shop or hold_outs.is_held_out(key, hashed, each, percent))
        found[each] = Side(is_held_out, by_shop)
    return found


def _store_shop_sides(year: int, is_held_out: bool, customer_ids: list[int], now: datetime) -> None:
    if customer_ids:
        execute(
            "INSERT INTO shop_assignment (year, customer_id, is_held_out, assigned_at) "  # noqa: S608 -- fixed SQL
            f"SELECT ?, id, ?, ? FROM customer WHERE {among('id')} ON CONFLICT DO NOTHING",
            *(year, is_held_out, stored(now), as_list(customer_ids)),
        )
