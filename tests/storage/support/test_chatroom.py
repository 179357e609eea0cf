"""The chat's queries, on both databases: who is here, the month's remaining messages, who replied first."""

import uuid
from datetime import timedelta
from itertools import pairwise

import pytest

from bot import localtime
from bot.db.database import write_transaction
from bot.line.month import Month
from bot.queue import month_quota
from console.auth import staff_accounts
from console.desk.composing import replies
from console.desk.composing.replies import ReplyOutcome, Written
from support.tickets import canned_replies, presence
from support.tickets.presence import ChatPresence, Here
from tests.console import chats


def test_who_views_and_who_types_until_twenty_seconds_later() -> None:
    made = chats.ticket(chats.customer("田中"))
    noon = localtime.now()
    with localtime.fixed(noon):
        presence.note(made.id, 1, typing=False)
        presence.note(made.id, 2, typing=True)
        assert presence.others(made.id, 1) == Here(typing=(2,), viewing=())
        assert presence.others(made.id, 2) == Here(typing=(), viewing=(1,))
        presence.note(made.id, 1, typing=True)
        assert presence.others(made.id, 2).typing == (1,)
        with write_transaction():
            presence.clear_typing(made.id, 1)
        assert presence.others(made.id, 2).viewing == (1,)
    with localtime.fixed(noon + timedelta(seconds=21)):
        assert presence.others(made.id, 1) == Here((), ())


def test_a_page_that_asks_every_two_seconds_writes_every_ten() -> None:
    made = chats.ticket(chats.customer("田中"))
    noon = localtime.now()
    written = set()
    for second in range(0, 40, 2):
        with localtime.fixed(noon + timedelta(seconds=second)):
            presence.note(made.id, 1, typing=False)
            written.add(ChatPresence.get().seen_at)
    assert all(later - earlier >= timedelta(seconds=10) for earlier, later in pairwise(sorted(written)))
    assert len(written) == 4


def test_what_is_left_this_month() -> None:
    assert month_quota.left() is None, "LINE has not been asked"
    with write_transaction():
        month_quota.keep(Month(200, 150))
    assert month_quota.left() == 50
    who = chats.customer("田中")
    chats.said(who, [{"type": "text", "text": "こんにちは"}], sent_as="push")
    chats.said(who, [{"type": "text", "text": "こんにちは"}], sent_as="reply")
    assert month_quota.left() == 49, "what was pushed since counts, what was replied does not"
    with localtime.fixed(localtime.now() + timedelta(days=32)):
        assert month_quota.left() is None, "another month"
    with write_transaction():
        month_quota.keep(Month(None, 150))
    assert month_quota.left() is None, "no limit"


def test_an_answer_waits_when_a_colleague_was_first() -> None:
    me, other = chats.person(), chats.person("鈴木", "owner")
    made = chats.ticket(chats.customer("田中"), minutes_ago=5)

    def put(who: staff_accounts.Staff, text: str, seen: int | None, key: str = "") -> ReplyOutcome:
        with write_transaction():
            return replies.put(made, who, Written(text), key or str(uuid.uuid4()), seen)

    key = str(uuid.uuid4())
    assert put(me, "一通目", 0, key) is ReplyOutcome.TAKEN
    assert put(me, "二通目", 0) is ReplyOutcome.TAKEN, "one's own are no surprise"
    assert put(other, "先ほどの件です", 0) is ReplyOutcome.ANSWERED
    first = replies.newest_of_others(made, other.id)
    assert first
    assert put(other, "先ほどの件です", first.number) is ReplyOutcome.TAKEN
    assert put(me, "一通目", 0, key) is ReplyOutcome.TAKEN, (
        "it was stored before: the same answer, not a new one"
    )
    assert put(me, "三通目", 0) is ReplyOutcome.ANSWERED
    assert put(me, "三通目", None) is ReplyOutcome.TAKEN


def test_an_answer_that_could_not_be_delivered_for_long_is_not_sent_unasked() -> None:
    me = chats.person()
    made = chats.ticket(chats.customer("田中"))
    keys = str(uuid.uuid4()), str(uuid.uuid4())
    with write_transaction():
        assert replies.put(made, me, Written("はい"), keys[0], 0, timedelta(minutes=59)) is ReplyOutcome.TAKEN
        assert replies.put(made, me, Written("はい"), keys[0], 0, timedelta(days=1)) is ReplyOutcome.TAKEN, (
            "it had arrived"
        )
        assert (
            replies.put(made, me, Written("はい"), keys[1], 0, timedelta(minutes=61)) is ReplyOutcome.TOO_OLD
        )


def test_canned_texts_have_names_of_their_own() -> None:
    with write_transaction():
        thanks = canned_replies.keep(" お礼 ", "{name}さま、{shop}の{staff}です。{point}", 1)
        assert thanks.said(name="田中", shop="店", staff="佐藤") == "田中さま、店の佐藤です。{point}"
        with pytest.raises(canned_replies.NameTaken):
            canned_replies.keep("お礼", "別の文", 1)
        canned_replies.keep("お礼", "直した文", 1, thanks.id)
        with pytest.raises(ValueError, match="name and a body"):
            canned_replies.keep("名前だけ", "  ", 1)
    assert [(each.name, each.body) for each in canned_replies.everything()] == [("お礼", "直した文")]
    with write_transaction():
        assert canned_replies.drop(thanks.id)
        assert not canned_replies.drop(thanks.id)
