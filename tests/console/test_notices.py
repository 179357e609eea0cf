"""The system's notices: in the reader's language, linked, dismissed for all or for one person."""

import html
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from bot import localtime, notices
from bot.db.database import write_transaction
from bot.notices import NoticeText, notice_text
from console.auth.staff_accounts import Staff
from console.shell.notices import FIELDS
from customers.values.faults import LABELS
from tests.console.conftest import SignIn, get, post


@pytest.fixture
def owner(sign_in: SignIn) -> FlaskClient:
    return sign_in("owner")


@pytest.fixture
def staff(sign_in: SignIn) -> FlaskClient:
    return sign_in("staff")


def test_a_notice_that_only_has_to_be_read_is_gone_others_are_hidden_from_who_dismissed_them(
    owner: FlaskClient, staff: FlaskClient
) -> None:
    with write_transaction():
        notices.notify("link-held:1", "別のLINEのお客さまと連携されています")
        notices.notify("month-is-spent", "今月の無料メッセージ数を使い切りました")
        notices.notify("danger:1", "いのちにかかわる言葉が届きました")
    held, spent, danger = notices.current()
    page = get(owner, "/console/api-keys").text
    assert page.count("閉じる<span") == 2
    for notice, status in ((held, 303), (spent, 303), (danger, 404)):
        answer = post(owner, f"/console/notices/{notice.id}/put-away", page="/console/api-keys")
        assert answer.status_code == status
    assert [each.cause for each in notices.current()] == ["month-is-spent", "danger:1"]
    shown = {who: get(who, "/console/tickets").text for who in (owner, staff)}
    assert "使い切りました" not in shown[owner]
    assert "使い切りました" in shown[staff]
    assert all("いのちにかかわる" in page for page in shown.values())
    with localtime.fixed(localtime.now() + timedelta(days=1)):
        assert "month-is-spent" not in notices.dismissed_by(Staff.get(Staff.role == "owner").id)


def test_a_notice_is_in_the_readers_language_and_leads_on(owner: FlaskClient) -> None:
    waits = notice_text("%(count)s時間", count=3)
    with write_transaction():
        notices.notify(
            "promises-broken",
            notice_text(
                "%(grade)sお約束の時刻を過ぎてもお返事できていないお客様が%(count)s人います（いちばん長い方で%(since)s）。"
                "「期限間近」からお返事してください。お客様にも、遅れていることをお伝えしています。",
                grade="",
                count=2,
                since=waits,
            ),
        )
        fields = [NoticeText("合計金額"), NoticeText("商品")]
        notices.notify(
            "order-differs:A-1",
            notice_text(
                "注文 %(order)s の内容がShopifyで変わりました（%(fields)s）。登録済みの内容のままにしてあります。",
                order="A-1",
                fields=fields,
            ),
        )
    assert notices.current()[1].sentence.startswith(
        "注文 A-1 の内容がShopifyで変わりました（合計金額・商品）"
    )
    page = html.unescape(get(owner, "/console/api-keys").text)
    assert "お客様が2人います（いちばん長い方で3時間）" in page
    assert 'href="/console/tickets?view=at_risk"' in page
    post(owner, "/console/language/en", page="/console/api-keys")
    page = html.unescape(get(owner, "/console/api-keys").text)
    assert "promised time: 2 (the longest for 3 h)" in page
    assert "Order A-1 was changed in Shopify (total, Product" in page


def test_every_field_of_an_order_is_named_in_both_languages() -> None:
    assert {label for label in LABELS.values() if not label.isascii()} == {*FIELDS}


def test_a_notice_of_an_earlier_version_is_shown_as_it_is(owner: FlaskClient) -> None:
    with write_transaction():
        notices.notify("quota", "今月の送信数の上限に達しました。")
    post(owner, "/console/language/en", page="/console/api-keys")
    assert "今月の送信数の上限に達しました。" in get(owner, "/console/api-keys").text
