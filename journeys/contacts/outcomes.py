"""What came of individual messages: bought by themselves, too late, won back; the history and its sums."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import fn

from bot import localtime
from bot.config import shop
from bot.db.database import execute, require_transaction, stored
from customers.orders.purchases import is_purchase_sql
from customers.people.customer import Customer
from journeys.contacts.settings import ContactRules, configured_percent
from journeys.contacts.tables import (
    BOUGHT,
    DUE,
    DUE_AS_LITERAL,
    HELD_OUT,
    LEFT_OUT,
    MISSED,
    REVERSED,
    SUBJECT,
    Contact,
)
from journeys.proof import periods, results
from journeys.proof.assignment import BY_SHOP
from journeys.proof.results import Result

REFUNDS_COUNT_FOR = timedelta(days=60)
"""How long after the days that count an order's refund still changes what was won back."""

Reasons = Callable[[Sequence[int]], Mapping[int, str]]
"""Of these customers, those who cannot be written to now, each with the reason."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a time: messages sent, answered, customers won back with their yen, customers missed, and those
    who bought by themselves before anybody wrote."""

    contacted_count: int = 0
    replied_count: int = 0
    won_count: int = 0
    won_yen: int = 0
    missed_count: int = 0
    bought_count: int = 0


def end_bought() -> int:
    """Those who bought by themselves leave the queue, and those whose last order was reversed; how many."""
    require_transaction()
    now, count = localtime.now(), 0
    for state, comparison in ((BOUGHT, "c.last_purchased_on > contact.purchased_on"), (REVERSED, _REVERSED)):
        count += execute(
            "UPDATE contact SET state = ?, ended_at = ? WHERE state = 'due' AND EXISTS "  # noqa: S608 -- fixed SQL
            f"(SELECT 1 FROM customer c WHERE c.id = contact.customer_id AND {comparison})",
            *(state, stored(now)),
        ).rowcount
    return count


_REVERSED = "(c.last_purchased_on IS NULL OR c.last_purchased_on < contact.purchased_on)"


def too_late(today: date, limit: int) -> list[Contact]:
    """Up to so many contacts whose window has passed without a message."""
    passed = (Contact.state == DUE_AS_LITERAL) & (Contact.until_on <= today)
    return list(Contact.select().where(passed).order_by(Contact.id).limit(limit))


def end_too_late(rows: Sequence[Contact], reasons: Reasons) -> int:
    """End them: as left out where the customer could not be written to, else as missed; how many."""
    require_transaction()
    why, count = reasons([row.customer_id for row in rows]), 0
    for row in rows:
        reason = why.get(row.customer_id, "")
        ended = {"state": LEFT_OUT if reason else MISSED, "reason": reason, "ended_at": localtime.now()}
        count += Contact.update(ended).where(Contact.id == row.id, Contact.state == DUE).execute()
    return count


def record_won_back() -> int:
    """Count what those who were written to bought within the days that count; how many rows changed."""
    require_transaction()
    days = shop.get(ContactRules).outcome_days
    since = localtime.now() - timedelta(days=days) - REFUNDS_COUNT_FOR
    rows: list[Contact] = list(Contact.select().where(Contact.contacted_at > since))
    won = _won({row.id: row for row in rows}, days)
    count = 0
    for row in rows:
        on, yen = won.get(row.id, (None, 0))
        if (on, yen) != (row.won_on, row.won_yen):
            count += Contact.update(won_on=on, won_yen=yen).where(Contact.id == row.id).execute()
    return count


def _won(rows: Mapping[int, Contact], days: int) -> dict[int, tuple[date, int]]:
    """The first order's day and the yen of all orders, by contact."""
    if not rows:
        return {}
    oldest = min(row.contacted_at for row in rows.values() if row.contacted_at)
    found: dict[int, tuple[date, int]] = {}
    orders = execute(
        "SELECT k.id, p.ordered_on, p.ordered_at, p.total_yen - p.refunded_yen FROM contact k "  # noqa: S608 -- fixed SQL
        f"JOIN purchase p ON p.customer_id = k.customer_id WHERE k.contacted_at >= ? AND {is_purchase_sql('p')} "
        "AND p.ordered_at > k.contacted_at ORDER BY p.ordered_at, p.id",
        stored(oldest),
    ).fetchall()
    for contact_id, ordered_on, _, yen in orders:
        row = rows.get(contact_id)
        if row is None or row.contacted_at is None:
            continue
        day = date.fromisoformat(ordered_on) if isinstance(ordered_on, str) else ordered_on
        if (day - localtime.local_date(row.contacted_at)).days <= days:
            first, before = found.get(contact_id, (day, 0))
            found[contact_id] = first, before + int(yen)
    return found


def totals(since: datetime) -> Totals:
    """The sums since then."""
    contacted: Any = (
        Contact.select(
            fn.COUNT(Contact.id),
            fn.COUNT(Contact.replied_at),
            fn.COUNT(Contact.won_on),
            fn.COALESCE(fn.SUM(Contact.won_yen), 0),
        )
        .where(Contact.contacted_at >= since)
        .tuples()
        .first()
    )
    ended: Any = Contact.select(Contact.state, fn.COUNT(Contact.id)).where(
        Contact.state != DUE_AS_LITERAL, Contact.state.in_((MISSED, BOUGHT)), Contact.ended_at >= since
    )
    counts: dict[str, int] = dict(ended.group_by(Contact.state).tuples())
    made, replied, won, yen = contacted
    return Totals(made, replied, won, int(yen), counts.get(MISSED, 0), counts.get(BOUGHT, 0))


def history(states: Sequence[str], before_id: int | None, limit: int) -> list[Contact]:
    """Contacts in these states, with their customers: by when they left for LINE, else ended, the newest first, and
    those after the contact with that id."""
    at = fn.COALESCE(Contact.contacted_at, Contact.ended_at, Contact.taken_at, Contact.assigned_at)
    query = Contact.select(Contact, Customer).join(Customer)
    query = query.where(Contact.state != DUE_AS_LITERAL, Contact.state.in_(list(states)))
    if before_id is not None:
        last = Contact.alias()
        last_at = fn.COALESCE(last.contacted_at, last.ended_at, last.taken_at, last.assigned_at)
        of_last = last.select(last_at).where(last.id == before_id)
        query = query.where((at < of_last) | ((at == of_last) & (Contact.id < before_id)))
    return list(query.order_by(at.desc(), Contact.id.desc()).limit(limit))


def effect() -> Result | None:
    """Those staff could write to against those held out, in the open period: who bought within the days that count.
    Whoever was due counts, also those nobody found the time for. None where nobody is held out or was due yet."""
    period = periods.comparing(SUBJECT)
    if period is None:
        return None
    by_shop = (Contact.state == HELD_OUT) & (Contact.reason == BY_SHOP)
    assigned = Contact.select(
        Contact.customer.alias("customer_id"),
        Contact.assigned_at.alias("assigned_at"),
        (Contact.state == HELD_OUT).alias("is_held_out"),
    ).where(Contact.assigned_at >= period.started_at, ~by_shop)
    return results.count(assigned, period.percent, period.started_at, shop.get(ContactRules).outcome_days)


def decide() -> int:
    """End the period of an automatic hold-out when the effect is certain; how many periods ended."""
    return int(results.decide(SUBJECT, configured_percent(), effect))
