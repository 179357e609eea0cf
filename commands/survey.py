"""`manage.py survey ask | plan`: asks the survey's question now; shows who would be asked today, and why
others are not."""

import csv
import uuid
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot import localtime
from bot.config import shop
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from bot.starting import start
from bot.text import spreadsheet
from customers.people import customer as customers
from handlers import register, survey_due
from surveys.nps import due_invitations
from surveys.nps.asking import Decision, Occasion, Refusal
from surveys.nps.settings import SurveyRules, may_write_now

OCCASIONS = {
    Occasion.TICKET: "asked again after a resolved ticket",
    Occasion.REMINDER: "reminded, once",
    Occasion.PURCHASE: "asked after a purchase",
    Occasion.DRIP: "asked on their day of the drip",
    Occasion.STAFF: "asked because staff want it",
}
REFUSALS = {
    Refusal.DAY_IS_FULL: "wait for another day: today's number is reached",
    Refusal.ASKED_LATELY: "were asked lately",
    Refusal.OPEN_TICKET: "have an open ticket: asked afterwards",
    Refusal.BLOCKED: "have blocked the shop",
    Refusal.OPTED_OUT: "want no messages unasked",
    Refusal.ANSWERED: "have answered",
    Refusal.REMINDED: "were reminded",
    Refusal.TOO_LATE: "were asked too long ago for a reminder",
}


@click.group()
def survey() -> None:
    """The survey's one question."""


@survey.command()
@click.argument("line_user_id", nargs=-1)
@click.option(
    "--due", "all_due", is_flag=True, help="Everyone who is due today, without waiting for the clock."
)
def ask(line_user_id: tuple[str, ...], all_due: bool) -> None:
    """Ask the customers with these LINE user ids (U…). The usual rules hold: nobody is asked twice in a short time,
    during an open ticket, or after blocking; at night the question waits for the morning."""
    start(register)
    if not line_user_id and not all_due:
        raise click.UsageError("Name a customer, as in: manage.py survey ask U0123… — or use --due.")
    count = survey_due.ask_who_is_due() if all_due else 0
    for user_id in line_user_id:
        customer = customers.find_by_line_user(user_id)
        if customer is None or customer.conversation_id is None:
            raise click.ClickException(f"{user_id} has never written to the shop on LINE.")
        with write_transaction():
            cause = f"staff:{uuid.uuid4()}"
            key = Conversation.get_by_id(customer.conversation_id).key
            count += inbox.put(event_kinds.SURVEY_DUE, cause, key, {"cause": cause}, line_user_id=user_id)
    click.echo(f"{count} customer(s) will be asked, if the rules allow it.")


@survey.command()
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="List so many people.")
@click.option(
    "--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="List all of them here."
)
def plan(limit: int, csv_file: Path | None) -> None:
    """Show who would be asked today, and why others are not. Asks nobody. The clock uses the same code."""
    start(register)
    settled = by_customer(survey_due.decisions())
    _show_day()
    _show_counts(settled)
    _show_people(settled, limit)
    if csv_file is not None:
        _write(settled, csv_file)
        click.echo(f"Everyone for whom there is an occasion is listed in {csv_file}.")


def by_customer(decisions: Iterable[Decision]) -> list[Decision]:
    """One decision for each customer: asked, else the first reason against it. Who is asked comes first."""
    asked: dict[int, Decision] = {}
    refused: dict[int, Decision] = {}
    for each in decisions:
        (asked if each.refusal is None else refused).setdefault(each.due.customer_id, each)
    return [*asked.values(), *(each for each in refused.values() if each.due.customer_id not in asked)]


def _show_day() -> None:
    rules = shop.get(SurveyRules)
    written = rules.asked_a_day - survey_due.remaining_today()
    hours = f"{rules.ask_from_hour}:00 to {rules.ask_until_hour}:00"
    now = "now" if may_write_now() else "not now"
    click.echo(
        f"{localtime.today()}: {written:,} of at most {rules.asked_a_day:,} were written to; "
        f"the hours are {hours} ({now})."
    )
    if not rules.drip_days:
        click.echo("Those who bought nothing lately are not asked: drip_days in shop.toml is 0.")


def _show_counts(settled: list[Decision]) -> None:
    counted = Counter(
        (each.due.candidate.occasion if each.refusal is None else each.refusal) for each in settled
    )
    table = Table("", "customers", title="The one question, today")
    table.columns[1].justify = "right"
    for occasion, words in OCCASIONS.items():
        if counted[occasion]:
            table.add_row(words, f"{counted[occasion]:,}", style="bold")
    for refusal, words in REFUSALS.items():
        if counted[refusal]:
            table.add_row(words, f"{counted[refusal]:,}")
    customer_count, not_on_line = due_invitations.customer_counts()
    table.add_row("are not on LINE", f"{not_on_line:,}")
    table.add_row("have no occasion today", f"{customer_count - not_on_line - len(settled):,}")
    table.add_row("all customers", f"{customer_count:,}", style="dim")
    Console().print(table)


def _show_people(settled: list[Decision], limit: int) -> None:
    table = Table("customer", "name", "because of", "due on", "today")
    for each in settled[:limit]:
        person = each.due
        table.add_row(
            str(person.customer_id), person.display_name, person.cause, str(person.due_on), _outcome(each)
        )
    if table.row_count:
        Console().print(table)
    if len(settled) > limit:
        click.echo(f"… and {len(settled) - limit:,} more: --limit or --csv lists them.")


def _write(settled: list[Decision], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        written = csv.writer(file)
        written.writerow(("customer", "name", "line_user_id", "because_of", "due_on", "today"))
        for each in settled:
            person = each.due
            written.writerow(
                (
                    person.customer_id,
                    spreadsheet.harmless(person.display_name),
                    person.line_user_id,
                    person.cause,
                    person.due_on,
                    each.refusal or "asked",
                )
            )


def _outcome(decision: Decision) -> str:
    if decision.refusal is not None:
        return REFUSALS[decision.refusal]
    return OCCASIONS[decision.due.candidate.occasion]
