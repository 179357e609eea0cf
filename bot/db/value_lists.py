"""Binds a list of values as one: the same statement however many there are, even more than a database binds."""

import json
from collections.abc import Collection
from typing import Any

import peewee

from bot.db.database import is_postgres

FEW = 100
"""So many values are bound one by one, which the databases plan for best."""


def among(column: str) -> str:
    """Fixed SQL: whether the column is one of the values of a single placeholder, bound with `as_list`."""
    return f"{column} = ANY(?)" if is_postgres() else f"{column} IN (SELECT value FROM json_each(?))"  # noqa: S608 -- names of our own


def as_list(values: Collection[int] | Collection[str]) -> Any:
    """Values as the one parameter of `among`."""
    return list(values) if is_postgres() else json.dumps(list(values))


def is_one_of(column: Any, values: Collection[int] | Collection[str]) -> Any:
    """The same as a condition of peewee's."""
    if len(values) <= FEW:
        return column.in_(list(values))
    if is_postgres():
        return peewee.NodeList((column, peewee.SQL("= ANY(%s)", (as_list(values),))))
    return column.in_(peewee.SQL("(SELECT value FROM json_each(?))", (as_list(values),)))
