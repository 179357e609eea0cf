"""Decides how the log looks: one line of JSON an entry, ids and never a person's words or name.

By hand: a library for it would bring a hundred and forty modules into each of three processes.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from bot import localtime

_least = logging.DEBUG
_about: ContextVar[dict[str, Any]] = ContextVar("about", default={})  # noqa: B039 -- replaced, never changed


def configure(level: str) -> None:
    """Write nothing that matters less than this: DEBUG, INFO, WARNING or ERROR."""
    global _least
    _least = logging.getLevelNamesMapping()[level]


@contextmanager
def about(**fields: Any) -> Iterator[None]:
    """Every entry inside says this too."""
    token = _about.set({**_about.get(), **fields})
    try:
        yield
    finally:
        _about.reset(token)


def info(event: str, **fields: Any) -> None:
    """Something happened as it should."""
    _write(logging.INFO, event, fields)


def warning(event: str, **fields: Any) -> None:
    """Something is odd, and mends itself or is somebody else's."""
    _write(logging.WARNING, event, fields)


def error(event: str, **fields: Any) -> None:
    """Something went wrong."""
    _write(logging.ERROR, event, fields)


def exception(event: str, **fields: Any) -> None:
    """The exception being handled went wrong: with its traceback."""
    error(event, **fields, exception=traceback.format_exc())


def _write(level: int, event: str, fields: dict[str, Any]) -> None:
    if level < _least:
        return
    moment = localtime.machine_now().isoformat()
    entry = {"timestamp": moment, "level": logging.getLevelName(level).lower(), "event": event}
    line = json.dumps({**entry, **_about.get(), **fields}, ensure_ascii=False, default=repr)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
