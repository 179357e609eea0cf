"""Makes the report of the month that is over, for the clock, and has it sent to the owners' own LINE.

One figure is counted in each run, so that a large shop's other jobs do not wait long. The last run stores when the
report was made and the events that send it in one transaction; `handlers/monthly_report.py` plans the messages.
"""

import json
from datetime import date
from typing import Any

from bot import localtime
from bot.config import settings
from bot.db.database import insert_once, write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from console.auth.staff_accounts import Role, Staff
from console.figures import cache
from console.reports import report, words
from console.reports.report import SHOWN, Report
from console.reports.tables import MonthlyReport
from customers.people.customer import Customer
from customers.people.staff_lines import StaffLine
from customers.values import windows

FROM_HOUR = 5
"""The shop's hour on the first day of a month from which the last month is counted, after the nightly review."""


def make_next() -> int:
    """Count the next figure of last month's report; the last one makes the report. 1 when something was done."""
    now = localtime.local(localtime.now())
    month = windows.first_of_month(now.date(), 1)
    if now.day == 1 and now.hour < FROM_HOUR:
        return 0
    row = MonthlyReport.get_or_none(MonthlyReport.month == month)
    if row is None:
        return _begin(month)
    if row.made_at is not None:
        return 0
    figures: dict[str, Any] = json.loads(row.figures)
    missing = [name for name in SHOWN if name not in figures]
    if missing:
        figures[missing[0]] = report.as_values(report.count(missing[0], month))
    with write_transaction():
        mine = (MonthlyReport.id == row.id) & MonthlyReport.made_at.is_null()
        if len(missing) > 1:
            MonthlyReport.update(figures=json.dumps(figures)).where(mine).execute()
        elif MonthlyReport.update(figures=json.dumps(figures), made_at=localtime.now()).where(mine).execute():
            _send(_read(month, figures))
    return 1


def made() -> list[date]:
    """The months that have a report, the newest first."""
    rows: Any = MonthlyReport.select(MonthlyReport.month).where(MonthlyReport.made_at.is_null(False))
    return [month for (month,) in rows.order_by(MonthlyReport.month.desc()).tuples()]


def find(month: date) -> Report | None:
    """The report of that month, as it was counted then; None when none was made."""
    row = MonthlyReport.get_or_none(MonthlyReport.month == month, MonthlyReport.made_at.is_null(False))
    return _read(month, json.loads(row.figures)) if row is not None else None


def so_far(month: date) -> Report | None:
    """The report of the running month, as counted now; in a large shop as last counted, None before the first time."""
    shown = cache.shown(cache.Figures(f"report:{month:%Y-%m}", lambda: _counted(month)))
    return (
        _read(month, dict(shown.counted["figures"]), date.fromisoformat(shown.counted["on"]))
        if shown
        else None
    )


def _counted(month: date) -> dict[str, Any]:
    figures = {name: report.as_values(report.count(name, month)) for name in SHOWN}
    return {"on": report.last_day(month).isoformat(), "figures": figures}


def _begin(month: date) -> int:
    """Begin the report, once, unless nobody was a customer in that month."""
    end = localtime.start_of(windows.first_of_month(month, -1))
    if not Customer.select().where(Customer.first_seen_at < end).exists():
        return 0
    with write_transaction():
        insert_once(MonthlyReport, month=month)
    return 1


def _read(month: date, figures: dict[str, Any], last_on: date | None = None) -> Report:
    read = {name: report.from_values(values) for name, values in figures.items()}
    return Report(month, last_on or windows.calendar_month(month).last_on, read)


def _send(made_report: Report) -> None:
    """Have it sent to every owner who chose their own LINE."""
    query: Any = StaffLine.select(StaffLine.staff_id, Staff.language, Customer.line_user_id)
    owners = (
        query.join(Staff, on=(Staff.id == StaffLine.staff_id))
        .join(Customer, on=(Customer.id == StaffLine.customer))
        .where(Staff.role == Role.OWNER, Staff.disabled_at.is_null(), Customer.line_user_id.is_null(False))
    )
    for staff_id, language, line_user_id in owners.tuples():
        text = words.message(made_report, language, settings.current().shop_name, _address(made_report.month))
        inbox.put(
            event_kinds.MONTHLY_REPORT_MADE,
            f"monthly-report:{made_report.month:%Y-%m}:{staff_id}",
            line_user_id,
            {"text": text, "month": f"{made_report.month:%Y-%m}", "staff_id": staff_id},
            line_user_id=line_user_id,
        )


def _address(month: date) -> str:
    return f"{settings.current().public_url.rstrip('/')}/console/reports/{month:%Y-%m}"
