"""A shop under concurrent load: its customers, systems, staff and clock, each in threads."""

import json
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import peewee
from flask import Flask

from bot import localtime
from bot.db import database
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.queue.inbox import NewEvent
from bot.worker import worker
from bot.worker.worker_processes import Presence
from customers.api import auth, keys
from customers.api import orders as orders_api
from customers.csv import order_import, products
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import rank_review_jobs, timetable
from rewards.coupons import api, coupons, reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, Reward
from rewards.ledger import ledger
from rewards.ranks.tables import RankReview
from rewards.referrals import referrals
from rewards.referrals.tables import Referral, ReferralCode, ReferralState

CUSTOMERS, SECONDS, WORKERS = 16, 8.0, 6
NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
TEXTS = ("ポイント", "ランク", "紹介", "クーポン", "会員証", "担当者", "アンケート", "返品したい", "9")
SKUS = tuple(f"SKU-{letter}" for letter in "ABCDEFGH")


class Nobody:
    """A sender that sends nothing."""

    def __init__(self) -> None:
        self.presence = Presence()

    def send(self, _rows: object) -> None:
        """Do nothing."""

    expect = check_commit = send


class BusyShop:
    """Customers who have referred each other in circles, rewards with a stock, and all that writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ends_at = float("inf")
        self.numbers = iter(range(1, 1_000_000))
        self.orders: list[str] = []
        self.answers: list[int] = []
        self.failures: list[BaseException] = []
        app = Flask(__name__)
        app.register_blueprint(orders_api.api)
        app.register_blueprint(api.coupon_api)
        for rate in (auth.rate, api.rate):
            rate.__init__(1_000_000, 60)  # type: ignore[misc]
        self.app = app
        self.users = [f"U{number:032x}" for number in range(CUSTOMERS)]
        with write_transaction():
            self.key = keys.create("the shop")
            for user in self.users:
                customers.follow(user, inbox_conversation(user))
            self.ids = [int(each.id) for each in Customer.select().order_by(Customer.id)]
            for number, customer_id in enumerate(self.ids):
                referrer = self.ids[(number * 7 + 3) % CUSTOMERS]
                if referrer != customer_id:
                    Referral.create(
                        referrer=referrer,
                        referee=customer_id,
                        code=referrals.get_or_create_code(referrer),
                        state=ReferralState.JOINED,
                        reason="",
                        joined_at=NOON,
                    )
            for kind in (
                RewardKind.FIRST_PURCHASE,
                RewardKind.RANK,
                RewardKind.EXCHANGE,
                RewardKind.THANK_YOU,
            ):
                for name in ("石けん", "はちみつ"):
                    price = 10 if kind is RewardKind.EXCHANGE else 0
                    reward_list.make(
                        RewardDraft(
                            name=name,
                            kind=kind,
                            value_text=name,
                            value_yen=100,
                            points_price=price,
                            stock=None if kind is RewardKind.THANK_YOU else 100_000,
                        )
                    )

    def run(self, *works: tuple[int, Callable[[random.Random], object]]) -> None:
        """Let so many threads do each work again and again, until the time is up."""
        self.ends_at = time.monotonic() + SECONDS

        def go_on(work: Callable[[random.Random], object], seed: int) -> None:
            dice = random.Random(seed)
            try:
                while time.monotonic() < self.ends_at:
                    work(dice)
            except BaseException as failure:
                self.failures.append(failure)
            finally:
                database.close()

        threads = [
            threading.Thread(target=go_on, args=(work, number * 100 + copy))
            for number, (copies, work) in enumerate(works)
            for copy in range(copies)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

    def works_off(self, _dice: random.Random) -> None:
        if not worker.handle_next(Nobody()):  # type: ignore[arg-type]
            time.sleep(0.005)

    def order(self, dice: random.Random) -> dict[str, Any]:
        number = f"A-{next(self.numbers)}"
        self.orders.append(number)
        skus = dice.sample(SKUS, dice.randint(1, 5))
        payload: dict[str, Any] = {
            "order_number": number,
            "ordered_at": "2026-04-01T10:00:00+09:00",
            "total_yen": dice.randint(500, 90_000),
            "items": [
                {"sku": sku, "name": sku, "quantity": 1, "premium": dice.random() < 0.5} for sku in skus
            ],
        }
        if dice.random() < 0.7:
            payload["line_user_id"] = dice.choice(self.users)
        if dice.random() < 0.6:
            payload["customer_number"] = str(dice.randint(1, 12))
        if len(payload) == 4:
            payload["email"] = f"{dice.randint(1, 12)}@example.jp"
        return payload

    def post(self, path: str, content: object) -> None:
        answer = self.app.test_client().post(
            f"{auth.PREFIX}{path}",
            data=json.dumps(content),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        self.answers.append(answer.status_code)

    def shop_system(self, dice: random.Random) -> None:
        act = dice.random()
        if act < 0.5 or not self.orders:
            self.post("/orders", self.order(dice))
            return
        number = dice.choice(self.orders[-60:])
        if act < 0.75:
            self.post(f"/orders/{number}/cancel", {})
        else:
            refund = {"refund_id": str(dice.randint(1, 3)), "amount_yen": dice.randint(1, 400)}
            self.post(f"/orders/{number}/refunds", refund)
        time.sleep(0.005)

    def imports(self, dice: random.Random) -> None:
        path = self.folder / f"{threading.get_ident()}.csv"
        again = dice.sample(self.orders[-40:], min(10, len(self.orders[-40:])))
        rows = [(f"C-{next(self.numbers)}", dice.randint(1, 12)) for _ in range(20)]
        rows += [(number, dice.randint(1, 12)) for number in again]
        dice.shuffle(rows)
        self.orders += [number for number, _ in rows if number.startswith("C")]
        lines = ["order_number,ordered_at,total_yen,customer_number,status"]
        lines += [
            f"{number},2026-04-01 09:00,{1000 + who},{who},{dice.choice(['', '', 'キャンセル'])}"
            for number, who in rows
        ]
        path.write_text("\n".join(lines), "utf-8")
        order_import.run(path)
        lines = ["sku,premium"] + [f"{sku},{dice.choice('01')}" for sku in dice.sample(SKUS, len(SKUS))]
        path.write_text("\n".join(lines), "utf-8")
        products.run(path)
        time.sleep(0.2)

    def chats(self, dice: random.Random) -> None:
        user, number = dice.choice(self.users), next(self.numbers)
        say = dice.choice(TEXTS)
        if dice.random() < 0.2:
            owner = dice.choice(self.ids)
            code = ReferralCode.get_or_none(ReferralCode.customer == owner)
            say = f"紹介コード {code.code}" if code else say
            user = f"U{number + 1_000_000:032x}"  # a new customer
        body: dict[str, Any] = {
            "type": "message",
            "message": {"type": "text", "id": str(number), "text": say},
        }
        if dice.random() < 0.3:
            reward = (
                Reward.select().where(Reward.kind == RewardKind.EXCHANGE).order_by(peewee.fn.random()).get()
            )
            body = {
                "type": "postback",
                "postback": {"data": f"coupon.exchange?reward={reward.id}&ask={number}"},
            }
        now = localtime.now()
        with write_transaction():
            inbox.store([NewEvent(f"chat-{number}", user, user, "line", json.dumps(body), now, now)])
        time.sleep(0.01)

    def staff(self, dice: random.Random) -> None:
        customer: Customer = Customer.get_by_id(dice.choice(self.ids))
        number = next(self.numbers)
        reward = Reward.select().where(Reward.kind == RewardKind.THANK_YOU).order_by(peewee.fn.random()).get()
        act = dice.randrange(4)
        coupon = Coupon.select().where(Coupon.state == "issued").order_by(peewee.fn.random()).first()
        with write_transaction():
            if act == 0:
                data = {"customer_id": customer.id, "reward_id": reward.id, "staff_id": 1}
                inbox.put("coupon.grant_requested", f"given:{number}", str(customer.line_user_id), data)
            elif act == 1:
                ledger.adjust(int(customer.id), dice.choice((-30, 50)), 1, "おわび", f"staff-adjust:{number}")
            elif coupon is not None and act == 2:
                coupons.redeem(coupon.code, "staff:1")
            elif coupon is not None:
                taken = {"coupon_id": coupon.id, "staff_id": 1, "reason": "まちがい"}
                owner = str(coupon.customer.line_user_id)
                inbox.put("coupon.cancellation_requested", f"coupon-cancelled:{coupon.id}", owner, taken)
        time.sleep(0.01)

    def clock(self, _dice: random.Random) -> None:
        timetable.run_all()
        with write_transaction():
            RankReview.delete().execute()
        rank_review_jobs.review_all_ranks()
        time.sleep(0.05)


def inbox_conversation(user: str) -> int:
    from bot import conversations

    return conversations.ensure(user, user)
