"""Staff note on an order that a replacement was promised or sent; nothing else follows from it."""

from datetime import UTC, datetime

from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from customers.orders.order_notes import OrderNote
from customers.orders.purchases import Purchase
from rewards.ledger import ledger
from tests.console import chats
from tests.console.conftest import SignIn, get, post
from tests.console.test_rewards import a_coupon


def order(customer_id: int, number: str = "1001") -> Purchase:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    with write_transaction():
        return Purchase.create(
            **{"source": "api", "order_number": number, "customer": customer_id, "ordered_at": at},
            **{"ordered_on": at.date(), "total_yen": 5_000, "recorded_at": at},
        )


def test_a_replacement_is_noted_in_the_chat_and_seen_at_the_customer(sign_in: SignIn) -> None:
    staff = sign_in("staff")
    ticket = chats.ticket(chats.customer("佐藤 美咲"))
    bought = order(ticket.customer_id)
    events, messages = InboxEvent.select().count(), OutboxMessage.select().count()
    chat = f"/console/tickets/{ticket.id}"
    assert "代わりの品を約束" in get(staff, chat).text

    done = post(
        staff,
        f"/console/orders/{bought.id}/notes",
        page=chat,
        kind="replacement-promised",
        note="ふたが割れていた",
        ticket_id=str(ticket.id),
    )

    assert done.status_code == 303 and done.location.endswith(f"{chat}#card-title")
    for page in (chat, f"/console/customers/{ticket.customer_id}"):
        shown = get(staff, page).text
        assert "ふたが割れていた" in shown and "佐藤 はな" in shown
    assert (InboxEvent.select().count(), OutboxMessage.select().count()) == (events, messages)
    assert ledger.balance(ticket.customer_id) == 0
    assert Purchase.get_by_id(bought.id).state == "paid"


def test_a_double_click_notes_it_once_and_an_empty_note_is_none(sign_in: SignIn) -> None:
    staff, who = sign_in("staff"), chats.customer("佐藤 美咲")
    bought = order(who.id)
    page = f"/console/customers/{who.id}"
    for _ in range(2):
        post(staff, f"/console/orders/{bought.id}/notes", page=page, kind="replacement-sent")
    assert OrderNote.select().count() == 1
    post(staff, f"/console/orders/{bought.id}/notes", page=page, kind="other", note=" ")
    assert OrderNote.select().count() == 1
    assert "メモを書いてください。" in get(staff, page).text
    assert post(staff, f"/console/orders/{bought.id}/notes", page=page, kind="refund").status_code == 404
    assert post(staff, "/console/orders/4711/notes", page=page, kind="other").status_code == 404


def test_the_coupons_they_hold_stand_beside_the_chat(sign_in: SignIn) -> None:
    coupon = a_coupon()
    ticket = chats.ticket(coupon.customer)
    shown = get(sign_in("staff"), f"/console/tickets/{ticket.id}").text
    assert "使えるクーポン" in shown and coupon.code in shown
