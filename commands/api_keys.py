"""`manage.py api-key create|list|revoke`: keys of the shop's systems."""

import click

from bot import localtime
from bot.db.database import write_transaction
from bot.starting import start
from customers.api import keys
from handlers import register


@click.group("api-key")
def api_key() -> None:
    """Keys with which a shop's system sends orders and redeems coupons."""


@api_key.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(keys.SCOPES),
    help="What the key may do; repeat it for several.  [default: everything]",
)
def create(name: str, scopes: tuple[str, ...]) -> None:
    """Make a key for the system of that NAME. It is shown once; only its hash is stored."""
    start(register)
    with write_transaction():
        token = keys.create(name, scopes or keys.SCOPES)
    click.echo(token)
    click.echo("Keep it now: it is not shown again. Send it as: Authorization: Bearer <key>", err=True)


@api_key.command("list")
def list_keys() -> None:
    """List the keys."""
    start(register)
    for key in keys.all_keys():
        used = localtime.local(key.last_used_at).strftime("%Y-%m-%d %H:%M") if key.last_used_at else "never"
        state = "revoked" if key.revoked_at else "good"
        click.echo(f"{key.prefix}…  {key.name}  {state}  {key.scopes}  last used: {used}")


@api_key.command()
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """Revoke the key that begins with PREFIX, as shown by `list`."""
    start(register)
    with write_transaction():
        revoked = keys.revoke(prefix)
    if not revoked:
        raise click.ClickException(f"No good key begins with {prefix}. See: python manage.py api-key list")
    click.echo("The key is good no more.")
