"""`manage.py messages plan`: what would be sent unasked today, to whom, how, and why not."""

from datetime import datetime, timedelta

import click
from rich.console import Console
from rich.table import Table

from bot import localtime
from bot.config import shop
from bot.starting import start
from customers.people.customer import Customer
from handlers import after_event, register, survey_due
from journeys.sending import limits, waiting
from journeys.sending.limits import Decision, Verdict
from journeys.sending.settings import SendingRules
from journeys.sending.tables import PlannedMessage

REASONS = {
    "": "not looked at yet",
    limits.FREE_RIDE: "wait for a reply to go along with",
    limits.QUIET_HOURS: "wait for the end of the quiet hours",
    limits.DAILY_LIMIT: "wait for tomorrow: the customer had today's",
    limits.WEEKLY_LIMIT: "wait: the customer had this week's",
    limits.BUDGET: "wait for the budget",
    limits.TICKET: "wait for the end of a ticket",
    limits.QUIET_PERIOD: "wait for the end of the days after a complaint",
}
REFUSALS = {
    limits.BLOCKED: "the customer has blocked the shop",
    limits.OPTED_OUT: "the customer wants no messages unasked",
    limits.BASIC: "an offer, and the customer's rank is Basic",
    limits.TOO_LATE: "it is too late for it",
}


@click.group()
def messages() -> None:
    """What the shop says unasked."""


@messages.command()
@click.option(
    "--limit", type=click.IntRange(0), default=20, show_default=True, help="List so many customers."
)
def plan(limit: int) -> None:
    """Show what would be sent unasked today: along with a reply, as a push, or held and why. Sends nothing. The
    worker uses the same code."""
    start(register)
    rules, end_of_today = shop.get(SendingRules), localtime.start_of(localtime.today() + timedelta(days=1))
    quiet = f"{rules.quiet_from_hour}:00 to {rules.quiet_until_hour}:00"
    sent_count = waiting.sent_count(localtime.start_of(localtime.today()))
    click.echo(
        f"{localtime.today()}: {sent_count:,} messages were sent unasked. Quiet hours are {quiet}; a customer "
        f"gets at most {rules.a_day} a day and {rules.a_week} in seven days."
    )
    _show_counts(end_of_today)
    _show_people(end_of_today, limit)
    questions = sum(each.refusal is None for each in survey_due.decisions())
    click.echo(f"Surveys would add {questions:,} today; manage.py survey plan lists them.")


def _show_counts(end_of_today: datetime) -> None:
    table = Table("kind", "when last looked at they had to", "messages", title="Waiting")
    table.columns[2].justify = "right"
    for kind, reason, count in waiting.counts(end_of_today):
        table.add_row(kind, REASONS.get(reason, reason), f"{count:,}")
    if table.row_count:
        Console().print(table)
    else:
        click.echo("No message is waiting.")


def _show_people(end_of_today: datetime, limit: int) -> None:
    table = Table("customer", "name", "kind", "because of", "what would be done now")
    for rows in waiting.first_waiting(end_of_today, limit).values():
        customer: Customer = Customer.get_by_id(rows[0].customer_id)
        release = after_event.release_of(rows)
        for row in rows:
            outcome = outcome_of(row, release.decide(row))
            table.add_row(str(customer.id), customer.display_name, row.kind, row.cause, outcome)
    if table.row_count:
        Console().print(table)


def outcome_of(row: PlannedMessage, decision: Decision) -> str:
    """How the message would be sent, or why not, in words."""
    until = f"{localtime.local(decision.until):%d %b %H:%M}" if decision.until else ""
    match decision.verdict:
        case Verdict.PUSH:
            return "pushed"
        case Verdict.DROP | Verdict.SKIP:
            return f"not sent: {REFUSALS.get(decision.reason, decision.reason)}"
        case _ if decision.reason == limits.FREE_RIDE and localtime.now() < row.earliest_at:
            return f"not before {localtime.local(row.earliest_at):%d %b %H:%M}"
        case _ if decision.reason == limits.FREE_RIDE:
            return f"goes along with a reply until {until}, then pushed"
        case _:
            return f"held ({decision.reason}), looked at again at {until}"
