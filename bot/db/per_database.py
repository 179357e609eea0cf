"""Keeps one value of this process for the database it is connected to, such as what it has read and may reuse."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from bot.db import database

Value = TypeVar("Value")


class PerDatabase(Generic[Value]):
    """Makes the value when it is first asked for, and anew when the process connects to another database."""

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._source: Any = None
        self._value: Value | None = None

    def __call__(self) -> Value:
        """The value for the database of now."""
        if self._value is None or self._source is not database.database.obj:
            self._source, self._value = database.database.obj, self._make()
        return self._value

    def forget(self) -> None:
        """Make it anew when it is asked for next."""
        self._value = None
