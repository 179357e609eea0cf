"""`manage.py faq import|export`: the questions and answers of the FAQ as a CSV file."""

from pathlib import Path

import click

from bot.db.database import write_transaction
from bot.starting import start
from handlers import register
from support.faq import file as faq_file
from support.faq import importing


@click.group()
def faq() -> None:
    """The questions and answers of the FAQ."""


@faq.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Import a CSV FILE (質問, 言い換え, 回答, タグ, 商品, カード): entries of the same question are changed,
    others added."""
    start(register)
    with write_transaction():
        done = importing.plan(file.read_bytes())
        importing.carry_out(done)
    for row in done.bad_rows:
        click.echo(f"{row.line}行目: {row.reason}")
    added, changed, same = (done.count(kind) for kind in (importing.ADDED, importing.CHANGED, importing.SAME))
    click.echo(f"追加 {added}件・変更 {changed}件・同じ {same}件")
    if done.bad_rows:
        raise SystemExit(1)


@faq.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_file(file: Path) -> None:
    """Write all entries into a CSV FILE that spreadsheets open."""
    start(register)
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        faq_file.write(importing.rows(), out)
    click.echo(f"{file}")
