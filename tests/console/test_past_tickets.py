"""Earlier tickets of a customer in one thread, reminders to follow up, and FAQ entries for every open clause."""

from datetime import timedelta

from bot import localtime
from bot.db.database import write_transaction
from console.auth.staff_accounts import Staff
from console.desk import chat
from support.faq import entries
from support.tickets import tickets, waiting_tickets
from support.tickets.tickets import Ticket
from tests.console import chats
from tests.console.conftest import SignIn, get, post


def test_an_earlier_ticket_is_a_collapsed_part_of_the_same_thread(sign_in: SignIn) -> None:
    client = sign_in("staff")
    who, me = chats.customer("山田 花子"), Staff.get()
    first = chats.ticket(who, tickets.DAMAGE, minutes_ago=600)
    chats.wrote(who, "瓶が割れていました", 590)
    with localtime.fixed(localtime.now() - timedelta(minutes=500)), write_transaction():
        tickets.record_staff_answer(first.id, me.id)
        tickets.resolve(first.id, me.id)
    second = chats.ticket(who, minutes_ago=20)
    chats.wrote(who, "別の相談です", 10)

    sections = chat.of(second).sections

    assert [(each.past and each.past.id, each.line_count) for each in sections] == [(first.id, 1), (None, 1)]
    page = get(client, f"/console/tickets/{second.id}").text
    thread = page[page.index('class="chat-lines"') :]
    assert "以前のチャット: 商品の不具合" in thread
    assert thread.index("past-ticket") < thread.index("瓶が割れていました") < thread.index("別の相談です")


def test_staff_are_reminded_on_the_day_and_send_the_draft_themselves(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.ticket(chats.customer("山田 花子"))
    page = f"/console/tickets/{made.id}"
    answer = post(client, f"{page}/follow-up", page=page, days="3", text="その後いかがですか？")
    assert "先にお返事してください" in get(client, answer.location).text
    with write_transaction():
        tickets.record_staff_answer(made.id, Staff.get().id)
    answer = post(client, f"{page}/follow-up", page=page, days="3", text="その後いかがですか？")
    assert "お返事がなければフォロー" in get(client, answer.location).text
    with localtime.fixed(localtime.now() + timedelta(days=9)), write_transaction():
        assert waiting_tickets.wake_due(10) == 1
    assert "お返事がなく、フォローする日です" in get(client, "/console/tickets").text
    shown = get(client, f"{page}?follow_up=1").text
    assert "お客様からお返事がないまま" in shown
    assert shown.count("その後いかがですか？") == 2, "in the proposal and in the reply box"
    post(client, f"{page}/wake", page=page)
    assert Ticket.get_by_id(made.id).follow_up_due_at is None


def test_days_that_are_none_are_refused(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.ticket(chats.customer("山田 花子"))
    page = f"/console/tickets/{made.id}"
    for days in ("0", "-1", "367", "x", ""):
        answer = post(client, f"{page}/follow-up", page=page, days=days)
        assert "366日後まで" in get(client, answer.location).text, days


def test_every_clause_that_is_open_finds_its_faq_entry(sign_in: SignIn) -> None:
    sign_in("staff")
    with write_transaction():
        entries.save("届いた商品が壊れていました", "交換いたします。", ["箱がつぶれて中身が割れていた"])
        entries.save("ギフト包装はできますか？", "ございます。", ["ラッピングはできますか"])
        entries.save("領収書は発行できますか？", "発行いたします。", ["領収書をください"])
    who = chats.customer("田中")
    for minutes, words in (
        (9, "届いた商品が壊れていました"),
        (8, "あと領収書は発行できますか？それとギフト包装はできますか？"),
        *((7 - number, f"{number}つめの話です、よろしく") for number in range(4)),
    ):
        chats.wrote(who, words, minutes)

    found = {entry.answer for entry in chat.fitting_faq(chat.of(chats.ticket(who)))}

    assert {"交換いたします。", "発行いたします。", "ございます。"} <= found
