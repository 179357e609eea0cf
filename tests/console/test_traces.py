"""The pages that say why a customer got a message, or did not: what they show, in both languages, and to whom."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from bot.line.messages import text
from customers.people.customer import Customer
from journeys.campaigns import campaigns, tables
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import CampaignRecipient
from journeys.sending import planned
from journeys.sending.message_kinds import Kind
from journeys.sending.planned import NewMessage
from journeys.sending.tables import DROPPED, PlannedMessage
from tests.console import chats
from tests.console.conftest import BASE, enter, get
from tests.console.unasked import a_flow, a_sent_step


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    return enter(app, "staff")


@pytest.fixture
def misaki(staff: FlaskClient) -> Customer:
    return chats.customer("佐藤 美咲")


def test_a_customers_page_says_what_was_sent_and_what_was_not(staff: FlaskClient, misaki: Customer) -> None:
    row = a_sent_step(misaki, a_flow("first", "はじめてのお買い物のあと", "order"))
    a_flow("by-hand", "招待のお客様", "hand")
    with write_transaction():
        dropped = planned.plan(misaki, NewMessage(Kind.SURVEY, "survey:1", (text("a"),)))
        PlannedMessage.update(state=DROPPED, reason="opted-out").where(PlannedMessage.id == dropped).execute()
    page = get(staff, f"/console/journeys/customers/{misaki.id}").text
    for said in (
        *(
            "はじめてのお買い物のあと",
            "最後まで進みました",
            "シナリオに入りました（order:1001）",
            "プッシュで送信",
        ),
        *("¥3", "リンクを開きました", "アンケート", "取りやめ（配信停止のため）"),
        *("招待のお客様", "スタッフが入れたときだけ入るシナリオです。"),
        f"/console/journeys/messages/{row.id}",
    ):
        assert said in page, said


def test_a_customers_page_says_why_a_campaign_did_not_reach_them(
    staff: FlaskClient, misaki: Customer
) -> None:
    now = localtime.now()
    with write_transaction():
        for name, state, reason in (
            ("冬のお茶", tables.HELD_OUT, ""),
            ("春のお茶", tables.SKIPPED, "basic"),
            ("夏のお茶", tables.SENT, ""),
        ):
            campaign = campaigns.create(CampaignDefinition.model_validate({"name": name}), None)
            CampaignRecipient.create(
                campaign=campaign.id,
                customer=misaki.id,
                conversation_id=misaki.conversation_id,
                state=state,
                reason=reason,
                send_at=now,
            )
    page = get(staff, f"/console/journeys/customers/{misaki.id}").text
    assert dict(re.findall(r"<dt>(.のお茶)</dt><dd>([^<]*) <", page)) == {
        "冬のお茶": "送らずに比べる方",
        "春のお茶": "送りませんでした（ベーシックの方には送らない内容のため）",
        "夏のお茶": "届けました",
    }


def test_a_messages_page_says_why_it_waited(staff: FlaskClient, misaki: Customer) -> None:
    row = a_sent_step(misaki, a_flow("first", "はじめてのお買い物のあと", "order"))
    page = get(staff, f"/console/journeys/messages/{row.id}").text
    for said in (
        "待っています（夜間のため）",
        "シナリオ「はじめてのお買い物のあと」",
        "第2版",
        "¥3",
        "7日以内",
    ):
        assert said in page, said


def test_what_still_waits_says_until_when(staff: FlaskClient, misaki: Customer) -> None:
    with write_transaction():
        waiting = planned.plan(misaki, NewMessage(Kind.RANK_ROSE, "rank:1", (text("a"),)))
    page = get(staff, f"/console/journeys/messages/{waiting}").text
    assert "返信に添えられるのを待ちます" in page
    assert "まだ届いていません" in page


@pytest.mark.parametrize("place", ["customers", "messages"])
def test_nobody_and_nothing_are_not_found(staff: FlaskClient, place: str) -> None:
    assert staff.get(f"/console/journeys/{place}/4711", base_url=BASE).status_code == 404


def test_the_chat_leads_to_the_customers_page(staff: FlaskClient) -> None:
    ticket = chats.ticket(chats.customer("田中 結衣"))
    assert (
        f"/console/journeys/customers/{ticket.customer_id}"
        in get(staff, f"/console/tickets/{ticket.id}").text
    )
