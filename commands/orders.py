"""`manage.py import`: imports a CSV file of orders or products."""

from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.starting import start
from customers.csv import order_import
from customers.csv import products as csv_products
from customers.csv.records import UnreadableFile
from customers.values import faults
from handlers import register


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--products", is_flag=True, help="The file holds products: sku, name, price_yen, url …")
def import_orders(file: Path, products: bool) -> None:
    """Import the orders of a CSV FILE, or its products. Safe to repeat: an order counts once."""
    start(register)
    if products:
        _import_products(file)
        return
    try:
        with Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()) as shown:
            bar = shown.add_task(file.name, total=None)
            report = order_import.run(file, lambda done, size: shown.update(bar, completed=done, total=size))
    except UnreadableFile as unreadable:
        raise click.ClickException(str(unreadable)) from None
    for line in report.lines():
        click.echo(line)
    click.echo(report.summary())
    if not report.is_clean:
        raise SystemExit(1)


def _import_products(file: Path) -> None:
    try:
        report = csv_products.run(file)
    except UnreadableFile as unreadable:
        raise click.ClickException(str(unreadable)) from None
    for line, reason in report.bad:
        click.echo(f"{line}行目: {faults.REASONS.get(reason, (reason, reason))[0]}")
    click.echo(f"商品 {report.stored_count:,}件・読めない行 {len(report.bad):,}件")
    if report.bad:
        raise SystemExit(1)
