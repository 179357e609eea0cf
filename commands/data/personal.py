"""`manage.py erase`: erase one customer on their wish."""

import click

from bot.db.database import write_transaction
from bot.starting import start
from console.data import erasing
from customers.erasure.erasing import CannotErase
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import register

REFUSALS = {
    erasing.OPEN_TICKET: "A chat with this customer is open. Resolve it in the console first.",
    erasing.BUSY: "A message or order of this customer waits to be handled. Let the worker run, then try again.",
    erasing.IMPORTING: "A file of orders is being imported, which may name this customer. Try again when that is over.",
    erasing.ERASED_ALREADY: "This customer was erased before.",
    erasing.UNKNOWN: "There is no such customer.",
}


@click.command()
@click.argument("customer")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(customer: str, yes: bool) -> None:
    """Erase a CUSTOMER (a LINE user id, U…, or the number in the address of their page): name, chats, pictures and all
    else that says who they are. Sums of points and orders stay, of nobody. Backups keep it until they are deleted."""
    start(register)
    found = customers.find_by_line_user(customer)
    if found is None and customer.isascii() and customer.isdigit():
        found = Customer.get_or_none(Customer.id == int(customer))
    if found is None:
        raise click.ClickException(
            f"{customer} is no customer. Give a LINE user id (U…) or the customer's number."
        )
    if not yes:
        click.confirm(f"Erase customer {found.id} ({found.display_name or 'no name'}) for good?", abort=True)
    try:
        with write_transaction():
            erased = erasing.erase(found.id, by=None)
    except CannotErase as refused:
        raise click.ClickException(REFUSALS[refused.reason]) from None
    for table, count in erased.tables.items():
        click.echo(f"{table}: {count:,}")
    if erased.file_count:
        click.echo(
            "Files of orders that were not imported yet are discarded: give them again without this customer."
        )
    click.echo(f"Customer {found.id} is erased. Backups made before keep the data until they are deleted.")
