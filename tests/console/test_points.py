"""A customer's points in the console: corrected once, with a reason and a name; expired points given back in time."""

import re
import uuid
from datetime import timedelta

from bot import localtime
from bot.db.database import write_transaction
from console.loyalty.points import SHOWN
from rewards.ledger import due_points, ledger
from rewards.ledger.ledger import EntryKind, LedgerEntry
from tests.console import chats
from tests.console.conftest import SignIn, get, post


def test_staff_adjust_with_a_reason_and_their_name(sign_in: SignIn) -> None:
    client, who = sign_in("staff"), chats.customer("佐藤 美咲")
    page, key = f"/console/customers/{who.id}/points", str(uuid.uuid4())
    for _ in range(2):
        answer = post(client, f"{page}/adjust", page=page, points="50", reason="配送の遅れのお詫び", key=key)
        assert answer.status_code == 303
    (entry,) = ledger.history(who.id)
    assert (entry.kind, entry.points, entry.note) == (EntryKind.ADJUST, 50, "配送の遅れのお詫び")
    assert entry.staff_id is not None
    shown = get(client, page).text
    assert "配送の遅れのお詫び" in shown
    assert "+50" in shown


def test_what_cannot_be_is_refused_and_given_back(sign_in: SignIn) -> None:
    client, who = sign_in("staff"), chats.customer("佐藤 美咲")
    page = f"/console/customers/{who.id}/points"
    for points, reason, error in (
        ("0", "理由", "整数"),
        ("50", " ", "理由を"),
        ("-1", "訂正", "引けるのは0"),
    ):
        key = str(uuid.uuid4())
        answer = post(client, f"{page}/adjust", page=page, points=points, reason=reason, key=key)
        assert answer.status_code == 422
        assert error in answer.text
        assert f'value="{points}"' in answer.text
    assert ledger.history(who.id) == []
    assert get(client, "/console/customers/999/points").status_code == 404


def test_expired_points_are_given_back_by_a_button(sign_in: SignIn) -> None:
    client, who = sign_in("staff"), chats.customer("佐藤 美咲")
    with write_transaction(), localtime.fixed(localtime.now() - timedelta(days=400)):
        ledger.earn(who.id, "purchase", 50, "order:1")
    with write_transaction():
        due_points.expire(who.id)
    page = f"/console/customers/{who.id}/points"
    action = re.search(r'action="([^"]+/rescue)"', get(client, page).text)
    assert action
    assert post(client, action[1], page=page).status_code == 303
    assert ledger.balance(who.id) == 50
    assert "/rescue" not in get(client, page).text
    assert LedgerEntry.get(LedgerEntry.kind == EntryKind.REVERSE).staff_id is not None


def test_the_chat_leads_to_the_points(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    page = get(client, f"/console/tickets/{made.id}").text
    assert f'href="/console/customers/{made.customer_id}/points"' in page


def test_an_entry_names_its_order_and_the_page_leads_back_to_the_chat(sign_in: SignIn) -> None:
    client, chat = sign_in("staff"), chats.unhappy_customer()
    with write_transaction():
        ledger.earn(chat.customer_id, "purchase", 50, "order:HD-1")
        ledger.earn(chat.customer_id, "registration", 30, f"registration:{chat.customer_id}")
    page = get(client, f"/console/customers/{chat.customer_id}/points").text
    assert "注文 HD-1" in page
    assert ">registration:" not in page
    assert f'href="/console/tickets/{chat.id}"' in page


def test_older_entries_are_a_page_further(sign_in: SignIn) -> None:
    client, who = sign_in("staff"), chats.customer("佐藤 美咲")
    with write_transaction():
        for number in range(SHOWN + 1):
            ledger.earn(who.id, "purchase", 1, f"order:A{number}")
    page = f"/console/customers/{who.id}/points"
    newest = get(client, page).text
    assert "注文 A1<" in newest
    assert "注文 A0<" not in newest
    [older] = re.findall(r'href="([^"]+before=\d+)"', newest)
    assert "注文 A0<" in get(client, older).text
