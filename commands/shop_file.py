"""`manage.py shop-file`: prints the owner's file with every key, its meaning and its default."""

import click

from bot.config import shop
from handlers import register


@click.command("shop-file")
def shop_file() -> None:
    """Print shop.toml as it ships: every key with its default."""
    register()
    click.echo(shop.as_toml(), nl=False)
