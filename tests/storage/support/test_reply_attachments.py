"""Files and gifts of replies on both databases: taken once, all or none; deleted with what they belong to."""

from datetime import timedelta

import pytest

from bot import localtime
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from bot.files import media, storage
from bot.files.media import Media
from support.replies import attachments, gifts, preparing
from support.replies.attachments import NoLongerThere, ReplyAttachment
from support.replies.gifts import GivenMeanwhile, ReplyGift, Wish
from tests.console import chats
from tests.pictures_of_staff import PDF

pytestmark = pytest.mark.usefixtures("any_database")


@pytest.fixture
def chat() -> int:
    shop.use({})
    return chats.customer("田中").conversation_id or 0


def upload(chat: int, staff_id: int = 1) -> int:
    return int(attachments.upload(chat, staff_id, preparing.prepared(PDF, "説明.pdf"), "説明.pdf").id)


def take(chat: int, ids: list[int], reply: str) -> bool:
    """Whether the reply got the files; nothing of it remains otherwise."""
    try:
        with write_transaction(), database.savepoint():
            attachments.take(chat, ids, reply)
    except NoLongerThere:
        return False
    return True


def test_a_reply_takes_all_or_none_and_only_once(chat: int) -> None:
    first, second = upload(chat), upload(chat)
    assert take(chat, [first], "reply:1")
    assert take(chat, [first], "reply:1"), "the same reply again"
    assert not take(chat, [first, second], "reply:2")
    assert [row.id for row in attachments.drafts(chat, 1)] == [second], "it was not taken"
    assert [row.id for row in attachments.of_reply("reply:1")] == [first]


def test_files_belong_to_their_chat_and_their_person(chat: int) -> None:
    mine = upload(chat)
    other = chats.customer("鈴木").conversation_id or 0
    assert not take(other, [mine], "reply:1")
    assert attachments.drafts(chat, 2) == []
    with write_transaction():
        assert not attachments.discard(mine, chat, 2)
        assert attachments.discard(mine, chat, 1)
    assert (ReplyAttachment.select().count(), Media.select().count()) == (0, 0)


def test_old_drafts_and_files_past_their_day_are_deleted_and_nothing_else(chat: int) -> None:
    shop.use({"support": {"attachments": {"valid_days": 7}}})
    forgotten, sent = upload(chat), upload(chat)
    assert take(chat, [sent], "reply:1")
    with localtime.fixed(localtime.now() + timedelta(days=8)):
        young = upload(chat)
        assert attachments.delete_old() == 2
        assert attachments.delete_old() == 0
    left = {row.id: row for row in ReplyAttachment.select(ReplyAttachment, Media).join(Media)}
    assert {*left} == {sent, young}
    assert forgotten not in left
    assert (left[sent].media.state, left[sent].media.gone_because) == (media.GONE, media.OVER)
    assert storage.find(left[sent].media.key) is None
    stored = storage.find(left[young].media.key)
    assert stored is not None
    stored.file.close()
    shop.use({})


def test_a_gift_is_given_once_by_its_number(chat: int) -> None:
    wish = Wish(points=100, reason="お詫び")
    with write_transaction():
        assert gifts.next_number(chat) == 1
        gifts.request(chat, 1, wish, 1, "reply:1")
        gifts.request(chat, 1, wish, 1, "reply:1")
    with pytest.raises(GivenMeanwhile), write_transaction():
        gifts.request(chat, 1, wish, 2, "reply:2")
    assert ReplyGift.select().count() == 1
    assert gifts.next_number(chat) == 2
