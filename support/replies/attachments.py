"""Stores what staff upload for a reply, and says which reply it was sent with.

A file is a draft of one person in one chat until a reply takes it; then customers may open it until a day that
is fixed at that moment. Its bytes are a row of `bot/files/media.py`, as customers' media are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import peewee

from bot import localtime
from bot.config import shop
from bot.db import database
from bot.db.database import Model, UtcDateTimeField, write_transaction
from bot.files import content_types, media, storage
from bot.files.media import Media
from support.replies import addresses
from support.replies.preparing import CannotBeSent, Prepared, Unfit
from support.replies.settings import AttachmentRules

MESSAGE_ID_PREFIX = "staff-"
"""Before the token in `Media.message_id`: LINE's own ids are numbers."""
ABANDONED_AFTER = timedelta(days=7)
DELETED_AT_ONCE = 50


class NoLongerThere(Exception):
    """One of the files was removed, or sent with another reply."""


class ReplyAttachment(Model):
    """One file that a person of staff uploaded for a reply."""

    media = peewee.ForeignKeyField(Media, on_delete="CASCADE", unique=True, backref="+")
    media_id: int
    token = peewee.CharField(32, unique=True)
    staff_id = peewee.IntegerField()
    uploaded_at = UtcDateTimeField(index=True)
    reply_id = peewee.CharField(100, null=True)
    """The id of the event of the reply that it was sent with; None for a draft."""
    sent_at = UtcDateTimeField(null=True)
    open_until = peewee.DateField(null=True, index=True)
    """The last day on which the customer can open it."""

    class Meta:
        table_name = "reply_attachment"


def upload(conversation_id: int, staff_id: int, file: Prepared, name: str) -> ReplyAttachment:
    """Store the file as a draft. Opens its own transactions, since the storage may be remote.

    Raises CannotBeSent where its metadata cannot be removed, and OSError where it cannot be stored.
    """
    token = addresses.new_token()
    with write_transaction():
        row = Media.create(
            message_id=MESSAGE_ID_PREFIX + token,
            conversation=conversation_id,
            kind=file.kind,
            file_name=media.plain_name(name),
            received_at=localtime.now(),
        )
        made = ReplyAttachment.create(
            media=row.id, token=token, staff_id=staff_id, uploaded_at=localtime.now()
        )
    try:
        content_type, byte_count = _stored(row, file)
    except (OSError, CannotBeSent):
        with write_transaction():
            _delete(made, row)
        raise
    with write_transaction():
        media.keep(row, content_type, byte_count)
    return made


def _stored(row: Media, file: Prepared) -> tuple[str, int]:
    with media.download(row) as copy:
        copy.take(file.content)
        copy.complete()
    if copy.content_type != file.content_type:  # it holds metadata that could not be removed
        raise CannotBeSent(Unfit.BROKEN)
    return copy.content_type, copy.byte_count


def drafts(conversation_id: int, staff_id: int) -> list[ReplyAttachment]:
    """The person's files in that chat that no reply took yet, in the order of uploading, with their media."""
    mine = (Media.conversation == conversation_id) & (ReplyAttachment.staff_id == staff_id)
    query = ReplyAttachment.select(ReplyAttachment, Media).join(Media)
    waiting = mine & ReplyAttachment.reply_id.is_null() & (Media.state == media.STORED)
    return list(query.where(waiting).order_by(ReplyAttachment.id))


def take(conversation_id: int, ids: Sequence[int], reply_id: str) -> None:
    """Give these files to the reply, all or none; repeated for the same reply it changes nothing.

    Raises NoLongerThere; run it in a savepoint.
    """
    database.require_transaction()
    days = shop.get(AttachmentRules).valid_days
    free = ReplyAttachment.reply_id.is_null() | (ReplyAttachment.reply_id == reply_id)
    of_chat = Media.select(Media.id).where(Media.conversation == conversation_id)
    wanted = ReplyAttachment.id.in_(list(ids)) & ReplyAttachment.media.in_(of_chat)
    taken = ReplyAttachment.update(
        reply_id=reply_id, sent_at=localtime.now(), open_until=localtime.today() + timedelta(days=days)
    ).where(wanted, free)
    if taken.execute() != len(set(ids)):
        raise NoLongerThere


def of_reply(reply_id: str) -> list[ReplyAttachment]:
    """The files of that reply with their media, in the order in which they are sent."""
    query = ReplyAttachment.select(ReplyAttachment, Media).join(Media)
    return list(query.where(ReplyAttachment.reply_id == reply_id).order_by(ReplyAttachment.id))


def by_token(token: str) -> ReplyAttachment | None:
    """The sent file with that token and its media, while the customer may open it; None otherwise."""
    query = ReplyAttachment.select(ReplyAttachment, Media).join(Media)
    found: ReplyAttachment | None = query.where(
        ReplyAttachment.token == token, ReplyAttachment.reply_id.is_null(is_null=False)
    ).first()
    return found


def is_over(attachment: ReplyAttachment) -> bool:
    """Whether its last day has passed, or its file is gone."""
    until = attachment.open_until
    return until is None or localtime.today() > until or attachment.media.state != media.STORED


def discard(attachment_id: int, conversation_id: int, staff_id: int) -> bool:
    """Delete a draft of that person; False when there is none."""
    database.require_transaction()
    mine = (Media.conversation == conversation_id) & (ReplyAttachment.staff_id == staff_id)
    query = ReplyAttachment.select(ReplyAttachment, Media).join(Media)
    row = query.where(ReplyAttachment.id == attachment_id, mine, ReplyAttachment.reply_id.is_null()).first()
    if row is not None:
        _delete(row, row.media)
    return row is not None


def delete_old() -> int:
    """Delete drafts that nobody sent for a week, and the files of sent ones after their last day; how many.

    Opens its own transactions. Safe to repeat.
    """
    query = ReplyAttachment.select(ReplyAttachment, Media).join(Media)
    unsent_since = localtime.now() - ABANDONED_AFTER
    abandoned = ReplyAttachment.reply_id.is_null() & (ReplyAttachment.uploaded_at < unsent_since)
    over = (ReplyAttachment.open_until < localtime.today()) & (Media.state == media.STORED)
    rows = list(query.where(abandoned | over).order_by(ReplyAttachment.id).limit(DELETED_AT_ONCE))
    for row in rows:
        with write_transaction():
            if row.reply_id is None:
                _delete(row, row.media)
            else:
                media.lose(row.media.message_id, media.OVER)
                storage.discard(row.media.key)
    return len(rows)


def _delete(row: ReplyAttachment, its_media: Media) -> None:
    freed = ReplyAttachment.delete().where(ReplyAttachment.id == row.id, ReplyAttachment.reply_id.is_null())
    if freed.execute():
        Media.delete().where(Media.id == its_media.id).execute()
        storage.discard(its_media.key)


def name_of(attachment: ReplyAttachment) -> str:
    """The file's name for people."""
    row = attachment.media
    ending = content_types.ENDINGS.get(row.content_type or "", "bin")
    return row.file_name or f"{localtime.local(row.received_at):%Y%m%d}-{row.id}.{ending}"
