"""`manage.py migrate`, `check` and `shop-file`: update the tables; check whether the environment is fit to start in;
print the owner's file with every key, its meaning and its default."""

import click

from bot.config import settings, shop
from bot.db import database
from bot.queue import support_friends
from bot.starting import start
from bot.web import proxy_notice
from commands.search import blank_unsent, fold_anew, index_transcripts
from handlers import register
from support.faq import entries


@click.command()
def migrate() -> None:
    """Bring the tables up to date, and fill the FAQ when it is empty. Safe to repeat."""
    if settings.is_first_start():
        click.echo("There are no settings yet: nothing to migrate before set-up is done.")
        return
    start(register, migrated=False)
    if not database.reachable():
        raise click.ClickException(
            "The database does not answer. Check DATABASE_URL and that its server runs."
        )
    applied = database.migrate()
    if "0016_chatroom" in applied:
        index_transcripts()
    fold_anew()
    if "0024_safety" in applied:
        blank_unsent()
    with database.write_transaction():
        stocked = entries.seed_if_empty()
    click.echo(f"Applied: {', '.join(applied)}." if applied else "The tables are up to date.")
    if stocked:
        click.echo(f"The FAQ was stocked with {stocked} entries.")


@click.command()
def check() -> None:
    """Check the environment, shop.toml and the database without starting anything."""
    config = start(register)
    click.echo(f"Fit to start: {config.shop_name} ({config.line_basic_id}).")
    if config.has_support_account:
        click.echo(
            f"Second LINE account for individual contact: {config.line_support_basic_id or 'nobody is invited'}, "
            f"{support_friends.count()} friends; its webhook is {config.public_url}/callback/support."
        )
    if proxy_notice.is_due():
        click.echo(
            "But requests came through a reverse proxy, and TRUSTED_PROXY_COUNT is not set: all visitors seem "
            "to have the proxy's address, and one guesser locks all staff out. Set TRUSTED_PROXY_COUNT=1 (the number "
            "of proxies; 0 if there is none) and restart.",
            err=True,
        )


@click.command("shop-file")
def shop_file() -> None:
    """Print shop.toml as it ships: every key with its default."""
    register()
    click.echo(shop.as_toml(), nl=False)
