"""`manage.py outbox parked|held|replay`: messages that LINE refused, or that wait for the month's limit."""

import click
from rich.console import Console
from rich.table import Table

from bot import localtime, notices
from bot.db.database import write_transaction
from bot.line.delivery import HELD, PARKED
from bot.queue import outbox as sends
from bot.starting import start
from handlers import register


@click.group()
def outbox() -> None:
    """Messages that did not go out."""


@outbox.command()
def parked() -> None:
    """List the messages that LINE refused, with its answers."""
    _list(PARKED, "No message is parked.")


@outbox.command()
def held() -> None:
    """List the messages held until the month's limit has room again."""
    _list(HELD, "No message is held.")


@outbox.command()
@click.argument("number", type=int)
def replay(number: int) -> None:
    """Send the parked message of that NUMBER again."""
    start(register)
    with write_transaction():
        replayed = sends.replay(number)
        notices.take_down(f"outbox-parked:{number}")
    if not replayed:
        raise click.ClickException(
            f"No parked message has the number {number}. See: python manage.py outbox parked"
        )
    click.echo("The message will be sent again.")


def _list(state: str, nothing: str) -> None:
    start(register)
    found = sends.unsent(state)
    if not found:
        click.echo(nothing)
        return
    table = Table("number", "cause", "made", "LINE's answer")
    for row in found:
        made = localtime.local(row.created_at).strftime("%Y-%m-%d %H:%M")
        table.add_row(str(row.id), row.cause, made, f"{row.line_status or ''} {row.line_answer or ''}"[:120])
    Console().print(table)
