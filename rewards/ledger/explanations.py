"""The ledger entries that a customer reads, in words, with the reason where one gave nothing yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN

from bot import localtime
from bot.config import shop
from rewards.ledger import earning_limits
from rewards.ledger.actions import Action
from rewards.ledger.entries import EntryKind, LedgerEntry, PendingPoints
from rewards.ledger.settings import PointRules
from rewards.ledger.words import PointWords, reasons, words


@dataclass(frozen=True, slots=True)
class ExplainedEntry:
    """An entry as the customer reads it."""

    day: date
    reason: str
    points: int
    why: str = ""
    in_balance: bool = True
    """Whether the points are in the balance already."""


def recent(customer_id: int, limit: int) -> list[ExplainedEntry]:
    """The customer's newest entries that say something to them. A pending entry is left out once it was
    released."""
    entry, due_on = LedgerEntry, PendingPoints.due_on
    too_small = (entry.kind == EntryKind.EARN) & (entry.action == Action.PURCHASE)
    says_something = (
        (entry.points != 0)
        | (entry.kind == EntryKind.REFUSED)
        | ((entry.kind == EntryKind.REVERSE) & (entry.held != 0))
        | due_on.is_null(is_null=False)
        | (too_small if shop.get(PointRules).purchase_per_100_yen else False)
    )
    query: Any = entry.select(entry, due_on).join(
        PendingPoints, JOIN.LEFT_OUTER, on=(PendingPoints.entry == entry.id), attr="promise"
    )
    mine = query.where(entry.customer == customer_id, says_something).order_by(entry.id.desc()).limit(limit)
    return [explain(each, getattr(each, "promise", None) and each.promise.due_on) for each in mine]


def explain(entry: LedgerEntry, due_on: date | None = None) -> ExplainedEntry:
    """The entry in words; `due_on` is the day from which pending points can be used."""
    said = reasons()
    reason = said.reason(entry.action)
    if entry.kind == EntryKind.REVERSE:
        rescued = entry.action == Action.EXPIRY
        reason = said.reason_rescued if rescued else said.reason_reversed.format(reason=reason)
    return ExplainedEntry(
        entry.occurred_on,
        reason,
        entry.points or entry.held or 0,
        _why(entry, due_on, words()),
        in_balance=entry.points != 0,
    )


def _why(entry: LedgerEntry, due_on: date | None, say_it: PointWords) -> str:
    if entry.points:
        return ""
    match entry.kind:
        case EntryKind.PENDING:
            return say_it.why_not_yet.format(day=localtime.in_words(due_on))
        case EntryKind.REVERSE:
            return say_it.why_promise_taken_back
        case EntryKind.REFUSED if entry.note == earning_limits.ORDER_REVERSED:
            return say_it.why_taken_back
        case EntryKind.REFUSED:
            limit = earning_limits.limit_of(entry.note)
            if limit is None:
                return ""
            by_period = {"day": say_it.why_limit_a_day, "month": say_it.why_limit_a_month}
            return by_period[limit.period].format(most=limit.most)
        case _:
            return say_it.why_too_small
