"""The search over transcripts, on both databases: in pages, newest first, without unsent messages."""

import json
import uuid

import pytest

from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from support.transcript import search
from support.transcript.search import TranscriptText
from tests.console import chats


def texts(query: str) -> list[str]:
    return [line.text for line in search.search(query).lines]


def fill() -> int:
    return sum(search.fill())


def test_two_letters_are_enough_and_every_word_must_be_there() -> None:
    who = chats.customer("田中")
    for words in ("返品できますか", "品質は良いです", "返金と交換のこと", "ハンドクリームの品切れ"):
        chats.wrote(who, words)
    fill()
    assert texts("返品") == ["返品できますか"]
    assert texts("ﾊﾝﾄﾞ") == ["ハンドクリームの品切れ"]
    assert texts("交換 返金") == ["返金と交換のこと"]
    assert texts("品 ハンド") == ["ハンドクリームの品切れ"]
    assert texts("返品でます") == [], "its pairs are all there, but not in a row"
    assert texts("品") == []
    assert texts("") == []
    assert texts("' OR 1=1 --%_\"*") == []


def test_what_staff_wrote_is_found_with_who_wrote_it() -> None:
    who = chats.customer("田中")
    chats.replied(chats.ticket(who), 7, "本日お送りします")
    fill()
    [line] = search.search("お送り").lines
    assert (line.staff_id, line.conversation_id) == (7, who.conversation_id)


def test_the_newest_come_first_in_pages_that_leave_nothing_out() -> None:
    who = chats.customer("田中")
    for number in range(7):
        chats.wrote(who, f"返品{number}")
    fill()
    first = search.search("返品", limit=4)
    rest = search.search("返品", limit=4, before=first.before)
    found = [line.text for line in [*first.lines, *rest.lines]]
    assert found == [f"返品{number}" for number in reversed(range(7))]
    assert rest.before is None


def test_to_fill_twice_changes_nothing_and_only_chats_of_two_count() -> None:
    who = chats.customer("田中")
    chats.wrote(who, "返品です")
    chats.wrote(who, {"type": "sticker", "keywords": ["返品"]})
    group = InboxEvent.get()
    Conversation.create(key="group:1")
    InboxEvent.create(
        event_id=str(uuid.uuid4()),
        conversation=Conversation.get(Conversation.key == "group:1"),
        source="line",
        body=json.dumps({"type": "message", "message": {"type": "text", "id": "g", "text": "返品"}}),
        occurred_at=group.occurred_at,
        received_at=group.received_at,
    )
    fill()
    fill()
    assert texts("返品") == ["返品です"]
    assert TranscriptText.select().count() == 1


def test_what_was_changed_is_found_by_its_new_words_where_it_stood() -> None:
    who = chats.customer("田中")
    chats.wrote(who, {"type": "text", "id": "77", "text": "台東区です"})
    chats.came(who, {"type": "messageEdited", "message": {"type": "text", "id": "77", "text": "墨田区です"}})
    chats.wrote(who, {"type": "text", "id": "78", "text": "消した住所"})
    chats.came(who, {"type": "unsend", "unsend": {"messageId": "78"}})
    chats.came(who, {"type": "messageEdited", "message": {"type": "text", "id": "78", "text": "江東区です"}})
    for _ in range(2):
        fill()
        assert texts("台東") == texts("江東") == texts("住所") == []
        [line] = search.search("墨田").lines
        assert (line.text, line.event_id) == (
            "墨田区です",
            InboxEvent.select().order_by(InboxEvent.id).first().id,
        )


def test_what_is_taken_back_is_gone_in_whichever_order_it_is_received() -> None:
    who = chats.customer("田中")
    conversation_id = who.conversation_id or 0
    chats.wrote(who, {"type": "text", "id": "77", "text": "秘密の番号"})
    chats.wrote(who, {"type": "text", "id": "78", "text": "秘密の場所"})
    chats.came(who, {"type": "unsend", "unsend": {"messageId": "77"}})
    first, second, unsent = InboxEvent.select().order_by(InboxEvent.id)
    with write_transaction():
        search.add(first.id, conversation_id, "秘密の番号", "77")
        search.remove(unsent.id, conversation_id, "77")
        search.remove(unsent.id, conversation_id, "78")
        search.add(second.id, conversation_id, "秘密の場所", "78")
    assert texts("秘密") == []
    assert "秘密" not in "".join(row.folded for row in TranscriptText.select())


@pytest.mark.parametrize("query", ["山崎", "山﨑", "ﾜﾀﾅﾍﾞ", "わたなべ", "ワタナベ", "渡辺", "渡邉"])
def test_names_are_found_as_people_write_them(any_database: object, query: str) -> None:
    who = chats.customer("田中")
    chats.wrote(who, "山﨑と申します。渡邊（ワタナベ）の紹介です")
    fill()
    assert texts(query) == ["山﨑と申します。渡邊（ワタナベ）の紹介です"]


def test_what_an_older_version_folded_is_folded_anew(any_database: object) -> None:
    who = chats.customer("田中")
    for words in ("山﨑です", "渡邊とワタナベ", "返品です"):
        chats.wrote(who, words)
    fill()
    as_it_was_folded_once()
    assert texts("山崎") == texts("渡辺") == []
    assert sum(search.fold_anew()) == 3
    assert sum(search.fold_anew()) == 0
    assert texts("山崎") == ["山﨑です"]
    assert texts("渡辺 わたなべ") == ["渡邊とワタナベ"]
    assert texts("返品") == ["返品です"]


def as_it_was_folded_once() -> None:
    """The index of a release that folded width and letter case alone."""
    for row in TranscriptText.select():
        was = {"山崎です": "山﨑です", "渡辺とわたなべ": "渡邊とワタナベ"}.get(row.folded, row.folded)
        with write_transaction():
            search._set_words(row, was)
    TranscriptText.update(folding=0).execute()
