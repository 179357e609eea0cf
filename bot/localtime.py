"""Gives the current time in UTC, and the shop's own calendar day.

The demo's time travel is an offset in a file that every process of the demo reads; tests set the time with
`fixed`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import settings

OFFSET_FILE = "clock-offset-seconds"
OFFSET_READ_EVERY_SECONDS = 0.1

_fixed: datetime | None = None
_offset = timedelta()
_offset_read_at = float("-inf")


def now() -> datetime:
    """The current time: timezone-aware, in UTC."""
    if _fixed is not None:
        return _fixed
    demo_dir = settings.current().demo_dir
    return datetime.now(UTC) + (_demo_offset(demo_dir) if demo_dir else timedelta())


def machine_now() -> datetime:
    """The machine's clock, which the demo's time travel does not move: for leases and heartbeats."""
    return _fixed or datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """That moment in the shop's time zone."""
    return moment.astimezone(zone())


def zone() -> ZoneInfo:
    """The shop's time zone."""
    return _zone(settings.current().shop_timezone)


def local_date(moment: datetime) -> date:
    """The shop's calendar day at that moment."""
    return local(moment).date()


def in_utc(written: datetime) -> datetime:
    """A time in UTC; one without a zone is on the shop's clock."""
    if written.tzinfo is None:
        written = written.replace(tzinfo=_zone(settings.current().shop_timezone))
    return written.astimezone(UTC)


def today() -> date:
    """The shop's calendar day now."""
    return local_date(now())


def start_of(day: date) -> datetime:
    """When that day begins for the shop, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone()).astimezone(UTC)


def in_words(day: date | None) -> str:
    """The day in Japanese, with its year unless that is the current one; empty for None."""
    if day is None:
        return ""
    year = f"{day.year}年" if day.year != today().year else ""
    return f"{year}{day.month}月{day.day}日"


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Make `now` return `moment` in the whole process; for tests and for seeding the demo's past."""
    global _fixed
    before, _fixed = _fixed, moment.astimezone(UTC)
    try:
        yield
    finally:
        _fixed = before


def travel(demo_dir: Path, by: timedelta) -> timedelta:
    """Advance the demo's clock and return the whole offset. Settings allow `demo_dir` only with a LINE on
    this machine."""
    global _offset_read_at
    offset = _read_offset(demo_dir) + by
    draft = demo_dir / f"{OFFSET_FILE}.new"
    draft.write_text(str(int(offset.total_seconds())))
    draft.replace(demo_dir / OFFSET_FILE)
    _offset_read_at = float("-inf")
    return offset


def _demo_offset(demo_dir: Path) -> timedelta:
    global _offset, _offset_read_at
    if time.monotonic() - _offset_read_at > OFFSET_READ_EVERY_SECONDS:
        _offset, _offset_read_at = _read_offset(demo_dir), time.monotonic()
    return _offset


def _read_offset(demo_dir: Path) -> timedelta:
    try:
        return timedelta(seconds=int((demo_dir / OFFSET_FILE).read_text()))
    except FileNotFoundError:
        return timedelta()


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
