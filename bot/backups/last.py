"""When the shop was last backed up, and whether that file was found whole: for the pages and the checks of the shop's
health."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import localtime
from bot.backups import jobs
from bot.backups.jobs import JobKind
from bot.config import settings


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last backup that was made."""

    made_at: datetime
    checked_at: datetime | None
    """When it was read again and found whole; None when that failed."""
    byte_count: int
    is_there: bool
    """Whether its file is where backups are stored."""

    @property
    def age(self) -> timedelta:
        """How old it is."""
        return localtime.now() - self.made_at


def last() -> LastBackup | None:
    """The last backup; None when there never was one."""
    found = jobs.last_done(JobKind.BACKUP)
    if found is None or found.finished_at is None:
        return None
    path = settings.current().backups_folder / found.file_name
    return LastBackup(found.finished_at, found.checked_at, found.byte_count, path.exists())
