"""A flow played through for a real customer: their own name, rank and history decide, and nothing of it is written."""

import tomllib
from datetime import timedelta

from bot import localtime
from bot.db import database
from customers.people.customer import Customer
from journeys.flows.definition import FlowDefinition
from journeys.walk_through import simulation_input
from journeys.walk_through.playing import What, play
from tests.conversations.scenario import Scenario

FLOW = """
key = "offer"
name = "ご提案"
trigger = { on = "order" }

[[step]]
key = "for-regulars"
when = { min_orders = 2 }
latest_days = 0
text = "いつもありがとうございます"

[[step]]
key = "offer"
wait = { days = 5 }
class = "selling"
latest_days = 0
text = "いかがですか"
"""


def row_counts() -> dict[str, int]:
    return {
        table: database.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0]
        for table in database.database.get_tables()
    }


def test_a_newcomers_and_a_regulars_walk_differ_and_write_nothing(scenario: Scenario) -> None:
    newcomer, regular = scenario.customer(), scenario.customer("鈴木 一")
    newcomer.buys(3_000, "A-1")
    for number in range(3):
        regular.buys(40_000, f"B-{number}")
    scenario.sleep(days=8)  # what they were sent before counts no more
    definition = FlowDefinition.model_validate(tomllib.loads(FLOW))
    before = row_counts()

    def walked(customer: Customer) -> list[tuple[str, str | None, str]]:
        made = simulation_input.of(customer, definition)
        start = localtime.now() + timedelta(minutes=1)
        events = play(definition, start, made.input)
        return [(each.what, each.step_key, each.reason) for each in events if each.step_key]

    assert walked(newcomer.customer) == [
        (What.PASSED_OVER, "for-regulars", "condition"),
        (What.DROPPED, "offer", "basic"),
    ]
    assert walked(regular.customer)[0] == (What.SENT, "for-regulars", "")
    assert row_counts() == before


def test_a_customer_with_an_open_ticket_is_said_to_rest(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話したい")
    definition = FlowDefinition.model_validate(tomllib.loads(FLOW))

    assert simulation_input.of(misaki.customer, definition).is_resting == (misaki.ticket is not None)
    assert misaki.ticket is not None
