"""Writes the log: one JSON object a line, with ids and never a person's words or name.

Built on the standard library's logging. Only our own entries are written: those of libraries may contain SQL
with its values, or addresses.
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


class _JsonLines(logging.Handler):
    """Writes each entry to the current standard output, which tests may replace."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one entry."""
        moment, level = localtime.machine_now().isoformat(), record.levelname.lower()
        entry = {"timestamp": moment, "level": level, "event": record.msg, **record.__dict__["fields"]}
        if record.exc_info:
            entry["exception"] = logging.Formatter().formatException(record.exc_info)
        sys.stdout.write(storable(json.dumps(entry, ensure_ascii=False, default=repr)) + "\n")
        sys.stdout.flush()


def configure(level: str) -> None:
    """Write entries of this level and above: DEBUG, INFO, WARNING or ERROR."""
    _log.setLevel(level)
    _log.handlers, _log.propagate = [_JsonLines()], False


@contextmanager
def about(**fields: Any) -> Iterator[None]:
    """Add these fields to every entry written inside."""
    token = _about.set({**_about.get(), **fields})
    try:
        yield
    finally:
        _about.reset(token)


def info(event: str, **fields: Any) -> None:
    """Log an expected event."""
    _write(logging.INFO, event, fields)


def warning(event: str, **fields: Any) -> None:
    """Log something unusual that recovers by itself, or whose cause is outside."""
    _write(logging.WARNING, event, fields)


def error(event: str, **fields: Any) -> None:
    """Log a failure."""
    _write(logging.ERROR, event, fields)


_reported_elsewhere: list[Callable[[BaseException], object]] = []


def leave_to(report: Callable[[BaseException], object]) -> None:
    """Let `exception` skip exceptions for which `report` returns something true, since `report` logs them
    itself."""
    if report not in _reported_elsewhere:
        _reported_elsewhere.append(report)


def exception(event: str, **fields: Any) -> None:
    """Log the exception being handled, with its traceback."""
    error = sys.exception()
    if error and any(report(error) for report in _reported_elsewhere):
        return
    _write(logging.ERROR, event, fields, exc_info=True)


def _write(level: int, event: str, fields: dict[str, Any], *, exc_info: bool = False) -> None:
    _log.log(level, event, exc_info=exc_info, extra={"fields": {**_about.get(), **fields}})
