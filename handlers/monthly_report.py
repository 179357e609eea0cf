"""Sends the month's report to the owner's own LINE. The clock makes it (`console/reports/monthly.py`)."""

from datetime import timedelta

from bot import localtime
from bot.config import shop
from bot.line import messages as line
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from handlers import unasked
from handlers.event_customer import get_or_create_customer
from handlers.report_settings import ReportRules
from journeys.sending.message_kinds import Kind

routes = Routes()

SENT_WITHIN = timedelta(days=5)
"""A report that could not be sent for so long is read in the console."""


@routes.on_internal_event(event_kinds.MONTHLY_REPORT_MADE)
def report_made(event: InternalEvent) -> Answer:
    """Plan the report, once; it waits for the morning."""
    if shop.get(ReportRules).to_own_line:
        unasked.say(
            get_or_create_customer(event),
            [line.text(str(event.data["text"]))],
            kind=Kind.MONTHLY_REPORT,
            cause=f"monthly-report:{event.data['month']}:{event.data['staff_id']}",
            expires_at=localtime.now() + SENT_WITHIN,
        )
    return []
