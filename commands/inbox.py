"""`manage.py inbox parked|replay`: events whose handlers failed."""

import click
from rich.console import Console
from rich.table import Table

from bot import localtime, notices
from bot.db.database import write_transaction
from bot.queue import inbox as events
from bot.starting import start
from handlers import register


@click.group()
def inbox() -> None:
    """Events that could not be handled."""


@inbox.command()
def parked() -> None:
    """List the parked events, newest first."""
    start(register)
    found = events.parked()
    if not found:
        click.echo("No event is parked.")
        return
    table = Table("number", "event", "what", "received", "error")
    for event in found:
        last_line = (event.error or "").strip().splitlines()[-1:] or [""]
        received = localtime.local(event.received_at).strftime("%Y-%m-%d %H:%M")
        table.add_row(str(event.id), event.event_id, event.source, received, last_line[0])
    Console().print(table)
    click.echo("Correct the cause, then: python manage.py inbox replay NUMBER (or: replay all)")


@inbox.command()
@click.argument("number")
def replay(number: str) -> None:
    """Let a parked event (its NUMBER, or `all`) be tried again by the worker."""
    start(register)
    chosen = [event.id for event in events.parked(limit=100_000)] if number == "all" else [_number(number)]
    with write_transaction():
        replayed = [inbox_id for inbox_id in chosen if events.replay(inbox_id)]
        for inbox_id in replayed:
            notices.take_down(f"inbox-parked:{inbox_id}")
    if number != "all" and not replayed:
        raise click.ClickException(
            f"No parked event has the number {number}. See: python manage.py inbox parked"
        )
    click.echo(f"{len(replayed)} event(s) will be handled again.")


def _number(given: str) -> int:
    if not given.isdigit():
        raise click.BadParameter("give an event's number, as shown by `inbox parked`, or `all`")
    return int(given)
