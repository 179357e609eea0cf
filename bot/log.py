"""Decides how the log looks: one line of JSON an entry, ids and never a person's words or name.

The standard library's logging does the work. Only our own entries are written: those of libraries may hold statements
with their values, or addresses.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from bot import localtime
from bot.text.cleaning import storable

_log = logging.getLogger("goen")
_about: ContextVar[dict[str, Any]] = ContextVar("about", default={})  # noqa: B039 -- replaced, never changed


class _Lines(logging.Handler):
    """Writes each entry to the standard output, whichever that is just now."""

    def emit(self, record: logging.LogRecord) -> None:
        """One entry."""
        moment, level = localtime.machine_now().isoformat(), record.levelname.lower()
        entry = {"timestamp": moment, "level": level, "event": record.msg, **record.__dict__["fields"]}
        if record.exc_info:
            entry["exception"] = logging.Formatter().formatException(record.exc_info)
        sys.stdout.write(storable(json.dumps(entry, ensure_ascii=False, default=repr)) + "\n")
        sys.stdout.flush()


def configure(level: str) -> None:
    """Write nothing that matters less than this: DEBUG, INFO, WARNING or ERROR."""
    _log.setLevel(level)
    _log.handlers, _log.propagate = [_Lines()], False


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


_reported_elsewhere: list[Callable[[BaseException], object]] = []


def leave_to(report: Callable[[BaseException], object]) -> None:
    """Exceptions for which `report` returns something true are its own to log: `exception` writes nothing of them."""
    if report not in _reported_elsewhere:
        _reported_elsewhere.append(report)


def exception(event: str, **fields: Any) -> None:
    """The exception being handled went wrong: with its traceback."""
    error = sys.exception()
    if error and any(report(error) for report in _reported_elsewhere):
        return
    _write(logging.ERROR, event, fields, exc_info=True)


def _write(level: int, event: str, fields: dict[str, Any], *, exc_info: bool = False) -> None:
    _log.log(level, event, exc_info=exc_info, extra={"fields": {**_about.get(), **fields}})
