"""Staff decide about held referrals with the evidence beside the buttons; a decision is stored once."""

import json

from bot import localtime
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from customers.orders import purchases
from customers.people.customer import Customer
from rewards.referrals import referrals
from rewards.referrals.tables import Referral, ReferralState
from tests.console import chats
from tests.console.conftest import SignIn, get, post

PAGE = "/console/referrals/held"


def a_held_one() -> Referral:
    hanako, taro = chats.customer("紹介 花子"), chats.customer("友達 太郎")
    with write_transaction():
        referrals.join(referrals.get_or_create_code(hanako.id), taro.id, is_new=True)
        Referral.update(state=ReferralState.HELD, reason="shared_identity").execute()
    return Referral.get()


def decisions() -> list[dict[str, object]]:
    return [
        json.loads(row.body) for row in InboxEvent.select().where(InboxEvent.source == "referral.decided")
    ]


def test_staff_see_who_invited_whom_and_why_it_waits(sign_in: SignIn) -> None:
    staff = sign_in("staff")
    assert "確認を待っている紹介はありません" in get(staff, PAGE).text
    a_held_one()
    page = get(staff, PAGE).text
    assert "紹介 花子 → 友達 太郎" in page
    assert "メールアドレスか電話番号が同じです" in page
    assert "景品表示法" not in page
    assert "200円まで" in get(sign_in("owner"), PAGE).text


def test_one_place_of_delivery_is_shown_as_such(sign_in: SignIn) -> None:
    a_held_one()
    with write_transaction():
        for number, who in enumerate(Customer.select()):
            purchases.Purchase.create(
                source="test",
                order_number=f"A-{number}",
                customer=who,
                ordered_at=localtime.now(),
                ordered_on=localtime.today(),
                delivery_hash="h" * 64,
                total_yen=3_980,
                recorded_at=localtime.now(),
            )
        Referral.update(reason="shared_delivery").execute()
    page = get(sign_in("staff"), PAGE).text
    assert "紹介した方と、お届け先が同じです" in page
    assert "<dt>同じもの</dt><dd>お届け先" in page


def test_a_decision_is_stored_once_with_who_made_it(sign_in: SignIn) -> None:
    held = a_held_one()
    staff = sign_in("staff")
    for decision in ("approve", "reject"):
        post(staff, f"{PAGE}/{held.id}/{decision}", page="/console/tickets", reason="やっぱり")
    [stored] = decisions()
    assert (stored["referral_id"], stored["approve"]) == (held.id, True)
    assert "すでに判断されています" in get(staff, PAGE).text
    assert "紹介 花子" not in get(staff, PAGE).text
    assert Customer.select().count() == 2


def test_a_rejection_needs_its_reason_and_strange_ones_change_nothing(sign_in: SignIn) -> None:
    held = a_held_one()
    staff = sign_in("staff")
    post(staff, f"{PAGE}/{held.id}/reject", page=PAGE, reason="  ")
    assert "お断りの理由を入れてください" in get(staff, PAGE).text
    assert post(staff, f"{PAGE}/{held.id}/forgive", page=PAGE).status_code == 404
    post(staff, f"{PAGE}/4711/approve", page=PAGE)
    assert decisions() == []
