"""Declares, beside each table, what becomes of its rows when a customer is erased, and carries that out.

A table holds nothing of a customer (`nothing`), or its rows about one are deleted (`deleted`), lose what says who it
was (`blanked`), or stay as numbers and days of nobody (`detached`), so that sums of past months do not change. A
test (tests/storage/customers/test_erasure_schema.py) fails for a table without a declaration. Who the person is, and
the record of the erasure, are left to `customers/erasure/erasing.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import peewee

from bot.db.database import Model, require_transaction


class Fate(StrEnum):
    """What becomes of a table's rows about an erased customer."""

    DELETED = "deleted"
    BLANKED = "blanked"
    DETACHED = "detached"
    NOTHING = "nothing"
    """The table holds nothing about customers."""


@dataclass(frozen=True, slots=True)
class Person:
    """All by which the tables know the customer who is erased."""

    customer_id: int
    line_user_id: str | None
    conversation_ids: tuple[int, ...]
    """Their chat, and the buyers' conversations of the time before they were on LINE."""
    buyer_ids: tuple[int, ...]
    customer_numbers: tuple[str, ...]
    order_numbers: tuple[str, ...]
    display_name: str = ""


Rows = str | Callable[[Person], Any]
"""Which rows are the person's: the name of a foreign key (`customer`, `conversation`, `buyer`), or a function that
makes the condition."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The fate of one table, and why rows stay where they do."""

    model: type[Model]
    fate: Fate
    rows: Rows | None = None
    changes: Callable[[], dict[str, Any]] = dict
    before: Callable[[Person], None] | None = None
    why: str = ""


_declared: dict[type[Model], Declaration] = {}


def deleted(
    model: type[Model], rows: Rows = "customer", *, before: Callable[[Person], None] | None = None
) -> None:
    """Delete the person's rows; `before` is called first, for what stands outside the table."""
    _declare(Declaration(model, Fate.DELETED, rows, before=before))


def blanked(
    model: type[Model],
    changes: Callable[[], dict[str, Any]] | dict[str, Any],
    rows: Rows = "customer",
    *,
    before: Callable[[Person], None] | None = None,
) -> None:
    """Keep the person's rows, with these columns changed. Values may be SQL expressions; a function is called at
    the time of the erasure."""
    made = changes if callable(changes) else lambda: changes
    _declare(Declaration(model, Fate.BLANKED, rows, made, before))


def detached(model: type[Model], why: str) -> None:
    """Keep the person's rows as they are: they hold numbers and days, of a customer who is nobody from then on."""
    _declare(Declaration(model, Fate.DETACHED, why=why))


def nothing(why: str, *models: type[Model]) -> None:
    """These tables hold nothing of a customer, for this reason."""
    for model in models:
        _declare(Declaration(model, Fate.NOTHING, why=why))


def _declare(declaration: Declaration) -> None:
    if declaration.model in _declared:
        raise RuntimeError(f"{declaration.model.__name__} has declared its fate twice")
    _declared[declaration.model] = declaration


def of(model: type[Model]) -> Declaration | None:
    """What the table declares; None when it declares nothing."""
    return _declared.get(model)


def declarations() -> list[Declaration]:
    """What all tables declare, those that others refer to last."""
    in_order: Iterable[Any] = reversed(peewee.sort_models(list(_declared)))  # type: ignore[attr-defined]
    return [_declared[model] for model in in_order]


def carry_out(person: Person) -> dict[str, int]:
    """Delete and blank the person's rows in the open transaction; how many rows of which table."""
    require_transaction()
    to_do = [each for each in declarations() if each.rows is not None]
    for each in to_do:  # first of all, while the rows that they look for are as they were
        if each.before is not None:
            each.before(person)
    counts = {str(each.model._meta.table_name): _carry_out(each, person) for each in to_do}
    return {table: count for table, count in sorted(counts.items()) if count}


def _carry_out(declaration: Declaration, person: Person) -> int:
    model = declaration.model
    mine = condition(declaration, person)
    if declaration.fate == Fate.DELETED:
        return int(model.delete().where(mine).execute())
    return int(model.update(**declaration.changes()).where(mine).execute())


def code(prefix: str, number: Any) -> Any:
    """A code that nobody can type or open, in place of one that somebody holds: the prefix and the row's number."""
    return peewee.Value(prefix).concat(number.cast("TEXT"))


def unless_set(field: Any, now: datetime) -> Any:
    """This moment, where the column has none yet."""
    return peewee.fn.COALESCE(field, field.db_value(now))


def condition(declaration: Declaration, person: Person) -> Any:
    """The condition of the person's rows in that table."""
    rows, model = declaration.rows, declaration.model
    if callable(rows):
        return rows(person)
    field: Any = getattr(model, str(rows))
    if rows == "customer":
        return field == person.customer_id
    return field.in_(person.conversation_ids if rows == "conversation" else person.buyer_ids)
