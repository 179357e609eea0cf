"""The people of `year.py`: customers who buy, write, tap, answer, complain, stop the news, block and refer friends, and
the staff who answer them. By chance, but the same for the same seed."""

import heapq
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot import localtime
from bot.conversations import Conversation
from bot.queue.outbox import OutboxMessage
from demo.phone.client import action_label, actions_in
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import SENT, PlannedMessage
from support.tickets.tickets import RESOLVED, Ticket
from tests.conversations.scenario import Phone, Scenario

BUYERS, BUYS_AGAIN, BUYS_ON = 0.6, 0.27, 0.6
"""Who ever buys; of those who bought once, who buys a second time; of the others, who buys once more."""
GAP_DAYS = (20, 120)
ACTIVITY_SPREAD = 0.9
"""Of the logarithm of how often customers write: one in ten writes more than three times the median."""
ANSWERS_SURVEY, TAPS_A_BUTTON, ADDS_A_WORD = 0.4, 0.25, 0.3
COMPLAINS, STOPS_NEWS, TAKES_NEWS_AGAIN, BLOCKS, UNBLOCKS, REFERS = 0.08, 0.06, 0.4, 0.06, 0.3, 0.1
SCORES = (10, 10, 9, 9, 8, 8, 8, 7, 7, 6, 5, 3, 0)
SAYINGS = (
    *("ポイント", "ポイント", "ランク", "クーポン", "メニュー", "注文状況", "こんにちは", "アンケート"),
    *("送料はいくらですか", "返品できますか", "いつ届きますか", "使い方を教えてください", "支払い方法は？"),
)
COMPLAINTS = (
    "届いた商品が割れていました",
    "スタッフと話す",
    "注文したものと違う商品が届きました",
    "いいかげんにしてください。返事が遅すぎます",
)
ITEMS = (
    {"sku": "TEA-50", "name": "ほうじ茶 50g", "quantity": 1},
    {"sku": "SOAP", "name": "はちみつ石けん", "quantity": 2},
)


@dataclass
class Life:
    """One customer, and what only the simulation knows of them. Times are in the shop's zone."""

    phone: Phone
    joined_at: datetime
    acts_a_month: float
    no_news: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    """When they had stopped the news."""
    blocking: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    orders: dict[str, datetime] = field(default_factory=dict)
    act_count: int = 0

    @property
    def name(self) -> str:
        """Their name on LINE."""
        return str(self.phone.handset.person.name)

    def was(self, intervals: list[tuple[datetime, datetime | None]], at: datetime) -> bool:
        """Whether the moment lies in one of the intervals."""
        return any(begin <= at and (end is None or at < end) for begin, end in intervals)


class People:
    """Everybody, with what they will do next."""

    def __init__(self, scenario: Scenario, dice: Random, ends_at: datetime, acts_a_month: float) -> None:
        self.scenario, self.dice, self.ends_at = scenario, dice, ends_at
        self.acts_a_month = acts_a_month
        self.lives: list[Life] = []
        self._acts: list[tuple[datetime, int, Callable[[], object]]] = []
        self._number, self._seen = 0, 0

    def plan(self, at: datetime, act: Callable[[], object]) -> None:
        """Have it done at that moment, unless the year is over by then."""
        if at < self.ends_at:
            self._number += 1
            heapq.heappush(self._acts, (at, self._number, act))

    def act_until(self, moment: datetime) -> None:
        """Do everything that is planned before that moment, each at its time; then it is that moment."""
        while self._acts and self._acts[0][0] <= moment:
            at, _, act = heapq.heappop(self._acts)
            self._be_at(max(at, self._now()))
            act()
        self._be_at(moment)

    def arrive(self, at: datetime, code: str | None = None) -> None:
        """A new customer, perhaps with a friend's code."""
        self.plan(at, lambda: self._begin(code))

    def react(self) -> None:
        """Let customers plan what they do about what they got since the last call."""
        rows = (
            PlannedMessage.select()
            .where(PlannedMessage.state == SENT, PlannedMessage.outbox_id > self._seen)
            .order_by(PlannedMessage.outbox_id)
        )
        by_user = {life.phone.user_id: life for life in self.lives}
        for row in list(rows):
            self._seen = int(row.outbox_id or 0)
            user = str(Conversation.get_by_id(row.conversation_id).line_user_id)
            self._react_to(by_user[user], row)

    def staff_work(self) -> None:
        """Staff answer the tickets that wait since yesterday, and resolve those they have answered."""
        before = localtime.now() - timedelta(hours=16)
        for ticket in list(Ticket.select().where(Ticket.state != RESOLVED, Ticket.opened_at < before)):
            if ticket.staff_spoke_at is None:
                self.scenario.staff_say(ticket, "ご不便をおかけしました。すぐにお調べします。")
            elif self.dice.random() < 0.6:
                self.scenario.staff_resolve(ticket)

    def _now(self) -> datetime:
        return localtime.local(localtime.now())

    def _be_at(self, moment: datetime) -> None:
        self.scenario.sleep(seconds=(moment - self._now()).total_seconds())

    def _begin(self, code: str | None) -> None:
        dice = self.dice
        number = len(self.lives) + 1
        rate = self.acts_a_month * math.exp(dice.gauss(0, ACTIVITY_SPREAD))
        life = Life(self.scenario.customer(f"客{number:03}"), self._now(), rate)
        self.lives.append(life)
        if code is not None:
            life.phone.says(f"紹介コード {code}")
        self._plan_writing(life)
        now = self._now()
        if dice.random() < BUYERS or code is not None:
            self.plan(self._awake(now, days=dice.expovariate(1 / 8)), lambda: self._buy(life))
        year = (self.ends_at - now).days
        if dice.random() < STOPS_NEWS:
            self.plan(self._awake(now, days=dice.uniform(1, year)), lambda: self._stop_news(life))
        if dice.random() < BLOCKS:
            self.plan(self._awake(now, days=dice.uniform(1, year)), lambda: self._block(life))

    def _awake(self, now: datetime, *, days: float) -> datetime:
        """About so many days later, at an hour in which people have their phone in hand: a few also at night."""
        day = now + timedelta(days=days)
        hour = self.dice.choices(
            range(24), [3, 2, 1, 0, 0, 1, 3, 6, 6, 6, 6, 6, 9, 7, 5, 6, 6, 6, 8, 9, 10, 10, 9, 6]
        )[0]
        at = day.replace(hour=hour, minute=self.dice.randrange(60), second=self.dice.randrange(60))
        return at if at > now else now + timedelta(minutes=self.dice.randint(1, 90))

    def _plan_writing(self, life: Life) -> None:
        gap = self.dice.expovariate(life.acts_a_month / 30)
        self.plan(self._awake(self._now(), days=gap), lambda: self._write(life))

    def _write(self, life: Life) -> None:
        if not life.phone.handset.blocking:
            self._says(life, self.dice.choice(SAYINGS))
        self._plan_writing(life)

    def _says(self, life: Life, words: str) -> None:
        if life.phone.handset.blocking:
            return
        life.act_count += 1
        life.phone.handset.say(words)
        self.scenario.settle()

    def _buy(self, life: Life) -> None:
        dice, now = self.dice, self._now()
        number = f"{len(self.lives)}-{life.name}-{len(life.orders) + 1}"
        life.orders[number] = now
        yen = int(dice.lognormvariate(8.3, 0.6)) + 500
        items = [dice.choice(ITEMS)]
        self.scenario.order(number, yen, line_user_id=life.phone.user_id, items=items)
        self.scenario.settle()
        parcel = {"carrier": "クロネコヤマト", "tracking_number": f"{dice.randrange(10**11, 10**12)}"}
        sent = (now + timedelta(days=dice.choice((1, 1, 2)))).replace(hour=15, minute=dice.randrange(60))
        came = (sent + timedelta(days=dice.choice((1, 1, 2)))).replace(hour=dice.randint(9, 20))
        self.plan(sent, lambda: self._parcel(number, {**parcel, "dispatched_at": sent.isoformat()}))
        self.plan(came, lambda: self._parcel(number, {**parcel, "delivered_at": came.isoformat()}))
        if dice.random() < COMPLAINS:
            at = self._awake(came, days=dice.uniform(0.2, 4))
            self.plan(at, lambda: self._says(life, dice.choice(COMPLAINTS)))
        if dice.random() < REFERS:
            self.plan(self._awake(came, days=dice.uniform(2, 30)), lambda: self._refer(life))
        if dice.random() < (BUYS_AGAIN if len(life.orders) == 1 else BUYS_ON):
            self.plan(self._awake(now, days=dice.uniform(*GAP_DAYS)), lambda: self._buy(life))

    def _parcel(self, number: str, parcel: dict[str, Any]) -> None:
        answer = self.scenario.web.post(
            f"/api/v1/orders/{number}/shipments",
            json=parcel,
            headers={"Authorization": f"Bearer {self.scenario._api_key}"},
        )
        if answer.status_code not in (200, 201, 202):
            raise RuntimeError(f"the parcel was refused: {answer.get_data(as_text=True)}")
        self.scenario.settle()

    def _refer(self, life: Life) -> None:
        self._says(life, "紹介")
        card = life.phone.handset.received()[-1].get("altText", "")
        code = card.partition("：")[2].rstrip("）")
        if code:
            self.arrive(self._awake(self._now(), days=self.dice.uniform(0.2, 5)), code)

    def _stop_news(self, life: Life) -> None:
        if life.phone.handset.blocking:
            return
        self._says(life, "配信停止")
        life.no_news.append((self._now(), None))
        if self.dice.random() < TAKES_NEWS_AGAIN:
            self.plan(self._awake(self._now(), days=self.dice.uniform(5, 60)), lambda: self._take_news(life))

    def _take_news(self, life: Life) -> None:
        if life.phone.handset.blocking:
            return
        life.no_news[-1] = (life.no_news[-1][0], self._now())
        self._says(life, "配信再開")

    def _block(self, life: Life) -> None:
        life.blocking.append((self._now(), None))
        life.phone.blocks()
        if self.dice.random() < UNBLOCKS:
            self.plan(self._awake(self._now(), days=self.dice.uniform(3, 60)), lambda: self._unblock(life))

    def _unblock(self, life: Life) -> None:
        life.blocking[-1] = (life.blocking[-1][0], self._now())
        life.phone.handset.follow()
        self.scenario.settle()

    def _react_to(self, life: Life, row: PlannedMessage) -> None:
        if row.kind == Kind.SURVEY and self.dice.random() < ANSWERS_SURVEY:
            score = str(self.dice.choice(SCORES))
            chosen = [each for each in _actions(row) if action_label(each) == score]
        elif row.kind == Kind.FLOW_STEP and self.dice.random() < TAPS_A_BUTTON:
            chosen = [each for each in _actions(row) if each["type"] in ("postback", "message")]
        else:
            return
        if chosen:
            action = self.dice.choice(chosen)
            at = self._awake(self._now(), days=self.dice.expovariate(2))
            self.plan(at, lambda: self._do(life, action))

    def _do(self, life: Life, action: dict[str, Any]) -> None:
        if life.phone.handset.blocking:
            return
        life.act_count += 1
        life.phone.handset.do(action)
        self.scenario.settle()
        if self.dice.random() < ADDS_A_WORD and action_label(action) in map(str, SCORES):
            at = self._now() + timedelta(minutes=3)
            self.plan(at, lambda: self._says(life, "いつも使っています。届くのも早くて助かりました"))


def _actions(row: PlannedMessage) -> list[dict[str, Any]]:
    """The buttons of the call with which the row was sent."""
    said: Any = json.loads(OutboxMessage.get_by_id(row.outbox_id).messages)
    return [each for each in actions_in(said) if each["type"] != "uri"]
