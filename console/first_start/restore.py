"""Puts a backup back at the first start, in a thread of its own, so that the page can say how far it is.

The upload is written to a file beside the shop's data as it arrives; checking and restoring is `bot/backups/`'s.
Afterwards sending is held until an owner lets it go, as after `manage.py restore`.
"""

import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import peewee

from bot import log
from bot.backups import restoring
from bot.backups.archive import DamagedBackup
from bot.backups.restoring import CannotRestore
from bot.config import first_start, settings
from bot.config.settings import Settings, SettingsError
from bot.db import database
from bot.text.two_languages import Sentence, both, of_error
from console.first_start.answers import Answers
from rewards.ledger.reconciliation import reconcile

UPLOAD = "restore-upload.zip"
PLACEHOLDERS = {
    "LINE_CHANNEL_SECRET": "0" * 32,
    "LINE_CHANNEL_ACCESS_TOKEN": "0" * 100,
    "LINE_BASIC_ID": "@set-up",
    "PUBLIC_URL": "https://set-up.example",
    "SHOP_NAME": "set-up",
    "SECRET_KEY": secrets.token_urlsafe(32),
}
"""Settings that are still to be asked for; restoring reads none of them."""
DISK_FAULT = both(
    "The disk or the storage of pictures failed. See whether there is space: about three times the file's size.",
    "ディスクか、写真の置き場所に書けませんでした。空き（ファイルの大きさの3倍ほど）があるか確かめてください。",
)
DATABASE_FAULT = both(
    "The database does not answer. Check DATABASE_URL and that its server runs.",
    "データベースが応答しません。DATABASE_URL が正しいか、データベースのサーバーが動いているかを確かめてください。",
)
UNEXPECTED = both(
    "It could not be restored ({error}). The log says more.",
    "戻せませんでした（{error}）。くわしくはログにあります。",
    error="{error}",
)


class State(StrEnum):
    """How far it is."""

    NONE = "none"
    WORKING = "working"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page says of it."""

    state: State
    fault: str = ""
    """Why it failed, in both languages."""
    made_at: datetime | None = None
    """Of when the backup is that was put back."""
    row_count: int = 0
    file_count: int = 0
    ledger_fault_count: int = 0


class Restoration:
    """The restoring of one set-up; used by several threads."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._lock = threading.Lock()
        made_at = answers.get(first_start.RESTORED)
        self._shown = (
            Shown(State.DONE, made_at=datetime.fromisoformat(made_at)) if made_at else Shown(State.NONE)
        )

    def shown(self) -> Shown:
        """How far it is now."""
        with self._lock:
            return self._shown

    def refuse(self, fault: str) -> None:
        """Say why the upload itself failed."""
        self.delete_upload()
        with self._lock:
            if self._shown.state in (State.NONE, State.FAILED):
                self._shown = Shown(State.FAILED, fault)

    def config(self) -> Settings:
        """Where database and files are. Raises SettingsError."""
        return settings.load(PLACEHOLDERS | self._answers.all())

    def day(self) -> str:
        """Of when the backup is that was put back, in the shop's time zone; empty when none was."""
        made_at = self.shown().made_at
        return (
            f"{made_at.astimezone(ZoneInfo(self.config().shop_timezone)):%Y-%m-%d %H:%M}" if made_at else ""
        )

    def lacks_database(self) -> bool:
        """Whether the database would be on a platform's disk, which is not kept."""
        return not self._answers.is_stored and not self._answers.get("DATABASE_URL")

    def open_upload(self) -> IO[bytes]:
        """The file into which the upload is written. Raises OSError and SettingsError."""
        folder = self.config().data_dir
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.delete_upload()
        path = folder / UPLOAD
        path.touch(mode=0o600)
        return path.open("w+b")

    def begin(self) -> bool:
        """Check and restore what was uploaded, in a thread; False while one is under way or is done."""
        with self._lock:
            if self._shown.state in (State.WORKING, State.DONE):
                return False
            self._shown = Shown(State.WORKING)
        threading.Thread(target=self._run, name="restore", daemon=True).start()
        return True

    def _run(self) -> None:
        try:
            found = self._restore()
        except (SettingsError, DamagedBackup, CannotRestore) as refused:
            found = Shown(State.FAILED, of_error(refused))
        except OSError:
            log.exception("restore failed")
            found = Shown(State.FAILED, DISK_FAULT)
        except (peewee.PeeweeException, database.DatabaseUnfit):
            log.exception("restore failed")
            found = Shown(State.FAILED, DATABASE_FAULT)
        except Exception as error:  # the page must not wait for good
            log.exception("restore failed")
            name = type(error).__name__
            found = Shown(
                State.FAILED,
                Sentence(UNEXPECTED.format(error=name), UNEXPECTED.ja.format(error=name)),
            )
        finally:
            database.close()
            self.delete_upload()
        with self._lock:
            self._shown = found

    def _restore(self) -> Shown:
        config = settings.use(self.config())
        if config.database_url.startswith("sqlite:///"):
            Path(config.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        database.connect(config.database_url)
        if not database.reachable():
            raise CannotRestore(DATABASE_FAULT)
        put = restoring.restore(config.data_dir / UPLOAD)
        self._answers.save(**{first_start.RESTORED: put.made_at.isoformat()})
        return Shown(
            State.DONE,
            made_at=put.made_at,
            row_count=put.row_count,
            file_count=put.file_count,
            ledger_fault_count=len(reconcile().faults),
        )

    def delete_upload(self) -> None:
        """Delete what was uploaded: it holds customers' data."""
        with suppress(OSError, SettingsError):
            (self.config().data_dir / UPLOAD).unlink(missing_ok=True)
