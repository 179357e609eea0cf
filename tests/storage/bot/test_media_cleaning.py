"""Files that earlier versions stored unchanged are cleaned of metadata by the clock, a few at a time."""

from typing import Any

import pytest

from bot import localtime
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.files import content_types, media, storage
from bot.files.media import STORED, Media
from tests.test_metadata import SECRETS, seen, taken


def stored_before(message_id: str) -> Media:
    """A row and a file as earlier versions left them."""
    chat = Conversation.get_or_none(Conversation.key == "U1") or Conversation.create(
        key="U1", line_user_id="U1"
    )
    content, now = taken("JPEG"), localtime.now()
    stored: Media = Media.create(
        message_id=message_id,
        conversation=chat.id,
        kind="image",
        state=STORED,
        content_type=content_types.JPEG,
        byte_count=len(content),
        received_at=now,
        stored_at=now,
    )
    storage.put(stored.key, content, content_types.JPEG)
    return stored


def file_of(stored: Media) -> bytes:
    found = storage.find(stored.key)
    assert found is not None
    with found.file:
        return found.file.read()


def test_what_earlier_versions_stored_is_cleaned_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "CLEANED_AT_ONCE", 2)
    stored, gone, third = (stored_before(number) for number in "789")
    original = file_of(stored)
    with write_transaction():
        storage.discard(gone.key)
    assert [media.clean_stored() for _ in range(3)] == [2, 1, 0]
    for each in (stored, third):
        clean = file_of(each)
        assert not any(secret in clean for secret in SECRETS)
        assert seen(clean) == seen(original)
        row = Media.get_by_id(each.id)
        assert (row.byte_count, row.content_type, row.state) == (len(clean), content_types.JPEG, STORED)


def test_what_was_taken_back_meanwhile_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = stored_before("7")
    put = storage.put

    def taken_back(*args: Any) -> None:
        put(*args)
        Media.update(state=media.GONE).where(Media.id == stored.id).execute()

    monkeypatch.setattr(storage, "put", taken_back)
    assert media.clean_stored() == 1
    assert storage.find(stored.key) is None
