"""`manage.py import`: imports a CSV file of orders or products. The console's page 「取り込み」 does the same in the
background; both are recorded there."""

from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.db.database import write_transaction
from bot.starting import start
from customers.csv import products as csv_products
from customers.csv.import_report import ImportReport
from customers.csv.orders import OrderFile
from customers.csv.products import ProductFile
from customers.csv.records import UnreadableFile
from customers.imports import imports, progress
from customers.imports.progress import OrderRun
from customers.imports.tables import DataImport, ImportKind
from handlers import register


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--products", is_flag=True, help="The file holds products: sku, name, price_yen, url …")
def import_orders(file: Path, products: bool) -> None:
    """Import the orders of a CSV FILE, or its products. Safe to repeat: an order counts once."""
    start(register)
    try:
        if products:
            _import_products(file)
            return
        report = _import_orders(file)
    except UnreadableFile as unreadable:
        raise click.ClickException(str(unreadable)) from None
    for line in report.lines():
        click.echo(line)
    click.echo(report.summary())
    if not report.is_clean:
        raise SystemExit(1)


def _import_orders(file: Path) -> ImportReport:
    shop_columns = progress.column_map(DataImport(kind=ImportKind.ORDERS), file)
    OrderFile(file, shop_columns)  # a file that cannot be read leaves no record
    run = OrderRun(_begin(ImportKind.ORDERS, file), file)
    try:
        with Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()) as shown:
            bar = shown.add_task(file.name, total=run.file.size)
            while run.step():
                shown.update(bar, completed=run.file.bytes_read)
            shown.update(bar, completed=run.file.size)
    finally:
        run.close()
    return run.report


def _import_products(file: Path) -> None:
    header = ProductFile(file, must_be_complete=False).header
    ProductFile(file, imports.remembered(ImportKind.PRODUCTS, header))
    report = progress.take_products(_begin(ImportKind.PRODUCTS, file), file)
    for line, reason in report.bad:
        click.echo(f"{line}行目: {csv_products.reason_in_words(reason)}")
    click.echo(f"商品 {report.stored_count:,}件・読めない行 {len(report.bad):,}件")
    if report.bad:
        raise SystemExit(1)


def _begin(kind: ImportKind, file: Path) -> DataImport:
    with write_transaction():
        return imports.begin_command(kind, file.name, file.stat().st_size)
