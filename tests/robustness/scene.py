"""Fills a shop through its entry points, so that every page has content; takes the words for every field that a
customer or a shop's system fills."""

import base64
import hashlib
import hmac
import json
import uuid
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from bot import localtime, notices
from bot.db.database import write_transaction
from bot.line.delivery import PARKED, Answer, DeliveryVerdict
from bot.queue import inbox, leases, outbox
from bot.queue.inbox import InboxEvent, NewEvent
from bot.queue.outbox import OutboxMessage
from bot.shop_versions import ShopVersion
from bot.worker import heartbeat
from console.auth import invitations
from console.auth.staff_accounts import Role, Staff
from customers.api import keys
from customers.imports import imports
from customers.imports.tables import ImportKind
from demo.line.accounts import Friendship
from handlers import campaign_jobs
from journeys.campaigns import campaigns
from journeys.campaigns.definition import CampaignDefinition
from journeys.contacts.tables import Contact
from journeys.enrolments import requests
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.links import short_links
from rewards.coupons import coupons, reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.referrals import referrals
from rewards.simulation import rule_simulations
from support.faq import importing, questions_asked
from support.tickets import canned_replies, notes, tags
from surveys.testimonials import moderation
from surveys.testimonials.tables import Testimonial
from tests.console import chats
from tests.console.pictures import broken_lid
from tests.conversations.scenario import Phone
from tests.robustness.conftest import SHOPIFY_SECRET, Shop

RULES = "[ranks]\nqualifying_months = 6\n"


def fill(shop: Shop, words: str = "山崎と申します。返品できますか？") -> None:
    """A customer with a ticket and everything they can send, a promoter, a friend, orders, and what staff write;
    `words` wherever an outsider is asked for text."""
    for process in ("worker", "clock"):
        heartbeat.beat(process)
    owner = _people()
    misaki = _customer(shop, words)
    _everything_one_can_send(shop, misaki, words)
    _orders(shop, misaki, words)
    _scores(shop, misaki, words)
    _testimonial(shop, words)
    _referral(shop, words)
    _as_it_came_in_once(misaki, words)
    _staff_content(misaki, owner)
    _flow(misaki, owner)
    _campaigns(misaki, owner)
    _contact(misaki)
    with write_transaction():
        short_links.make(misaki.customer.id, "https://shop.example/how-to", "flow:1:how-to")
    shop.settle()


def shopify(shop: Shop, topic: str, content: dict[str, Any]) -> int:
    """Post a signed webhook as Shopify does; the response's status."""
    return shopify_raw(shop.web, topic, json.dumps(content).encode())


def shopify_raw(web: FlaskClient, topic: str, body: bytes) -> int:
    """The same with any bytes."""
    signature = base64.b64encode(hmac.new(SHOPIFY_SECRET.encode(), body, hashlib.sha256).digest()).decode()
    headers = {"X-Shopify-Hmac-Sha256": signature, "X-Shopify-Webhook-Id": str(uuid.uuid4())}
    return web.post(f"/webhooks/shopify/{topic}", data=body, headers=headers).status_code


def order_of_shopify(number: int, words: str) -> dict[str, Any]:
    """A paid order with the words in each of its texts."""
    return {
        "id": 5_940_139_491_000 + number,
        "name": f"#{number}",
        "email": f"buyer{number}@example.jp",
        "phone": words,
        "note": words,
        "currency": "JPY",
        "financial_status": "paid",
        "processed_at": "2026-03-05T13:20:00+09:00",
        "total_price": "5450",
        "note_attributes": [{"name": words, "value": words}],
        "customer": {"id": 207_119_551 + number, "first_name": words, "email": words},
        "shipping_address": {"zip": words, "city": words, "address1": words, "country_code": words},
        "line_items": [{"sku": words, "title": words, "name": words, "quantity": 1, "price": "5450"}],
        "refunds": [],
    }


def _people() -> int:
    people = {str(each.role): each for each in Staff.select()}
    for role, name in (("owner", "鈴木 一郎"), ("staff", "佐藤 はな")):
        people[role] = people.get(role) or chats.person(name, role)
    return int(people["owner"].id)


def _customer(shop: Shop, words: str) -> Phone:
    misaki = Phone(shop, shop.platform.handset(words))
    person = misaki.handset.person
    person.picture_url, person.status_message, person.language = words, words, words
    person.friendship = Friendship.FRIEND
    misaki.handset.follow()
    shop.settle()
    return misaki


def _everything_one_can_send(shop: Shop, misaki: Phone, words: str) -> None:
    misaki.handset.send_image(broken_lid())
    for message in (
        {"id": "71", "type": "text", "text": words, "quotedMessageId": words, "quoteToken": words},
        {"id": "72", "type": "text", "text": words, "mention": {"mentionees": [{"userId": words}]}},
        {
            "id": "73",
            "type": "sticker",
            "packageId": words,
            "stickerId": words,
            "keywords": [words],
            "text": words,
        },
        {"id": "74", "type": "file", "fileName": words, "fileSize": 9},
        {"id": "75", "type": "location", "title": words, "address": words, "latitude": 1, "longitude": 1},
        {
            "id": "76",
            "type": "image",
            "contentProvider": {"type": words},
            "imageSet": {"id": words, "index": 1},
        },
        {"id": words, "type": "text", "text": words},
        {"id": "77", "type": words, "text": words},
    ):
        shop.platform.channel.post_webhook("message", misaki.handset.person, message=message)
    for kind, parts in (
        ("messageEdited", {"message": {"id": "71", "type": "text", "text": words + "2"}}),
        ("unsend", {"unsend": {"messageId": "72"}}),
        ("unsend", {"unsend": {"messageId": words}}),
        ("postback", {"postback": {"data": words, "params": {"date": words}}}),
        ("postback", {"postback": {"data": f"faq.show?e={words}"}}),
        ("accountLink", {"link": {"result": "ok", "nonce": words}}),
        ("accountLink", {"link": {"result": words, "nonce": words}}),
        (words, {"things": {"ship": words}}),
    ):
        shop.platform.channel.post_webhook(kind, misaki.handset.person, **parts)
    shop.settle()


def _orders(shop: Shop, misaki: Phone, words: str) -> None:
    shop.order("A-1001", 5_400, line_user_id=misaki.user_id)
    shop.settle()
    assert shopify(shop, "orders/paid", order_of_shopify(1, words)) == 200
    refund = {"id": 1, "order_id": 5_940_139_491_001, "note": words, "transactions": [{"kind": words}]}
    assert shopify(shop, "refunds/create", refund) == 200
    shop.settle()


def _scores(shop: Shop, misaki: Phone, words: str) -> None:
    misaki.handset.say("アンケート")
    shop.settle()
    misaki.handset.tap("3")
    shop.settle()
    _says(shop, misaki, words)
    _says(shop, misaki, "スタッフと話す")
    shop.staff_say(misaki.ticket, "交換品をお送りします。")
    shop.staff_resolve(misaki.ticket)
    misaki.handset.tap("🙂良い")
    shop.settle()
    _says(shop, misaki, words)
    _says(shop, misaki, "スタッフと話す")
    _says(shop, misaki, words)


def _testimonial(shop: Shop, words: str) -> None:
    for decision in ("publish", "wait"):
        fan = _customer(shop, words)
        for said in ("感想を書く", words):
            _says(shop, fan, said)
        if "感想として送る" in fan.buttons:  # the words read like a question
            fan.handset.tap("感想として送る")
            shop.settle()
        fan.handset.tap("スキップ")
        shop.settle()
        fan.handset.tap("名前を出して掲載OK")
        shop.settle()
        found = Testimonial.select().order_by(Testimonial.id.desc()).first()
        if decision == "publish" and found is not None:
            with write_transaction():
                moderation.publish(found, 1)


def _referral(shop: Shop, words: str) -> None:
    referrer = shop.customer().customer
    with write_transaction():
        code = referrals.get_or_create_code(referrer.id)
    for _ in range(2):
        _says(shop, _customer(shop, words), f"紹介コード {code} {words}")


def _as_it_came_in_once(misaki: Phone, words: str) -> None:
    """Rows as older versions stored them: with any body, handled or not."""
    at, key = localtime.now(), misaki.user_id
    bodies = [
        {"type": "message", "message": {"type": "text", "id": "81", "text": words}},
        {"type": words},
        words,
    ]
    rows = [
        NewEvent(f"once-{n}", key, key, "line", json.dumps(body), at, at) for n, body in enumerate(bodies)
    ]
    with write_transaction():
        inbox.store(rows)
        InboxEvent.update(state="done", finished_at=at).where(
            InboxEvent.event_id.startswith("once-")
        ).execute()


def _staff_content(misaki: Phone, owner: int) -> None:
    ticket, customer = misaki.ticket, misaki.customer
    assert ticket is not None
    with write_transaction():
        notes.add(ticket.id, owner, "在庫はあります。", [owner])
        tags.add(ticket.id, "返品")
        canned_replies.keep("おわび", "申し訳ございません。", None)
        keys.create("EC-CUBE")
        ShopVersion.create(content="", made_at=localtime.now(), made_by_id=owner, note="夏のあいだ")
        invitations.make(Staff.get_by_id(owner), "田中 みお", Role.STAFF)
        notices.notify("link-held:1", "ご購入者 M-1 は、すでに別のLINEのお客さまと連携されています。")
        soap = reward_list.make(
            RewardDraft(name="石けん", kind=RewardKind.THANK_YOU, value_text="石けん1個", value_yen=200)
        )
        coupons.issue(customer.id, soap, 1, "thanks:1")
        questions_asked.record_unanswered(ticket.conversation_id, "駐車場はありますか")
        importing.keep_upload("質問,回答\n駐車場は？,裏です。\n".encode(), "faq.csv", owner)
        imports.begin_command(ImportKind.ORDERS, "注文.csv", 1)
        simulation = rule_simulations.begin(RULES, "鈴木 一郎")
        outbox.push(ticket.conversation_id, [{"type": "text", "text": "x"}], cause="refused")
    sent = OutboxMessage.get(OutboxMessage.cause == "refused")
    with write_transaction():
        rule_simulations.store_result(simulation, rule_simulations.run(simulation))
        outgoing = next(row for row in leases.take_over("this scene") if row.id == sent.id)
        leases.record(
            outgoing,
            DeliveryVerdict(PARKED),
            Answer(400, "\0" + str(misaki.customer.display_name), "9" * 500),
        )


def _flow(misaki: Phone, owner: int) -> None:
    """A flow that is on, with its customer inside, and changes of it that are not published."""
    definition = FlowDefinition.model_validate(
        {
            "key": "welcome",
            "name": "はじめての方へ",
            "trigger": {"on": "follow"},
            "holdout_percent": 0,
            "step": [{"key": "hello", "text": "{name}さん、ようこそ！"}],
        }
    )
    with write_transaction():
        flow = stock.switch_on(stock.import_flow(definition), localtime.now())
        stock.save_draft(flow, definition.model_copy(update={"calm_days": 9}))
        requests.request_entry(misaki.customer.id, flow.id, f"staff:{owner}")


def _campaigns(misaki: Phone, owner: int) -> None:
    """A draft, and a campaign whose audience was taken in."""
    values = {
        "name": "冬のお茶",
        "class": "care",
        "message": {"text": "冬のお茶ができました。"},
        "audience": {"customer_ids": (misaki.customer.id,)},
        "holdout_percent": 0,
    }
    definition = CampaignDefinition.model_validate(values)
    with write_transaction():
        campaigns.create(definition, owner)
        begun = campaigns.create(definition, owner)
        campaigns.schedule(begun, None)
    campaign_jobs.run_campaigns()


def _contact(misaki: Phone) -> None:
    """The customer in staff's queue."""
    today = localtime.today()
    with write_transaction():
        Contact.create(
            customer=misaki.customer.id,
            purchase_id=1,
            purchased_on=today - timedelta(days=35),
            due_on=today - timedelta(days=5),
            until_on=today + timedelta(days=25),
            order_count=2,
            year_yen=6_000,
            assigned_at=localtime.now(),
        )


def _says(shop: Shop, phone: Phone, words: str) -> None:
    shop.platform.channel.post_webhook(
        "message", phone.handset.person, message={"id": uuid.uuid4().hex, "type": "text", "text": words}
    )
    shop.settle()
