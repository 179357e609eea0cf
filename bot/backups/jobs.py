"""The record of long work on the shop's data: backups and exports. The clock does it; pages show how far it is."""

import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction, write_transaction

LOST_AFTER = timedelta(minutes=10)
"""A job that did not get on for so long was ended by a crash; it is begun anew."""


class JobKind(StrEnum):
    """What is made."""

    BACKUP = "backup"
    EXPORT = "export"


class JobState(StrEnum):
    """How far it is."""

    REQUESTED = "requested"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DELETED = "deleted"
    """Its file was deleted since."""


OPEN = (JobState.REQUESTED, JobState.RUNNING)


class DataJob(Model):
    """One backup or export."""

    kind = peewee.CharField(16)
    state = peewee.CharField(16, default=JobState.REQUESTED)
    requested_at = UtcDateTimeField()
    requested_by = peewee.IntegerField(null=True)
    started_at = UtcDateTimeField(null=True)
    """When it last got on, while it runs."""
    finished_at = UtcDateTimeField(null=True)
    done_count = peewee.BigIntegerField(default=0)
    total_count = peewee.BigIntegerField(default=0)
    file_name = peewee.CharField(120, default="")
    byte_count = peewee.BigIntegerField(default=0)
    error = peewee.TextField(default="")
    checked_at = UtcDateTimeField(null=True)
    """When its file was read again and found whole."""
    facts = peewee.TextField(default="{}")

    class Meta:
        table_name = "data_job"
        indexes = ((("kind", "requested_at"), False),)

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return min(99, self.done_count * 100 // self.total_count) if self.total_count else 0

    @property
    def as_facts(self) -> dict[str, Any]:
        """What was noted of it."""
        facts: dict[str, Any] = json.loads(self.facts)
        return facts


def request(kind: JobKind, by: int | None) -> int | None:
    """Ask for one; None when one of that kind is asked for already."""
    require_transaction()
    if DataJob.select().where(DataJob.kind == kind, DataJob.state.in_(OPEN)).exists():
        return None
    return int(DataJob.create(kind=kind, requested_at=localtime.now(), requested_by=by).id)


def take(kind: JobKind) -> DataJob | None:
    """The one to do now: asked for, or left by a crash."""
    lost = (DataJob.state == JobState.RUNNING) & (DataJob.started_at < localtime.now() - LOST_AFTER)
    found: DataJob | None = DataJob.get_or_none(
        (DataJob.kind == kind) & ((DataJob.state == JobState.REQUESTED) | lost)
    )
    if found is None:
        return None
    with write_transaction():
        mine = (DataJob.id == found.id) & (DataJob.state == found.state)
        if found.started_at is not None:
            mine &= DataJob.started_at == found.started_at
        now = localtime.now()
        if not DataJob.update(state=JobState.RUNNING, started_at=now, done_count=0).where(mine).execute():
            return None
    return found


def progress(job_id: int, done: int, total: int) -> None:
    """Note how far it is."""
    with write_transaction():
        DataJob.update(done_count=done, total_count=total, started_at=localtime.now()).where(
            DataJob.id == job_id
        ).execute()


def finish(job_id: int, file_name: str, byte_count: int, **facts: Any) -> None:
    """Note that its file is there."""
    with write_transaction():
        DataJob.update(
            state=JobState.DONE,
            finished_at=localtime.now(),
            file_name=file_name,
            byte_count=byte_count,
            facts=json.dumps(facts, ensure_ascii=False, default=str),
            checked_at=localtime.now() if facts.get("checked") else None,
        ).where(DataJob.id == job_id).execute()


def fail(job_id: int, error: str) -> None:
    """Note why it could not be made."""
    with write_transaction():
        DataJob.update(state=JobState.FAILED, finished_at=localtime.now(), error=error[:2000]).where(
            DataJob.id == job_id
        ).execute()


def latest(kind: JobKind, limit: int = 20) -> list[DataJob]:
    """The latest ones, newest first."""
    return list(DataJob.select().where(DataJob.kind == kind).order_by(DataJob.id.desc()).limit(limit))


def last_done(kind: JobKind) -> DataJob | None:
    """The last one that was made, whether or not its file was deleted since."""
    query = DataJob.select().where(DataJob.kind == kind, DataJob.state.in_((JobState.DONE, JobState.DELETED)))
    found: DataJob | None = query.order_by(DataJob.id.desc()).first()
    return found


def last_whole_at() -> datetime | None:
    """When the last backup was made whose file was read again and found whole; None when there never was one."""
    whole = (DataJob.kind == JobKind.BACKUP) & DataJob.checked_at.is_null(is_null=False)
    found: DataJob | None = DataJob.select().where(whole).order_by(DataJob.id.desc()).first()
    return found.finished_at if found is not None else None


erasure.nothing("It counts rows and names files.", DataJob)
