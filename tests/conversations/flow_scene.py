"""Flows for conversation tests: written as the owner's file has them, and on since the day before."""

import tomllib
from datetime import timedelta

from bot import localtime
from bot.db.database import write_transaction
from journeys.enrolments import subscriptions
from journeys.enrolments.tables import Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow
from journeys.sending.tables import JourneyEntry
from tests.conversations.scenario import Phone

AFTER_THE_FIRST_ORDER = """
key = "after-first-order"
name = "はじめてのお買い物のあと"
trigger = { on = "order", nth = 1 }
goal = { on = "order" }

[[step]]
key = "thanks"
latest_days = 0
text = "{name}さん、はじめてのお買い物をありがとうございます！"

[[step]]
key = "anything-wrong"
wait = { days = 7, at = "11:00" }
latest_days = 0
text = "商品はいかがですか？"
buttons = [{ label = "気になることがある", tag = "has-concern" }, { label = "問題ない", tag = "no-concern" }]

[[step]]
key = "how-to"
wait = { until = "tag", tag = "has-concern", days = 3 }
when = { not_tag = "has-concern" }
latest_days = 0
text = "上手な使い方をまとめました。"

[[step]]
key = "voices"
wait = { days = 16, at = "11:00" }
latest_days = 0
text = "ほかのお客さまも、毎日使ってくださっています。"
"""


def switched_on(toml: str = AFTER_THE_FIRST_ORDER, **changed: object) -> Flow:
    """The flow of that file, with these keys changed, on and begun by now; it holds nobody out unless it says so."""
    definition = FlowDefinition.model_validate({"holdout_percent": 0} | tomllib.loads(toml) | changed)
    yesterday = localtime.now() - timedelta(days=1)
    with localtime.fixed(yesterday), write_transaction():
        flow = stock.switch_on(stock.import_flow(definition), yesterday)
    subscriptions.forget_cached()
    return flow


def paused(flow: Flow) -> None:
    with write_transaction():
        stock.pause(flow)


def resumed(flow: Flow) -> None:
    with write_transaction():
        stock.switch_on(flow, localtime.now())


def off(flow: Flow) -> None:
    with write_transaction():
        stock.switch_off(flow)


def enrolments(phone: Phone) -> list[Enrolment]:
    """The customer's ways through flows, oldest first."""
    return list(Enrolment.select().where(Enrolment.customer == phone.customer.id).order_by(Enrolment.id))


def record(phone: Phone) -> list[str]:
    """What became of the customer's flows, a line each: `planned thanks`, `ended goal`."""
    entries = JourneyEntry.select().where(
        JourneyEntry.customer == phone.customer.id, JourneyEntry.enrolment_id.is_null(False)
    )
    return [
        " ".join(filter(None, (each.what, each.step_key, each.detail)))
        for each in entries.order_by(JourneyEntry.id)
    ]
