"""The queue and one chat: what is shown, and which event a POST stores, once."""

import json
import re
import uuid
from datetime import UTC, datetime
from html import unescape

from flask.testing import FlaskClient

from bot import localtime
from bot.conversations import block
from bot.db.database import write_transaction
from bot.localtime import fixed
from bot.queue.inbox import InboxEvent
from console.auth.staff_accounts import Staff
from console.desk import ticket_lists
from rewards.coupons import birthdays
from support.faq import entries
from support.tickets import tickets
from support.tickets.tickets import Ticket
from tests.console import chats
from tests.console.conftest import SignIn, get, post


def replies() -> list[InboxEvent]:
    """The replies of staff that were stored."""
    return list(InboxEvent.select().where(InboxEvent.source == "staff.replied").order_by(InboxEvent.id))


def say(client: FlaskClient, made: Ticket, text: str, key: str, *, htmx: bool = False):  # type: ignore[no-untyped-def]
    """Send the reply form."""
    page = f"/console/tickets/{made.id}"
    return post(client, f"{page}/reply", page=page, htmx=htmx, text=text, key=key)


def test_the_longest_waiting_chat_stands_first(sign_in: SignIn) -> None:
    with fixed(
        datetime(2026, 4, 1, 6, tzinfo=UTC)
    ):  # a Wednesday at 15:00: each has a promised time of their own
        client = sign_in("staff")
        for name, minutes in (("三番", 5), ("一番", 200), ("二番", 90)):
            who = chats.customer(name)
            chats.wrote(who, f"{name}です", minutes)
            chats.ticket(who, minutes_ago=minutes)
        page = get(client, "/console/tickets").text
    assert re.findall(r'class="row-name">(.番)<', page) == ["一番", "二番", "三番"]
    assert "一番です" in page
    assert "3時間" in page
    assert "スタッフ希望" in page
    assert "<title>(3) チャット" in page


def test_filters_are_addresses(sign_in: SignIn) -> None:
    client = sign_in("staff")
    me = Staff.get()
    names = ("私の", "誰かの", "済みの", "誰のでもない")
    mine, others, done, nobodys = (chats.ticket(chats.customer(name)) for name in names)
    with write_transaction():
        tickets.assign(mine.id, me.id)
        tickets.assign(others.id, 999)
        tickets.resolve(done.id)

    def shown(view: str) -> set[str]:
        return set(
            re.findall(r'class="row-name">([^<]+)<', get(client, f"/console/tickets?view={view}").text)
        )

    assert shown("all") == {"私の", "誰かの", "誰のでもない"}
    assert shown("mine") == {"私の"}
    assert shown("unassigned") == {"誰のでもない"}
    assert shown("resolved") == {"済みの"}
    assert shown("nonsense") == shown("all")
    assert nobodys


def test_a_long_list_comes_in_pages_that_leave_nobody_out(sign_in: SignIn) -> None:
    client = sign_in("staff")
    for number in range(ticket_lists.PAGE_LENGTH + 3):
        chats.ticket(chats.customer(f"客{number}"), minutes_ago=500 - number)
    first = get(client, "/console/tickets").text
    further = re.search(r'id="page-next"[^>]* href="([^"]+)"', first)
    assert further
    second = get(client, further[1].replace("&amp;", "&")).text
    found = [re.findall(r'class="row-name">([^<]+)<', page) for page in (first, second)]
    assert [len(names) for names in found] == [ticket_lists.PAGE_LENGTH, 3]
    assert len({*found[0], *found[1]}) == ticket_lists.PAGE_LENGTH + 3


def test_the_chat_shows_both_sides_and_what_became_of_what_we_sent(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    page = get(client, f"/console/tickets/{made.id}").text
    for words in (
        "返品できますか？",
        "写真",
        "スタンプ（かなしい、しょんぼり）",
        "位置情報（自宅",
        "3点",
        "自動応答",
        "送れませんでした",
    ):
        assert words in page, words
    assert "invalid" in page, "LINE's own reason"


def test_the_customer_is_beside_the_chat(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    page = get(client, f"/console/tickets/{made.id}").text
    for words in (
        "山田 花子",
        "ベーシック",
        "関係性",
        "3回",
        "¥24,800",
        "12日前",
        "問い合わせの返事もなくて",
    ):
        assert words in page, words


def test_faq_that_fits_the_customers_words_is_beside_the_chat(sign_in: SignIn) -> None:
    client = sign_in("staff")
    with write_transaction():
        entries.save(
            "商品が壊れていたら返品できますか？", "{shop}までご連絡ください。", ["届いた商品が割れていました"]
        )
    who = chats.customer("田中")
    chats.wrote(who, "届いた商品が割れていました", 2)
    made = chats.ticket(who)
    page = get(client, f"/console/tickets/{made.id}").text
    assert 'data-insert="ひだまり堂までご連絡ください。"' in page


def test_a_complaint_finds_its_faq_entry_although_an_aside_follows(sign_in: SignIn) -> None:
    client = sign_in("staff")
    with write_transaction():
        entries.save("届いた商品が壊れていました", "交換いたします。", ["箱がつぶれて中身が割れていた"])
        entries.save(
            "プレゼント用に包んでもらえますか？", "ギフト包装がございます。", ["ギフトラッピングはできますか"]
        )
    who = chats.customer("田中")
    chats.wrote(who, "届いた商品が壊れていました", 3)
    chats.wrote(who, "プレゼントだったので残念です", 2)
    page = get(client, f"/console/tickets/{chats.ticket(who).id}").text
    assert 'data-insert="交換いたします。"' in page
    assert page.find("交換いたします。") < (
        page.find("ギフト包装が") if "ギフト包装が" in page else len(page)
    )


def test_a_reply_is_stored_once_however_often_it_is_sent(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made, key = chats.unhappy_customer(), str(uuid.uuid4())
    for _ in range(3):
        assert say(client, made, "申し訳ございません。\r\n本日お送りします。", key).status_code == 303
    [event] = replies()
    assert event.event_id == f"staff-reply:{key}"
    assert event.conversation_id == made.conversation_id
    assert json.loads(event.body) == {
        "type": "staff.replied",
        "ticket_id": made.id,
        "text": "申し訳ございません。\n本日お送りします。",
        "staff_id": Staff.get().id,
    }
    page = get(client, f"/console/tickets/{made.id}").text
    assert page.count("本日お送りします。") == 1
    assert "送信中…" in page


def test_a_rewritten_reply_is_neither_lost_nor_taken_for_the_first(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made, key = chats.unhappy_customer(), str(uuid.uuid4())
    say(client, made, "最初の文", key)
    answer = say(client, made, "書き直した文", key)
    assert answer.status_code == 422
    assert "書き直した文" in answer.text, "the form still has the draft"
    assert len(replies()) == 1
    fresh = re.search(r'name="key" value="([^"]+)"', answer.text.split('id="reply"')[1])
    assert fresh
    assert say(client, made, "書き直した文", fresh[1]).status_code == 303
    assert len(replies()) == 2


def test_5000_units_go_and_5001_do_not_and_the_draft_is_preserved(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    answer = say(client, made, "😊" * 2500 + "。", str(uuid.uuid4()))
    assert answer.status_code == 422
    assert "5000文字まで" in answer.text
    assert "😊" * 2500 + "。" in answer.text
    assert say(client, made, "😊" * 2500, str(uuid.uuid4())).status_code == 303
    assert len(replies()) == 1


def test_nothing_is_no_reply(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    assert say(client, made, " \n ", str(uuid.uuid4())).status_code == 422
    assert replies() == []


def test_who_blocked_the_shop_cannot_be_answered(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    with write_transaction():
        block(made.conversation_id)
    page = get(client, f"/console/tickets/{made.id}").text
    assert "ブロックされているため" in page
    assert 'id="reply-text"' not in page
    answer = post(client, f"/console/tickets/{made.id}/reply", text="届きますか", key=str(uuid.uuid4()))
    assert answer.status_code == 422
    assert replies() == []


def test_a_reply_by_a_script_answers_with_the_chat_or_with_why_not(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    answer = say(client, made, "すぐに確認します。", str(uuid.uuid4()), htmx=True)
    assert answer.status_code == 200
    assert answer.text.startswith('<div id="chat"')
    assert "すぐに確認します。" in answer.text
    refused = say(client, made, "", str(uuid.uuid4()), htmx=True)
    assert (refused.status_code, refused.mimetype) == (422, "text/plain")
    assert refused.text.startswith("返信が空です")


def test_a_page_that_is_up_to_date_is_not_sent_again(sign_in: SignIn) -> None:
    client = sign_in("staff")
    with fixed(localtime.now()):
        made = chats.unhappy_customer()
        page = get(client, f"/console/tickets/{made.id}").text
        addresses = [each.replace("&amp;", "&") for each in re.findall(r'hx-get="([^"]+seen=[^"]+)"', page)]
        assert len(addresses) == 3, "the queue, the chat, and who is in it"
        assert [get(client, address).status_code for address in addresses] == [204, 204, 204]
        chats.wrote(Ticket.get_by_id(made.id).customer, "まだですか？")
        answers = [get(client, address) for address in addresses]
        assert [answer.status_code for answer in answers] == [200, 200, 204]
        assert all("まだですか？" in answer.text for answer in answers[:2])
        assert 'hx-swap-oob="true"' in answers[1].text, "the FAQ follows the customer's words"


def test_resolving_is_an_event_too_and_shows_at_once(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made, key = chats.unhappy_customer(), str(uuid.uuid4())
    for _ in range(2):
        page = f"/console/tickets/{made.id}"
        assert post(client, f"{page}/resolve", page=page, key=key).status_code == 303
    [event] = InboxEvent.select().where(InboxEvent.source == "ticket.resolve_requested")
    assert event.event_id == f"ticket-resolved:{key}"
    assert json.loads(event.body)["ticket_id"] == made.id
    assert "完了処理中" in get(client, "/console/tickets").text
    assert "対応済みにしています" in get(client, f"/console/tickets/{made.id}").text


def test_a_chat_is_not_closed_over_words_that_the_page_did_not_show(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    page = f"/console/tickets/{made.id}"
    before = _shown_up_to(client, page)
    chats.wrote(Ticket.get_by_id(made.id).customer, "まだ届いていません")

    assert post(client, f"{page}/resolve", page=page, read_to=before).location.startswith(page)
    assert "新しいメッセージが届いています" in get(client, page).text
    assert not InboxEvent.select().where(InboxEvent.source == "ticket.resolve_requested").exists()

    post(client, f"{page}/resolve", page=page, read_to=_shown_up_to(client, page))
    assert InboxEvent.select().where(InboxEvent.source == "ticket.resolve_requested").count() == 1


def _shown_up_to(client: FlaskClient, page: str) -> str:
    [cursor] = re.findall(r'name="read_to" form="resolve" value="([^"]+)"', get(client, page).text)
    return str(cursor)


def test_a_ticket_is_taken_and_given_back(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made, me = chats.unhappy_customer(), Staff.get()
    post(client, f"/console/tickets/{made.id}/assign", assignee="me")
    assert Ticket.get_by_id(made.id).assignee_id == me.id
    post(client, f"/console/tickets/{made.id}/assign", assignee="nobody")
    assert Ticket.get_by_id(made.id).assignee_id is None


def test_a_resolved_chat_is_reopened_before_it_is_answered(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    with write_transaction():
        tickets.resolve(made.id)
    assert 'id="reply-text"' not in get(client, f"/console/tickets/{made.id}").text
    answer = post(client, f"/console/tickets/{made.id}/reply", text="あの", key=str(uuid.uuid4()))
    assert answer.status_code == 422
    post(client, f"/console/tickets/{made.id}/reopen")
    assert Ticket.get_by_id(made.id).state == tickets.WAITING


def test_a_message_that_was_taken_back_is_nowhere(sign_in: SignIn) -> None:
    client = sign_in("staff")
    who = chats.customer("高橋")
    chats.came(who, {"type": "message", "message": {"type": "text", "id": "77", "text": "秘密の番号"}}, 3)
    chats.came(who, {"type": "unsend", "unsend": {"messageId": "77"}}, 2)
    made = chats.ticket(who)
    for path in ("/console/tickets", f"/console/tickets/{made.id}"):
        page = get(client, path).text
        assert "秘密の番号" not in page
        assert "取り消しました" in page


def test_a_ticket_that_is_not_there_is_not_found(sign_in: SignIn) -> None:
    assert get(sign_in("staff"), "/console/tickets/4711").status_code == 404


def test_staff_correct_a_birthday_and_an_impossible_one_is_refused(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.ticket(chats.customer("佐藤 美咲"))
    page = f"/console/tickets/{made.id}"
    assert "まだうかがっていません" in get(client, page).text
    assert post(client, f"{page}/birthday", page=page, month="4", day="1").status_code == 303
    assert "4月1日" in get(client, page).text
    post(client, f"{page}/birthday", page=page, month="2", day="30")
    assert "その日付はありません" in get(client, page).text
    known = birthdays.of_customer(made.customer_id)
    assert known is not None
    assert (known.month, known.day, known.changed_by_id) == (4, 1, Staff.get().id)


def test_the_chat_brings_whose_ticket_it_is_when_that_has_changed(sign_in: SignIn) -> None:
    """A reply assigns the ticket when the worker handles it: the open page shows so without being loaded anew."""
    client = sign_in("staff")
    made = chats.ticket(chats.customer("林 桜"))
    address = re.search(
        r'hx-get="(/console/tickets/\d+/chat[^"]*)"', get(client, f"/console/tickets/{made.id}").text
    )
    assert address
    poll = unescape(address[1])
    assert get(client, poll).status_code == 204
    chats.wrote(made.customer, "もう一つあります", 0)
    assert "ticket-assignee" not in get(client, poll).text
    with write_transaction():
        tickets.assign(made.id, Staff.get().id)
    chats.wrote(made.customer, "よろしくお願いします", 0)
    page = get(client, poll).text
    assert 'id="ticket-assignee" hx-swap-oob="true"' in page
    assert 'id="ticket-take"' in page
    assert "担当を外す" in page
