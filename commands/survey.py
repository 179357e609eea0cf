"""`manage.py survey ask`: put the question now."""

import uuid

import click

from bot import inbox
from bot.conversations import Conversation
from bot.database import write_transaction
from bot.starting import start
from customers import customer as customers
from handlers import register, timetable


@click.group()
def survey() -> None:
    """The one question."""


@survey.command()
@click.argument("line_user_id", nargs=-1)
@click.option(
    "--due", is_flag=True, help="Everybody whose purchase is long enough ago, without waiting for the clock."
)
def ask(line_user_id: tuple[str, ...], due: bool) -> None:
    """Ask the customers with these LINE user ids (U…). The usual rules hold: nobody is asked twice in a short time,
    during an open ticket, or after blocking."""
    start(register)
    if not line_user_id and not due:
        raise click.UsageError("Name a customer, as in: manage.py survey ask U0123… — or use --due.")
    count = timetable.ask_after_purchases() if due else 0
    for user_id in line_user_id:
        customer = customers.find_by_line_user(user_id)
        if customer is None or customer.conversation_id is None:
            raise click.ClickException(f"{user_id} has never written to the shop on LINE.")
        with write_transaction():
            cause = f"staff:{uuid.uuid4()}"
            key = Conversation.get_by_id(customer.conversation_id).key
            count += inbox.put("survey.due", cause, key, {"cause": cause}, line_user_id=user_id)
    click.echo(f"{count} customer(s) will be asked, if the rules allow it.")
