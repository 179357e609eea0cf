"""Staff's page of individual contact: whom it shows and why, and writing, snoozing and ending, each once."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from bot import localtime
from bot.db import database
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from console.auth import staff_accounts
from console.auth.staff_accounts import Staff
from console.shell.audit import AuditEntry
from handlers import contact_jobs, unasked
from journeys.contacts import contacts
from journeys.contacts.tables import Contact
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import PlannedMessage
from support.bad_moments import quiet_period
from support.tickets import tickets
from tests.console import chats
from tests.console.conftest import SignIn, get, post
from tests.console.contact_scene import TEXT, a_queue, lapsed, order

PAGE = "/console/contacts"
HISTORY = f"{PAGE}/history"


def requests() -> list[dict[str, object]]:
    stored = InboxEvent.select().where(InboxEvent.source == "contact.send_requested")
    return [json.loads(row.body) for row in stored]


def names(page: str) -> list[str]:
    return re.findall(r'<h2 id="c-\d+">(.+?) <span', page)


def colleague() -> Staff:
    with write_transaction():
        return staff_accounts.add("colleague@example.jp", "高橋 りく", "staff", chats.PASSWORD)


def test_an_empty_queue_says_when_somebody_appears(sign_in: SignIn) -> None:
    page = get(sign_in("staff"), PAGE).text
    assert "今日連絡する方はいません。最後のお買い物から30日たった方が、ここに出ます。" in page


def test_each_is_shown_with_the_reason_the_orders_and_a_draft(sign_in: SignIn) -> None:
    a_queue()
    page = get(sign_in("staff"), PAGE).text
    assert names(page) == ["渡辺 久美子", "小川 健", "中島 はるか"]
    assert "最後のお買い物から34日。いつもは28日ごとに購入。" in page
    assert "最後のお買い物から41日。前は34日で購入。" in page, "one time is no habit"
    assert "¥29,400" in page
    assert "しっとり美容液" in page
    assert "プレミアム · あと26日" in page
    drafts = re.findall(r"<textarea[^>]*>\n(.+?)</textarea>", page, re.DOTALL)
    assert drafts[0].startswith("渡辺 久美子さん、こんにちは。")
    assert "の佐藤 はなです。" in drafts[0]
    assert "「しっとり美容液」" in drafts[0]
    assert "なくなるころ" in drafts[0]
    assert "なくなるころ" not in drafts[2], "nothing is sold to Basic"
    assert page.count("商品はおすすめせず") == 1


def test_no_more_are_shown_than_staff_said_for_today(sign_in: SignIn) -> None:
    a_queue()
    staff = sign_in("staff")
    post(staff, f"{PAGE}/capacity", page=PAGE, count="1")
    assert names(get(staff, PAGE).text) == ["渡辺 久美子"]
    for refused in ("-1", "501", "many", ""):
        post(staff, f"{PAGE}/capacity", page=PAGE, count=refused)
        assert "人数は0から500まで" in get(staff, PAGE).text
    assert contacts.capacity(localtime.today()) == 1
    post(staff, f"{PAGE}/capacity", page=PAGE, count="0")
    assert "今日は連絡しない日です" in get(staff, PAGE).text


def test_writing_stores_one_event_and_takes_the_customer_out(sign_in: SignIn) -> None:
    [first, *_] = a_queue()
    staff = sign_in("staff")
    for _ in range(2):  # a double click
        post(staff, f"{PAGE}/{first.id}/send", page=PAGE, attempt="0", text=f"{TEXT}\r\nお元気ですか")
    [stored] = requests()
    assert (stored["contact_id"], stored["attempt"], stored["text"]) == (first.id, 1, f"{TEXT}\nお元気ですか")
    page = get(staff, PAGE).text
    assert "もう受け付けています" in page
    assert names(page) == ["小川 健", "中島 はるか"]
    assert "今日は1人に書きました。" in page
    assert AuditEntry.select().where(AuditEntry.kind == "send_contact").count() == 1


def test_who_is_second_is_shown_who_was_first(sign_in: SignIn) -> None:
    [first, *_] = a_queue()
    staff, other = sign_in("staff"), colleague()
    with write_transaction():
        contacts.take(first.id, other.id, "こんにちは", 0)
    post(staff, f"{PAGE}/{first.id}/send", page=PAGE, attempt="0", text=TEXT)
    page = get(staff, PAGE).text
    assert "渡辺 久美子さんは、高橋 りくが先に対応しました（送信待ち）。あなたの文は送っていません。" in page
    assert requests() == []
    assert Contact.get_by_id(first.id).text == "こんにちは"


@pytest.mark.parametrize("what", ["ticket", "bought"])
def test_who_may_not_be_written_to_meanwhile_is_not(sign_in: SignIn, what: str) -> None:
    [first, *_] = a_queue()
    staff = sign_in("staff")
    if what == "ticket":
        chats.ticket(first.customer, tickets.UPSET)
    else:
        with write_transaction():
            order(first.customer, 0)
    post(staff, f"{PAGE}/{first.id}/send", page=PAGE, attempt="0", text=TEXT)
    page = get(staff, PAGE).text
    assert "渡辺 久美子さんには、いま連絡できません" in page
    assert names(page) == ["小川 健", "中島 はるか"]
    assert requests() == []


def test_a_text_that_cannot_be_sent_is_given_back(sign_in: SignIn) -> None:
    [first, *_] = a_queue()
    staff = sign_in("staff")
    answer = post(staff, f"{PAGE}/{first.id}/send", page=PAGE, attempt="0", text="あ" * 5_001)
    assert answer.status_code == 422
    assert "あ" * 5_001 in answer.text
    assert "5000文字まで" in answer.text
    assert post(staff, f"{PAGE}/{first.id}/send", page=PAGE, attempt="0", text=" \n").status_code == 422
    assert requests() == []


def test_it_is_said_when_a_message_goes_out(sign_in: SignIn) -> None:
    [first, second, third] = a_queue()
    staff = sign_in("staff")
    noon = localtime.local(localtime.now()).replace(hour=12, minute=0)
    with localtime.fixed(noon):
        post(staff, f"{PAGE}/{first.id}/send", page=PAGE, attempt="0", text=TEXT)
        assert "を受け付けました。いま送ります。" in get(staff, PAGE).text
    with localtime.fixed(noon.replace(hour=22)):
        post(staff, f"{PAGE}/{second.id}/send", page=PAGE, attempt="0", text=TEXT)
        assert re.search(r"受け付けました。.+09:00に送ります（夜間のため）。", get(staff, PAGE).text)
        with write_transaction():
            unasked.say(
                second.customer,
                [{"type": "text", "text": TEXT}],
                kind=Kind.CONTACT,
                cause=f"contact:{second.id}:1",
            )
            morning = noon.replace(hour=9) + timedelta(days=1)
            PlannedMessage.update(reason="quiet-hours", due_at=morning).execute()
        assert re.search(r"状態\">.+09:00に送ります（夜間のため）。", get(staff, PAGE).text)
    assert third.state == "due"


def test_snoozed_and_not_needed_leave_the_queue(sign_in: SignIn) -> None:
    [first, second, third] = a_queue()
    staff = sign_in("staff")
    post(staff, f"{PAGE}/{first.id}/snooze", page=PAGE, days="7")
    assert "渡辺 久美子さんを7日後にまた出します。" in get(staff, PAGE).text
    post(staff, f"{PAGE}/{second.id}/end", page=PAGE, reason="gift")
    page = get(staff, PAGE).text
    assert "小川 健さんには連絡しないことにしました。" in page
    assert names(page) == ["中島 はるか"]
    with localtime.fixed(localtime.now() + timedelta(days=7)):
        rows = contacts.queue(localtime.today(), 5, quiet_period.among)
        assert [row.id for row in rows] == [first.id, third.id]
    assert "連絡しないことにした（贈り物だった）" in get(staff, f"{HISTORY}?view=not-needed").text
    assert post(staff, f"{PAGE}/{first.id}/snooze", page=PAGE, days="5").status_code == 400
    assert post(staff, f"{PAGE}/{first.id}/end", page=PAGE, reason="because").status_code == 400
    assert post(staff, f"{PAGE}/999/send", page=PAGE, text=TEXT).status_code == 404


def test_what_was_not_sent_is_shown_with_the_reason(sign_in: SignIn) -> None:
    [first, *_] = a_queue()
    with write_transaction():
        contacts.take(first.id, 1, TEXT, 0)
        contacts.record_not_sent(first.id, 1, "too-late")
    assert "前のメッセージは送れませんでした（期限を過ぎたため）。" in get(sign_in("staff"), PAGE).text


def test_the_history_sums_what_came_of_it(sign_in: SignIn) -> None:
    [first, second, third] = a_queue()
    staff = sign_in("staff")
    with localtime.fixed(localtime.now() - timedelta(days=2)), write_transaction():
        contacts.take(first.id, 1, TEXT, 0)
        contacts.record_sent(first.id, 1, localtime.now())
        contacts.record_answered(first.id)
    with write_transaction():
        order(first.customer, 1, 6_200)
        order(second.customer, 1)
    Contact.update(until_on=localtime.today()).where(Contact.id == third.id).execute()
    contact_jobs.follow_up()
    page = get(staff, HISTORY).text
    for what, count in (
        ("連絡した", "1人"),
        ("お返事あり", "1人"),
        ("戻ってきた", "1人"),
        ("期限切れ", "1人"),
    ):
        assert f"<dt>{what}</dt><dd>{count}" in page
    assert "¥6,200" in page
    assert "渡辺 久美子" in page
    assert "小川 健" in get(staff, f"{HISTORY}?view=bought").text
    assert "中島 はるか" in get(staff, f"{HISTORY}?view=missed").text


def test_the_history_goes_on_to_the_next_page(sign_in: SignIn) -> None:
    for number in range(41):
        lapsed(f"客{number:02}", 60, 31)
    contact_jobs.find_due()
    Contact.update(state="not-needed", reason="other", ended_at=localtime.now()).execute()
    staff = sign_in("staff")
    page = get(staff, f"{HISTORY}?view=not-needed").text
    [address] = re.findall(r'href="([^"]+before=[^"]+)"', page)
    assert page.count('<th scope="row">') == 40
    assert get(staff, address.replace("&amp;", "&")).text.count('<th scope="row">') == 1


def test_the_effect_is_the_owners_to_see(sign_in: SignIn) -> None:
    a_queue()
    assert "連絡の効果" not in get(sign_in("staff"), PAGE).text
    owner = get(sign_in("owner"), PAGE).text
    assert "連絡の効果" in owner
    assert "全員に送る設定です" in owner


def test_the_customers_card_says_that_they_are_in_the_queue(sign_in: SignIn) -> None:
    [first, *_] = a_queue()
    resolved = chats.ticket(first.customer)
    with write_transaction():
        tickets.resolve(resolved.id)
    staff = sign_in("staff")
    card = get(staff, f"/console/tickets/{resolved.id}").text
    assert f'href="/console/contacts#contact-{first.id}">連絡の対象です' in card
    assert f'href="/console/tickets/{resolved.id}">チャットを見る' in get(staff, PAGE).text
    with write_transaction():
        contacts.take(first.id, 1, TEXT, 0)
        contacts.record_sent(first.id, 1, localtime.now())
    assert "<dt>個別の連絡</dt>" in get(staff, f"/console/tickets/{resolved.id}").text


def test_a_long_queue_takes_no_more_statements(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = sign_in("staff")
    counted: list[str] = []
    totals: list[int] = []
    execute_sql: Any = type(database.database.obj).execute_sql

    def count(self: Any, sql: str, *more: Any, **options: Any) -> Any:
        counted.append(sql)
        return execute_sql(self, sql, *more, **options)

    monkeypatch.setattr(type(database.database.obj), "execute_sql", count)
    post(staff, f"{PAGE}/capacity", page="/console/tickets", count="50")
    for _ in range(2):
        a_queue()
        counted.clear()
        get(staff, PAGE)
        totals.append(len(counted))
    assert totals[0] == totals[1]
