"""`manage.py import`: a shop system's CSV of orders."""

from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.starting import start
from customers import order_import
from customers.csv_records import UnreadableFile
from handlers import register


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_orders(file: Path) -> None:
    """Take the orders of a CSV FILE in. Safe to repeat: an order counts once."""
    start(register)
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
