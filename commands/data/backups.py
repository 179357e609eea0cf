"""`manage.py backup`, `restore` and `sending`: copy the whole shop into a file while it runs, put it back, and let
sending go on afterwards."""

from pathlib import Path

import click

from bot.backups import archive, jobs, restoring
from bot.backups.archive import DamagedBackup
from bot.backups.jobs import JobKind
from bot.backups.restoring import CannotRestore, Restored
from bot.config import settings
from bot.db import database
from bot.db.database import write_transaction
from bot.queue import sending_held
from bot.starting import start
from bot.text.two_languages import of_error, of_system, shown
from console.data import held_sending
from customers.erasure import erasing
from handlers import register
from rewards.ledger.reconciliation import reconcile


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def backup(folder: Path | None) -> None:
    """Copy database and pictures into one file in FOLDER (BACKUP_DIR when it is not given), while the shop runs, and
    read it again to see that it is whole. The file holds customers' data: store it where others cannot read it."""
    start(register)
    try:
        made = archive.make(folder or settings.current().backups_folder)
        archive.verify(made.path)
    except (OSError, DamagedBackup) as error:
        raise click.ClickException(f"No backup was made: {error}") from None
    with write_transaction():
        job = jobs.request(JobKind.BACKUP, None)
    if job is not None:
        jobs.finish(
            job, made.path.name, made.byte_count, rows=sum(made.manifest["tables"].values()), checked=True
        )
    rows, files = sum(made.manifest["tables"].values()), len(made.manifest["members"])
    click.echo(
        f"{made.path}: {made.byte_count:,} bytes, {rows:,} rows, {files:,} files. Read again: it is whole."
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of what the database holds now.")
def restore(file: Path, replace: bool) -> None:
    """Put the backup FILE back into an empty database, with its pictures. Sending is held afterwards, until an owner
    lets it go in the console or by `manage.py sending release`."""
    start(register, migrated=False)
    if not database.reachable():
        raise click.ClickException(
            "The database does not answer. Check DATABASE_URL and that its server runs."
        )
    erased = erasing.erased_ids() if replace else []
    try:
        put = restoring.restore(file, replace=replace)
    except (DamagedBackup, CannotRestore) as error:
        raise click.ClickException(shown(of_error(error), of_system())) from None
    click.echo(
        f"{put.row_count:,} rows and {put.file_count:,} files of {put.made_at:%Y-%m-%d %H:%M} UTC are back."
    )
    if put.migrations:
        click.echo(f"Applied: {', '.join(put.migrations)}.")
    if put.earlier is not None:
        click.echo(f"The database of before is {put.earlier}.")
    _erase_again(erased, put)
    found = reconcile()
    for fault in found.faults:
        click.echo(f"WRONG: {fault}")
    click.echo(f"{found.entry_count:,} entries of the ledger, {len(found.faults)} faults.")
    click.echo("Sending is held. Look at the shop, then: python manage.py sending release")
    if found.faults:
        raise SystemExit(1)


def _erase_again(erased: list[int], put: Restored) -> None:
    """Whoever was erased after the backup was made is in it."""
    count, left = erasing.erase_again(erased)
    if count:
        click.echo(f"{count:,} customers whom the backup still held were erased again.")
    for customer_id in left:
        click.echo(
            f"Erase customer {customer_id} again by hand, in the console: the shop's work with them goes on."
        )
    if not erased:
        click.echo(f"Customers erased after {put.made_at:%Y-%m-%d %H:%M} UTC are back: erase them again.")


@click.group()
def sending() -> None:
    """Whether messages are sent: held after a restore, until a person lets it go."""


@sending.command()
def show() -> None:
    """Say whether sending is held, and what would become of the messages that wait."""
    start(register)
    _show()


@sending.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def release(yes: bool) -> None:
    """Let sending go on. What is out of date is dropped, not sent late."""
    start(register)
    if not _show():
        return
    if not yes:
        click.confirm("Let sending go on?", abort=True)
    with write_transaction():
        held_sending.release()
    click.echo("Messages are sent again.")


def _show() -> bool:
    held = sending_held.current()
    if held is None:
        click.echo("Sending is not held.")
        return False
    found = held_sending.outlook()
    click.echo(
        f"Sending is held since {held.held_at:%Y-%m-%d %H:%M} UTC, with data of {held.data_from:%Y-%m-%d %H:%M}."
    )
    click.echo(
        f"Would be sent: {found.fresh_count:,} messages, {found.planned_count:,} planned ones at their times."
    )
    click.echo(
        f"Out of date, would be dropped: {found.stale_count:,} messages, {found.overdue_count:,} planned ones; "
        f"{found.campaign_count:,} campaigns would be stopped."
    )
    return True
