"""Records each picture, video, voice message and file that customers send: a row for each, and its bytes in a
file of ours (`bot/files/storage.py`). What staff send is stored alike (`support/replies/attachments.py`).

Fetching from LINE is left to `bot/worker/fetcher.py`, who may see it to the console. A file is named by the
row's id: what the customer called it is only shown.
"""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import peewee

from bot import localtime
from bot.config import settings
from bot.conversations import Conversation
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField, insert_once
from bot.files import content_types, media_cleaning, storage
from bot.queue import outbox
from bot.routing.events import Event, MediaReceived, Unsent

WANTED, STORED, GONE = "wanted", "kept", "gone"
NOT_AT_LINE, TOO_LARGE, ELSEWHERE, UNSENT = "not-at-line", "too-large", "elsewhere", "unsent"
OVER = "over"
ERASED, TOO_OLD = "erased", "too-old"
"""Why content is gone: LINE no longer has it, it is larger than we store, it never was at LINE, it was
unsent, the days are over for which something of staff's can be opened."""

KINDS = ("image", "video", "audio", "file")
MOST_BYTES = {"image": 10 << 20, "video": 200 << 20, "audio": 200 << 20, "file": 200 << 20}
"""LINE's limits for messages of each kind; it names none for files, which get a video's.
https://developers.line.biz/en/reference/messaging-api/#image-message"""
LONGEST_NAME = 200
CLEANED_AT_ONCE = 20
PART = ".part"


class TooLarge(Exception):
    """The content is larger than we store."""


class Media(Model):
    """One thing a customer sent, and what became of it."""

    message_id = peewee.CharField(unique=True)
    """LINE's."""
    conversation = peewee.ForeignKeyField(Conversation)
    conversation_id: int
    kind = peewee.CharField()
    """image, video, audio or file: what LINE called it."""
    state = peewee.CharField(default=WANTED)
    gone_because = peewee.CharField(null=True)
    content_type = peewee.CharField(null=True)
    """The type detected from the bytes; never what anybody claimed."""
    byte_count = peewee.BigIntegerField(null=True)
    file_name = peewee.CharField(null=True)
    """What the customer called a file."""
    received_at = UtcDateTimeField()
    stored_at = UtcDateTimeField(column_name="kept_at", null=True)
    cleaned_at = UtcDateTimeField(null=True)
    """Since when its file holds no metadata; null for files of earlier versions, until `clean_stored` has
    done them."""
    image_set = peewee.CharField(100, null=True)
    """LINE's id for several pictures sent at once."""

    @property
    def key(self) -> str:
        """The key of its bytes in `bot.files.storage`."""
        return f"media/{self.id}"


def folder() -> Path:
    """Where files are written while they are being fetched."""
    return settings.current().data_dir / "media"


def take_note(event: Event) -> None:
    """Request a fetch of media that came in; discard media that was unsent. Once a message, however often
    LINE sends it."""
    database.require_transaction()
    if isinstance(event, MediaReceived):
        _expect(event)
    elif isinstance(event, Unsent):
        _forget(event.message_id)


def _expect(event: MediaReceived) -> None:
    if event.media not in KINDS or not event.message_id:
        return
    reason = ELSEWHERE if event.provider != "line" else None
    if (event.byte_count or 0) > MOST_BYTES[event.media]:
        reason = TOO_LARGE
    fresh = insert_once(
        Media,
        message_id=event.message_id,
        conversation=event.conversation_id,
        kind=event.media,
        state=GONE if reason else WANTED,
        gone_because=reason,
        file_name=plain_name(event.file_name),
        received_at=event.received_at,
        image_set=event.image_set[:100] or None,
    )
    if fresh and not reason:
        outbox.fetch_content(event.conversation_id, event.message_id, event.channel)


def plain_name(name: str) -> str | None:
    """A file's name without what could disguise it: invisible characters, and folders."""
    seen = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    return seen.replace("/", "_").replace("\\", "_").strip(". ")[-LONGEST_NAME:] or None


def _forget(message_id: str) -> None:
    lose(message_id, UNSENT)
    found = find(message_id)
    if found is not None:
        Media.update(file_name=None).where(Media.id == found.id).execute()
        storage.discard(found.key)


def find(message_id: str) -> Media | None:
    """The media with that message id of LINE's."""
    found: Media | None = Media.get_or_none(Media.message_id == message_id)
    return found


def is_further_of_a_set(message_id: str) -> bool:
    """Whether other pictures that were sent at once with this one came in before it: the first is answered
    for all."""
    found = find(message_id)
    if found is None or not found.image_set:
        return False
    others = (Media.image_set == found.image_set) & (Media.conversation == found.conversation_id)
    return bool(Media.select().where(others, Media.id < found.id).exists())


def by_message_id(message_ids: Iterable[str]) -> dict[str, Media]:
    """All media with those message ids."""
    wanted = list(message_ids)
    rows = Media.select().where(Media.message_id.in_(wanted)) if wanted else ()
    return {row.message_id: row for row in rows}


def lose(message_id: str, reason: str) -> None:
    """Mark the content as gone, for that reason."""
    database.require_transaction()
    Media.update(state=GONE, gone_because=reason, stored_at=None).where(
        Media.message_id == message_id, Media.state != GONE
    ).execute()


def keep(media: Media, content_type: str, byte_count: int) -> None:
    """Mark its file as stored. If it was unsent while it was being fetched, its file is deleted instead."""
    database.require_transaction()
    now = localtime.now()
    stored = Media.update(
        state=STORED, content_type=content_type, byte_count=byte_count, stored_at=now, cleaned_at=now
    ).where(Media.id == media.id, Media.state == WANTED)
    if not stored.execute() and Media.get_by_id(media.id).state == GONE:
        storage.discard(media.key)


class Download:
    """Bytes being written to a temporary file; stored under its key only once all of it is on the disk."""

    def __init__(self, media: Media, file: Any) -> None:
        self._media, self._file = media, file
        self._head = b""
        self._cleaned_type: str | None = None
        self.byte_count = 0

    def take(self, chunk: bytes) -> None:
        """Write the next bytes. Raises TooLarge."""
        self.byte_count += len(chunk)
        if self.byte_count > MOST_BYTES[self._media.kind]:
            raise TooLarge
        self._head += chunk[: content_types.HEAD_BYTES - len(self._head)]
        self._file.write(chunk)

    @property
    def content_type(self) -> str:
        """The type of the bytes."""
        return self._cleaned_type or content_types.detect(self._head, as_voice=self._media.kind == "audio")

    def complete(self) -> None:
        """Finish: remove the metadata and store the file under its key."""
        self._file.flush()
        os.fsync(self._file.fileno())
        path = Path(self._file.name)
        self._cleaned_type = media_cleaning.clean(path, self.content_type)
        self.byte_count = path.stat().st_size
        storage.put(self._media.key, path, self.content_type)


@contextmanager
def download(media: Media) -> Iterator[Download]:
    """A temporary file for its bytes, which no other user of the machine may read; deleted unless it is
    completed."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with NamedTemporaryFile(dir=folder(), prefix=f"{media.id}.", suffix=PART, delete=False) as file:
            yield Download(media, file)
    finally:
        delete_parts(media)


def delete_parts(media: Media) -> None:
    """Delete what was fetched of it and not completed, also by a process that was killed."""
    for part in folder().glob(f"{media.id}.*{PART}"):
        part.unlink(missing_ok=True)


def clean_stored() -> int:
    """Remove metadata from some files that earlier versions stored as they came, oldest first; returns how
    many. Raises OSError.

    Opens its own transactions, so it is called at the edge, by one process. Safe to repeat.
    """
    query = Media.select().where(Media.state == STORED, Media.cleaned_at.is_null()).order_by(Media.id)
    rows = list(query.limit(CLEANED_AT_ONCE))
    for row in rows:
        cleaned = _cleaned(row)
        with database.write_transaction():
            done = Media.update(cleaned_at=localtime.now(), **cleaned)
            if not done.where(Media.id == row.id, Media.state == STORED).execute():
                # It was unsent meanwhile, and the cleaned file was stored after its deletion.
                storage.discard(row.key)
    return len(rows)


def _cleaned(row: Media) -> dict[str, Any]:
    found = storage.find(row.key)
    if found is None:
        return {}
    with download(row) as copy:
        with found.file:
            while chunk := found.file.read(1 << 20):
                copy.take(chunk)
        copy.complete()
    return {"content_type": copy.content_type, "byte_count": copy.byte_count}


def _discard_files(who: erasure.Person) -> None:
    theirs = Media.select(Media.id).where(Media.conversation.in_(who.conversation_ids), Media.state == STORED)
    for row in theirs:
        storage.discard_later(row.key)


erasure.blanked(
    Media,
    {"state": GONE, "gone_because": ERASED, "file_name": None, "content_type": None, "stored_at": None},
    "conversation",
    before=_discard_files,
)
