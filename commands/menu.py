"""`manage.py menu publish`: the rich menus at the foot of the chat, one for each rank."""

import click

from bot.queue.rich_menus import MenuRefused
from bot.starting import start
from handlers import register, rich_menus


@click.group()
def menu() -> None:
    """The rich menus at the foot of the chat, one for each rank."""


@menu.command()
def publish() -> None:
    """Draw the menus and let LINE show each customer the one of their rank. Repeated, it changes only what
    differs."""
    # Imported here: the SDK takes seconds, and every command would wait for it.
    from bot.line.client import LineClient

    config = start(register)
    try:
        made, given, cleared = rich_menus.publish(LineClient(config))
    except MenuRefused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(
        f"Menus made: {made}. Customers given the menu of their rank: {given}. Old menus deleted: {cleared}."
    )
