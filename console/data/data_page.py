"""The owner's page of the shop's data: exports, backups and their check, how long data is stored, erasures; and the
button that lets sending go on after a restore."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from bot import localtime
from bot.backups import jobs, last
from bot.backups.jobs import OPEN, DataJob, JobKind, JobState
from bot.backups.settings import BackupRules
from bot.config import settings, shop
from bot.db.database import write_transaction
from bot.queue import sending_held
from console.auth import staff_accounts
from console.data import held_sending, work
from console.shell import audit
from console.shell.translation import gettext
from customers.erasure import erasing
from customers.retention.settings import RetentionRules


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/data")(data)
    console.post("/data/exports")(start_export)
    console.post("/data/exports/<int:job_id>/download")(download_export)
    console.post("/data/backups")(start_backup)
    console.post("/data/sending")(release_sending)


def data() -> str:
    """Everything about the shop's data."""
    exports, backups = jobs.latest(JobKind.EXPORT, 5), jobs.latest(JobKind.BACKUP, 10)
    held = sending_held.current()
    return render_template(
        "console/data/data.html",
        exports=exports,
        backups=backups,
        is_working=any(each.state in OPEN for each in (*exports, *backups)),
        last=last.last(),
        now=localtime.now(),
        backup_rules=shop.get(BackupRules),
        backups_folder=settings.current().backups_folder,
        retention=shop.get(RetentionRules),
        erasures=erasing.recorded(20),
        names=staff_accounts.names(),
        held=held,
        outlook=held_sending.outlook() if held else None,
        state_in_words=state_in_words,
    )


def state_in_words(state: str) -> str:
    """How far a backup or export is."""
    return {
        JobState.REQUESTED: gettext("まもなく始まります"),
        JobState.RUNNING: gettext("作っています"),
        JobState.DONE: gettext("できました"),
        JobState.FAILED: gettext("できませんでした"),
        JobState.DELETED: gettext("消しました"),
    }[JobState(state)]


def start_export() -> AnyResponse:
    """Ask the clock for an export."""
    return _ask_for(JobKind.EXPORT)


def start_backup() -> AnyResponse:
    """Ask the clock for a backup."""
    return _ask_for(JobKind.BACKUP)


def _ask_for(kind: JobKind) -> AnyResponse:
    with write_transaction():
        is_new = jobs.request(kind, current_user.id) is not None
    if not is_new:
        flash(gettext("いま作っている途中です。"), "error")
    return redirect(url_for("console.data"), 303)


def download_export(job_id: int) -> Response:
    """The file of a finished export."""
    job = DataJob.get_or_none(DataJob.id == job_id, DataJob.kind == JobKind.EXPORT) or abort(404)
    path = work.path_of(job)
    if job.state != JobState.DONE or not path.exists():
        abort(404)
    with write_transaction():
        audit.record("download_export", current_user.id, {"job_id": job_id}, {})
    return send_file(path.resolve(), "application/zip", as_attachment=True, download_name=f"goen-{path.name}")


def release_sending() -> AnyResponse:
    """Let sending go on after a restore; what is out of date is dropped."""
    with write_transaction():
        released = held_sending.release()
    if released:
        flash(gettext("送信を再開しました。"))
    return redirect(url_for("console.data"), 303)
