"""`manage.py outbox parked|held|replay|replay-multicast`: messages that LINE refused, or that wait for the month's
limit."""

from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from bot import localtime, notices
from bot.db.database import write_transaction
from bot.line.delivery import HELD, PARKED
from bot.queue import multicast_leases, multicasts
from bot.queue import outbox as sends
from bot.starting import start
from handlers import register


@click.group()
def outbox() -> None:
    """Messages that did not go out."""


@outbox.command()
def parked() -> None:
    """List the messages and multicasts that LINE refused, with its answers."""
    _list(PARKED, "No message is parked.")
    _list_multicasts()


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


@outbox.command("replay-multicast")
@click.argument("number", type=int)
def replay_multicast(number: int) -> None:
    """Give back the recipients of the parked multicast of that NUMBER: each is decided anew, and sent to if they may
    still be written to."""
    start(register)
    with write_transaction():
        replayed = multicast_leases.replay(number)
        notices.take_down(f"{multicasts.PARKED_NOTICE}:{number}")
    if not replayed:
        raise click.ClickException(
            f"No parked multicast has the number {number}. See: python manage.py outbox parked"
        )
    click.echo("Its recipients are decided anew.")


def _list(state: str, nothing: str) -> None:
    start(register)
    found = sends.unsent(state)
    if not found:
        click.echo(nothing)
        return
    _print(f"{state} messages", [(row, f"{row.line_status or ''} {row.line_answer or ''}") for row in found])


def _list_multicasts() -> None:
    found = multicasts.parked()
    if found:
        _print(
            "parked multicasts",
            [(row, f"{row.reason}: {row.line_status or ''} {row.line_answer}") for row in found],
        )


def _print(title: str, rows: Sequence[tuple[sends.OutboxMessage | multicasts.Multicast, str]]) -> None:
    table = Table("number", "cause", "made", "LINE's answer", title=title)
    for row, answer in rows:
        made = localtime.local(row.created_at).strftime("%Y-%m-%d %H:%M")
        table.add_row(str(row.id), row.cause, made, answer[:120])
    Console().print(table)
