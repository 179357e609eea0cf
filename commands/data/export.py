"""`manage.py export`: the whole shop in open formats."""

from pathlib import Path

import click
from rich.progress import Progress

from bot.starting import start
from console.data import whole_export
from handlers import register


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the whole shop into FILE, a ZIP: each table as CSV and JSON Lines, the pictures, a description of columns.
    Passwords, keys and sessions are left out."""
    start(register)
    if file.suffix != ".zip":
        raise click.ClickException(f"{file} should end in .zip, for example goen-export.zip.")
    try:
        with Progress(transient=True) as bar:
            task = bar.add_task("export")
            count = whole_export.write(
                file.resolve(), lambda done, total: bar.update(task, completed=done, total=total)
            )
    except OSError as error:
        raise click.ClickException(f"Nothing was written: {error}") from None
    click.echo(f"{file}: {count:,} rows, {file.stat().st_size:,} bytes.")
