"""`manage.py staff add|list|reset-password|disable|enable`: who may sign in to the console."""

import click
from console import staff as people

from bot.database import write_transaction
from bot.starting import start
from handlers import register


@click.group()
def staff() -> None:
    """People who may sign in to the console."""


@staff.command()
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(["staff", "owner"]), default="staff", show_default=True)
@click.password_option()
def add(email: str, name: str, role: str, password: str) -> None:
    """Let the person of this EMAIL and NAME sign in; the password is asked for."""
    start(register)
    try:
        with write_transaction():
            people.add(email, name, role, password)
    except ValueError as unfit:
        raise click.ClickException(str(unfit)) from None
    click.echo(f"{name} can sign in as {role}.")
