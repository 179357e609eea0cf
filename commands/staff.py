"""`manage.py staff add|list|password|disable|enable|reset-second-factor`: who may sign in to the console."""

import click

from bot.db.database import write_transaction
from bot.starting import start
from console.auth import second_factor
from console.auth import staff_accounts as people
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


@staff.command("list")
def list_people() -> None:
    """List the people who may sign in."""
    start(register)
    with_second_factor = second_factor.ids_with_second_factor()
    for person in people.all_staff():
        parts = [person.email, person.name, person.role, "disabled" if person.disabled_at else "active"]
        click.echo("  ".join([*parts, *(["second factor"] if person.id in with_second_factor else [])]))


@staff.command()
@click.argument("email")
@click.password_option()
def password(email: str, password: str) -> None:
    """Give the person of this EMAIL a new password; their sessions end."""
    start(register)
    try:
        with write_transaction():
            people.reset_password(email, password)
    except ValueError as unfit:
        raise click.ClickException(str(unfit)) from None
    click.echo("The new password is in force.")


@staff.command()
@click.argument("email")
def disable(email: str) -> None:
    """Stop the person of this EMAIL from signing in; what they wrote stays theirs."""
    _switch(email, on=False)


@staff.command()
@click.argument("email")
def enable(email: str) -> None:
    """Let the person of this EMAIL sign in again."""
    _switch(email, on=True)


@staff.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Remove the second factor of the person of this EMAIL, who may then set one up again."""
    start(register)
    with write_transaction():
        person = people.find(email)
        forgotten = person is not None and second_factor.forget(person)
    if not forgotten:
        raise click.ClickException(f"{email} has no second factor. See: python manage.py staff list")
    click.echo(f"{email} signs in with the password alone now.")


def _switch(email: str, *, on: bool) -> None:
    start(register)
    with write_transaction():
        changed = people.enable(email) if on else people.disable(email)
    if not changed:
        raise click.ClickException(f"Nothing to change for {email}. See: python manage.py staff list")
    click.echo(f"{email} can sign in again." if on else f"{email} can sign in no more.")
