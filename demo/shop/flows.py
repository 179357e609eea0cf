"""The sample shop's flows (ステップ配信): both shipped ones, switched on some weeks ago, and what customers do with
their messages: write, tap, open a link, ask for staff.

All of it happens through the product (`weeks.py`); nothing is written here as if it had happened.
"""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from bot import localtime
from bot.config import settings
from bot.db.database import write_transaction
from customers.people.customer import Customer
from demo.phone.client import Handset
from demo.phone.platform import Platform
from demo.shop.plan.agenda import Event
from journeys.flows import shipped_flows, stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.message_content import Link
from journeys.links import clicks
from journeys.links.tables import ShortLink
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import WAITING, PlannedMessage
from support.tickets import tickets

SWITCHED_ON_AGO = timedelta(days=37)
FIRST_ORDER, NEWCOMERS = "after-purchase", "six-walls"
TAPS = ("いい感じです", "いい感じです", "まだ使っていません", "気になることがある", "いい感じです")
"""What customers tap when asked whether anything is wrong; taken in turn."""
SETTINGS: dict[str, dict[str, Any]] = {FIRST_ORDER: {"holdout_percent": 0}, NEWCOMERS: {"outcome_days": 10}}
"""Whoever tries the demo buys something and should see what follows, so nobody is held out there. Of newcomers some
are, and their orders count so soon that the page of effects has figures."""
WORDS = ("ポイント", "ランク", "クーポン", "会員証")
ASKS_STAFF = "スタッフと話す"
ASKED_AGO = tuple(timedelta(hours=hours) for hours in (30, 26, 22, 16, 4))
"""When somebody may have asked for staff; the first time at which a message of theirs is about to come due."""
AT_WORK = time(14, 30)
"""The time of day at which customers write in these weeks."""


def switch_on() -> None:
    """Publish both shipped flows and switch them on: tomorrow's customers enter."""
    with write_transaction():
        for key in (FIRST_ORDER, NEWCOMERS):
            definition = _with_link(shipped_flows.all_of_them()[key]).model_copy(update=SETTINGS[key])
            flow = stock.import_flow(definition)
            stock.switch_on(flow, localtime.now())


def _with_link(definition: FlowDefinition) -> FlowDefinition:
    """The flow with a link to the shop's page of testimonials, as the owner would add it in the console."""
    link = Link(label="お客さまの声のページ", url=f"{settings.current().public_url}/voices")
    steps = tuple(
        each.model_copy(update={"link": link}) if each.testimonial else each for each in definition.step
    )
    return definition.model_copy(update={"step": steps})


class Habits:
    """What customers off the phone page do with the messages of flows, day by day."""

    def __init__(self, platform: Platform, on_the_phone: set[str]) -> None:
        self._platform, self._on_the_phone = platform, on_the_phone
        self._chance = random.Random(11)  # noqa: S311 - a sample, and the same one each time
        self._tapped = 0
        self._has_asked = False

    def events(self, begins: datetime, ends: datetime) -> Iterator[Event]:
        """One customer a day writes something, some tap and open; shortly before the end one wants staff."""
        day = localtime.local(begins).replace(hour=AT_WORK.hour, minute=AT_WORK.minute)
        while day < ends:
            yield day, self._somebody_writes
            yield day + timedelta(minutes=20), self._some_tap
            yield day + timedelta(minutes=40), self._some_open
            day += timedelta(days=1)
        for ago in ASKED_AGO:
            yield ends - ago, partial(self._somebody_asks_staff, ends)

    def _waiting(self) -> list[PlannedMessage]:
        """Steps that wait for a reply to go along with, whose customers are not on the phone page."""
        waiting = (PlannedMessage.state == WAITING) & (PlannedMessage.kind == Kind.FLOW_STEP)
        found = PlannedMessage.select().join(Customer).where(waiting, Customer.blocked_at.is_null())
        return [
            row
            for row in found.order_by(PlannedMessage.id)
            if row.customer.line_user_id not in self._on_the_phone
            and tickets.open_ticket_of(row.customer_id) is None
        ]

    def _phone_of(self, customer: Customer) -> Handset:
        person = self._platform.channel.people.get(customer.line_user_id or "")
        if person is None:
            raise LookupError(f"customer {customer.id} has no phone")
        return Handset(self._platform.channel, person)

    def _somebody_writes(self) -> None:
        rows = self._waiting()
        if rows:
            self._phone_of(self._chance.choice(rows).customer).say(self._chance.choice(WORDS))

    def _some_tap(self) -> None:
        """Those who were asked yesterday or today whether anything is wrong answer, two of three."""
        for customer in self._who_got("anything-wrong"):
            phone = self._phone_of(customer)
            self._tapped += 1
            label = TAPS[self._tapped % len(TAPS)]
            if self._tapped % 3 and label in phone.buttons():
                phone.tap(label)

    def _some_open(self) -> None:
        """Half of those with a new link open it."""
        since = localtime.now() - timedelta(days=1)
        for link in ShortLink.select().where(ShortLink.created_at > since).order_by(ShortLink.id):
            if self._chance.random() < 0.5:
                with write_transaction():
                    clicks.report(link)

    def _who_got(self, step_key: str) -> list[Customer]:
        since = localtime.now() - timedelta(days=1)
        got = (PlannedMessage.step_key == step_key) & (PlannedMessage.settled_at > since)
        rows = PlannedMessage.select().where(got, PlannedMessage.outbox_id.is_null(False))
        found = [row.customer for row in rows.order_by(PlannedMessage.id)]
        return [each for each in found if each.line_user_id not in self._on_the_phone]

    def _somebody_asks_staff(self, ends: datetime) -> None:
        """A customer whose next message is due before `ends` asks for staff, once: it waits for the ticket."""
        soon = [row for row in self._waiting() if row.latest_at < ends]
        if soon and not self._has_asked:
            self._has_asked = True
            self._phone_of(soon[0].customer).say(ASKS_STAFF)
