"""Several tickets assigned, tagged or closed at once: what was done, and why a row was left alone."""

import re
from typing import Any

from flask.testing import FlaskClient

from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from bot.routing import event_kinds
from console.auth.staff_accounts import Staff
from support.tickets import tags, tickets
from support.tickets.tickets import Ticket
from tests.console import chats
from tests.console.conftest import SignIn, get, post


def choose(client: FlaskClient, do: str, *chosen: Ticket, **more: Any) -> str:
    """Choose these rows in the list and press the button; the page that follows."""
    page = get(client, "/console/tickets?select=1").text
    hidden = dict(re.findall(r'type="hidden" name="(key|shown_at|view)" value="([^"]*)"', page))
    seen = {f"seen-{number}": value for number, value in re.findall(r'name="seen-(\d+)" value="(\w+)"', page)}
    sent: dict[str, Any] = {"do": do, "ticket": [str(each.id) for each in chosen], **hidden, **seen, **more}
    answer = post(client, "/console/tickets/bulk", page="/console/tickets?select=1", **sent)
    assert answer.status_code == 303
    return str(get(client, answer.location).text)


def answered(name: str) -> Ticket:
    made = chats.ticket(chats.customer(name))
    with write_transaction():
        tickets.record_staff_answer(made.id, Staff.get().id)
    return Ticket.get_by_id(made.id)


def closings() -> list[int]:
    kinds = event_kinds.stored_as(event_kinds.TICKET_RESOLVE_REQUESTED)
    return [row.conversation_id for row in InboxEvent.select().where(InboxEvent.source.in_(kinds))]


def test_chosen_tickets_are_assigned_and_one_taken_meanwhile_keeps_its_assignee(sign_in: SignIn) -> None:
    client = sign_in("staff")
    me = Staff.get().id
    first, second, third = (chats.ticket(chats.customer(name)) for name in ("一番", "二番", "三番"))
    page = get(client, "/console/tickets?select=1").text
    assert page.count('name="ticket"') == 3
    with write_transaction():
        tickets.assign(third.id, 999)
    sent: dict[str, Any] = {f"seen-{each.id}": "nobody" for each in (first, second, third)}
    sent["ticket"] = [str(each.id) for each in (first, third)]
    answer = post(
        client,
        "/console/tickets/bulk",
        page="/console/tickets?select=1",
        do="assign",
        assignee="me",
        **sent,
    )
    after = get(client, answer.location).text
    assert "1件の担当を変えました" in after
    assert "三番: ちょうど担当が変わったところです。" in after
    assert [Ticket.get_by_id(each.id).assignee_id for each in (first, second, third)] == [me, None, 999]


def test_a_tag_is_put_on_each_and_said_of_who_has_it_already(sign_in: SignIn) -> None:
    client = sign_in("staff")
    first, second = (chats.ticket(chats.customer(name)) for name in ("一番", "二番"))
    with write_transaction():
        tags.add(second.id, "返品")
    after = choose(client, "tag", first, second, new_tag="返品")
    assert "1件にタグを付けました" in after
    assert "二番: 同じタグが付いているか" in after
    assert tags.of_tickets([first.id, second.id]) == {first.id: ["返品"], second.id: ["返品"]}


def test_only_answered_tickets_are_closed_at_once(sign_in: SignIn) -> None:
    client = sign_in("staff")
    done, injured, waiting = answered("済み"), answered("けが"), chats.ticket(chats.customer("待ち"))
    with write_transaction():
        Ticket.update(severity=3, urgency=2).where(Ticket.id == injured.id).execute()
    after = choose(client, "close", done, injured, waiting)
    assert "1件を対応済みにしました" in after
    assert "けが: お体やいのちのことは" in after
    assert "待ち: お客様がお返事を待っています。" in after
    assert closings() == [done.conversation_id]


def test_a_ticket_whose_customer_wrote_since_the_list_was_shown_stays_open(sign_in: SignIn) -> None:
    client = sign_in("staff")
    done = answered("済み")
    page = get(client, "/console/tickets?select=1").text
    shown_at = re.search(r'name="shown_at" value="(\d+)"', page)
    assert shown_at
    chats.wrote(done.customer, "もうひとつだけ聞いてもいいですか")
    answer = post(
        client,
        "/console/tickets/bulk",
        page="/console/tickets?select=1",
        do="close",
        ticket=str(done.id),
        shown_at=shown_at[1],
    )
    assert "済み: 新しいメッセージが届いています。" in get(client, answer.location).text
    assert closings() == []


def test_pressing_twice_closes_once_and_nothing_chosen_changes_nothing(sign_in: SignIn) -> None:
    client = sign_in("staff")
    done = answered("済み")
    page = get(client, "/console/tickets?select=1").text
    hidden = dict(re.findall(r'type="hidden" name="(key|shown_at)" value="([^"]*)"', page))
    for _ in range(2):
        post(
            client,
            "/console/tickets/bulk",
            page="/console/tickets",
            do="close",
            ticket=str(done.id),
            **hidden,
        )
    assert closings() == [done.conversation_id]
    for do in ("close", "nonsense", ""):
        assert "チャットを選んでから" in choose(client, do)


def test_the_list_says_why_each_is_where_it_is(sign_in: SignIn) -> None:
    client = sign_in("staff")
    chats.ticket(chats.customer("ふつう"))
    chats.ticket(chats.customer("お怒り"), tickets.UPSET)
    chats.ticket(chats.customer("けが"), tickets.HARM)
    chats.ticket(chats.customer("低い点"), tickets.DETRACTOR)
    answered("返信済み")
    page = get(client, "/console/tickets").text
    parts = re.findall(r'class="queue-part">([^<]+)<|class="row-name">([^<]+)<', page)
    assert [part or name for part, name in parts] == [
        "お体・いのちのこと",
        "けが",
        "お怒り・お急ぎ・商品の不具合",
        "お怒り",
        "低い評価",
        "低い点",
        "お返事をお待ちです（お約束の早い順）",
        "ふつう",
        "返信済み（お客様の番です）",
        "返信済み",
    ]


def test_notes_tags_and_assignee_follow_to_the_customers_next_ticket(sign_in: SignIn) -> None:
    client = sign_in("staff")
    who, me = chats.customer("山田 花子"), Staff.get()
    first = chats.ticket(who)
    post(
        client, f"/console/tickets/{first.id}/notes", page=f"/console/tickets/{first.id}", note="左手が不自由"
    )
    with write_transaction():
        tags.add(first.id, "ギフト")
        tickets.record_staff_answer(first.id, me.id)
        tickets.resolve(first.id, me.id)
    second = chats.ticket(who)
    assert second.id != first.id
    assert second.assignee_id == me.id
    page = get(client, f"/console/tickets/{second.id}").text
    assert "左手が不自由" in page
    assert "以前のチャットのメモ" in page
    assert tags.of_tickets([second.id]) == {second.id: ["ギフト"]}
