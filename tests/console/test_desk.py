"""What staff do with a ticket besides replying: queues, assigning, snoozing, notes, tags; and the owner's page
of satisfaction."""

import re
from datetime import timedelta

from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from console.auth import staff_accounts
from console.auth.staff_accounts import Staff
from support.tickets import tickets
from support.tickets.notes import TicketMention, TicketNote
from support.tickets.tags import TicketTag
from support.tickets.tickets import Ticket
from tests.console import chats
from tests.console.conftest import SignIn, get, post


def colleague(name: str = "鈴木 一郎", email: str = "ichiro@example.jp") -> Staff:
    with write_transaction():
        return staff_accounts.add(email, name, "staff", chats.PASSWORD)


def act(client: FlaskClient, made: Ticket, what: str, **form: str) -> str:
    """Send one of the forms beside the chat; the page it redirects to."""
    page = f"/console/tickets/{made.id}"
    answer = post(client, f"{page}/{what}", page=page, htmx=False, **form)
    assert answer.status_code == 303
    return str(get(client, answer.headers["Location"].split("#")[0]).text)


def names(page: str) -> list[str]:
    return re.findall(r'class="row-name">([^<]+)<', page)


def count(page: str, view: str) -> str:
    found = re.search(rf'id="view-{view}"[^>]*>[^<]*(?:<span class="n">([^<]+)</span>)?', page)
    assert found, view
    return found[1] or ""


def test_each_queue_is_an_address_and_says_how_much_is_in_it(sign_in: SignIn) -> None:
    client = sign_in("staff")
    me = Staff.get()
    mine, aside, late = (
        chats.ticket(chats.customer(name), minutes_ago=9) for name in ("私の", "あとで", "遅い")
    )
    with write_transaction():
        tickets.assign(mine.id, me.id)
        tickets.snooze(aside.id, localtime.now() + timedelta(hours=2))
        Ticket.update(answer_due_at=localtime.now() - timedelta(minutes=1)).where(
            Ticket.id == late.id
        ).execute()
    page = get(client, "/console/tickets?view=at_risk").text
    assert names(page) == ["遅い"]
    assert "期限超過" in page
    assert [count(page, view) for view in ("all", "mine", "unassigned", "waiting", "at_risk", "snoozed")] == [
        *("2", "1", "1", "2", "1", "1")
    ]
    assert count(page, "mentioned") == "", "nothing is not counted out"
    assert "<title>(2) チャット" in page, "who is put aside does not wait"
    assert names(get(client, "/console/tickets?view=snoozed").text) == ["あとで"]


def test_a_ticket_is_given_to_anybody(sign_in: SignIn) -> None:
    client, ichiro = sign_in("staff"), colleague()
    made = chats.unhappy_customer()
    page = act(client, made, "assign", assignee=str(ichiro.id), seen="nobody")
    assert "鈴木 一郎さんが担当になりました" in page
    assert Ticket.get_by_id(made.id).assignee_id == ichiro.id
    act(client, made, "assign", assignee="nobody", seen=str(ichiro.id))
    assert Ticket.get_by_id(made.id).assignee_id is None


def test_the_second_to_take_a_ticket_is_refused_with_a_message(sign_in: SignIn) -> None:
    client, ichiro = sign_in("staff"), colleague()
    made = chats.unhappy_customer()
    with write_transaction():
        tickets.assign(made.id, ichiro.id)
    page = act(client, made, "assign", assignee="me", seen="nobody")
    assert "ちょうど鈴木 一郎さんが担当になったところです" in page
    assert Ticket.get_by_id(made.id).assignee_id == ichiro.id


def test_a_disabled_account_cannot_be_assigned_a_ticket(sign_in: SignIn) -> None:
    client, ichiro = sign_in("staff"), colleague()
    made = chats.unhappy_customer()
    with write_transaction():
        staff_accounts.disable(ichiro.email)
    page = f"/console/tickets/{made.id}"
    for who in (str(ichiro.id), "4711"):
        assert post(client, f"{page}/assign", page=page, assignee=who).status_code == 404
    assert Ticket.get_by_id(made.id).assignee_id is None


def test_a_ticket_is_snoozed_and_woken(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    page = act(client, made, "snooze", until="tomorrow")
    assert "あとで対応にしました" in page
    until = Ticket.get_by_id(made.id).snoozed_until
    assert localtime.local(until).strftime("%H:%M") == "10:00"
    assert names(get(client, "/console/tickets").text) == []
    act(client, made, "wake")
    assert Ticket.get_by_id(made.id).snoozed_until is None


def test_a_ticket_is_snoozed_until_a_future_day_only(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    for on in ("2020-01-01", "", "x"):
        assert "明日から1年先までの日付" in act(client, made, "snooze", until="date", on=on)
    assert Ticket.get_by_id(made.id).snoozed_until is None
    act(client, made, "snooze", until="date", on=(localtime.today() + timedelta(days=30)).isoformat())
    assert Ticket.get_by_id(made.id).snoozed_until > localtime.now() + timedelta(days=28)


def test_a_note_names_a_colleague_who_finds_it(sign_in: SignIn) -> None:
    client, owner = sign_in("staff"), sign_in("owner")
    made = chats.unhappy_customer()
    page = act(
        client, made, "notes", note="<b>電話</b>しました。\n@鈴木 一郎 さん、交換品の手配をお願いします"
    )
    assert "&lt;b&gt;電話&lt;/b&gt;しました。" in page
    assert count(page, "mentioned") == "", "it is not for its author"
    page = get(owner, "/console/tickets?view=mentioned").text
    assert (count(page, "mentioned"), names(page)) == ("1", ["山田 花子"])
    assert "あなた宛てのメモがあります" in get(owner, f"/console/tickets/{made.id}").text
    assert "あなた宛てのメモがあります" not in act(owner, made, "notes/seen")
    assert names(get(owner, "/console/tickets?view=mentioned").text) == []
    assert TicketNote.select().count() == 1


def test_whom_a_note_is_for_can_be_chosen_and_an_answer_counts_as_read(sign_in: SignIn) -> None:
    client, owner = sign_in("staff"), sign_in("owner")
    made = chats.unhappy_customer()
    ichiro = Staff.get(Staff.role == "owner")
    page = act(client, made, "notes", note="どうしますか", to=str(ichiro.id))
    assert "@鈴木 一郎 どうしますか" in page
    act(owner, made, "notes", note="返金しましょう")
    assert [row.seen_at is None for row in TicketMention.select()] == [False]
    assert "メモが空です" in act(client, made, "notes", note="  ")


def test_internal_notes_are_never_shown_to_customers(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    before = InboxEvent.select().count()
    act(client, made, "notes", note="常連さん")
    act(client, made, "tags", new_tag="返品")
    act(client, made, "snooze", until="hour")
    assert InboxEvent.select().count() == before, "nothing for the worker: nothing is sent"


def test_tags_are_added_removed_and_link_to_tickets_with_the_same_tag(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    chats.ticket(chats.customer("別の方"))
    page = act(client, made, "tags", new_tag="＃返品 ")
    assert 'id="tag-1"' in page and "返品" in page
    assert "タグを付けられませんでした" in act(client, made, "tags", new_tag="返品")
    page = get(client, "/console/tickets?view=all&tag=返品").text
    assert names(page) == ["山田 花子"]
    assert f"/console/tickets/{made.id}?view=all&amp;tag=" in page, "the way on keeps the filter"
    assert "ここにはありません" in get(client, "/console/tickets?tag=知らない").text
    act(client, made, "tags/remove", old_tag="返品")
    assert TicketTag.select().count() == 0


def test_beside_the_chat_it_says_who_has_it(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    page = f"/console/tickets/{made.id}"
    assert "お客様がお返事を待っています" in get(client, page).text
    with write_transaction():
        tickets.record_staff_answer(made.id, 1)
    assert "スタッフが対応しています" in get(client, page).text
    with write_transaction():
        tickets.resolve(made.id)
    assert "自動応答に戻っています" in get(client, page).text
    newer = chats.ticket(made.customer)
    page = get(client, page).text
    assert "お客様がお返事を待っています" in page
    assert f'href="/console/tickets/{newer.id}"' in page


def test_what_the_customer_thought_of_it_is_beside_the_chat(sign_in: SignIn) -> None:
    client = sign_in("staff")
    answered, silent = chats.rated(2, "遅かったです"), chats.rated(None)
    page = get(client, f"/console/tickets/{answered.id}").text
    assert "遅かったです" in page and "/ 5" in page
    assert "まだ回答はありません" in get(client, f"/console/tickets/{silent.id}").text


def test_the_owner_sees_satisfaction_once_there_are_enough_answers(sign_in: SignIn) -> None:
    client = sign_in("owner")
    assert "まだ一度もうかがっていません" in get(client, "/console/satisfaction").text
    for score in (5, 4, 4, 2, None):
        chats.rated(score, "ていねいでした" if score == 5 else "")
    page = get(client, "/console/satisfaction").text
    assert "まだ少なすぎます" in page and "<strong>75" not in page
    for _ in range(6):
        chats.rated(5)
    page = get(client, "/console/satisfaction").text
    assert "90<span" in page, "nine of ten"
    assert "10<span" in page and "/ 11" in page
    assert "ていねいでした" in page and "鈴木 一郎" in page
