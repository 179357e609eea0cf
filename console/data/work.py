"""Makes backups and exports in a thread of the clock, one at a time, so that its other jobs go on; deletes old files.

What a crash ended is begun anew."""

import threading
from datetime import timedelta
from pathlib import Path

from bot import localtime, log
from bot.backups import archive, jobs
from bot.backups.archive import DamagedBackup
from bot.backups.jobs import DataJob, JobKind, JobState
from bot.backups.settings import BackupRules
from bot.config import settings, shop
from bot.db import database
from bot.db.database import write_transaction
from console.data import whole_export

_busy = threading.Lock()


def exports_folder() -> Path:
    """Where exports are stored until they are deleted."""
    return settings.current().data_dir / "exports"


def start_next() -> int:
    """Begin what was asked for, in a thread of its own; for the clock. 1 when something was begun."""
    _ask_for_daily_backup()
    if not _busy.acquire(blocking=False):
        return 0
    job = jobs.take(JobKind.BACKUP) or jobs.take(JobKind.EXPORT)
    if job is None:
        _busy.release()
        return 0
    threading.Thread(target=_do_and_release, args=(job,), name="data", daemon=True).start()
    return 1


def _do_and_release(job: DataJob) -> None:
    try:
        do(job)
    finally:
        database.close()
        _busy.release()


def do(job: DataJob) -> None:
    """Do one job; a failure is noted with it."""
    try:
        if job.kind == JobKind.BACKUP:
            _back_up(job)
        else:
            _export(job)
    except Exception as error:  # shown on the page; the clock goes on
        log.exception("backup or export failed", job=job.id)
        jobs.fail(job.id, str(error))


def _back_up(job: DataJob) -> None:
    made = archive.make(
        settings.current().backups_folder, lambda done, total: jobs.progress(job.id, done, total)
    )
    try:
        archive.verify(made.path)
    except DamagedBackup as damaged:
        made.path.unlink(missing_ok=True)
        raise OSError(str(damaged)) from damaged
    rows = sum(made.manifest["tables"].values())
    jobs.finish(job.id, made.path.name, made.byte_count, rows=rows, checked=True)


def _export(job: DataJob) -> None:
    folder = exports_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"export-{job.id}.zip"
    rows = whole_export.write(path, lambda done, total: jobs.progress(job.id, done, total))
    jobs.finish(job.id, path.name, path.stat().st_size, rows=rows)


def _ask_for_daily_backup() -> None:
    rules, now = shop.get(BackupRules), localtime.local(localtime.now())
    if not rules.daily or now.hour < rules.hour or settings.current().demo:
        return
    last = jobs.latest(JobKind.BACKUP, 1)
    if last and last[0].requested_at >= localtime.start_of(now.date()):
        return
    with write_transaction():
        jobs.request(JobKind.BACKUP, None)


def delete_old() -> int:
    """Delete exports after some days, and backups beyond the number that is stored; how many."""
    rules = shop.get(BackupRules)
    made = [each for each in jobs.latest(JobKind.BACKUP, 1_000) if each.state == JobState.DONE]
    until = localtime.now() - timedelta(days=rules.export_days)
    exports = [each for each in jobs.latest(JobKind.EXPORT, 1_000) if each.state == JobState.DONE]
    old = [each for each in exports if each.finished_at is not None and each.finished_at < until]
    for each in (*made[rules.stored_count :], *old):
        path_of(each).unlink(missing_ok=True)
        with write_transaction():
            DataJob.update(state=JobState.DELETED).where(DataJob.id == each.id).execute()
    return len(made[rules.stored_count :]) + len(old)


def path_of(job: DataJob) -> Path:
    """Where the file of that job is."""
    folder = settings.current().backups_folder if job.kind == JobKind.BACKUP else exports_folder()
    return folder / Path(str(job.file_name)).name
