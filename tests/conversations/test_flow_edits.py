"""A customer inside a flow while its owner edits it: what still comes, once, and what never comes."""

import tomllib

from bot.db.database import write_transaction
from handlers import flow_move_jobs
from journeys.enrolments import subscriptions
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow
from journeys.moves import move_choices, moving
from journeys.moves.move_choices import END, MOVE, Choice
from tests.conversations.flow_scene import enrolments, paused, record, resumed, switched_on
from tests.conversations.scenario import Phone, Scenario, said

FLOW = """
key = "after-order"
name = "ご注文のあと"
trigger = { on = "order" }

[[step]]
key = "thanks"
latest_days = 0
text = "お買い物をありがとうございます"

[[step]]
key = "how-is-it"
wait = { days = 7, at = "11:00" }
latest_days = 2
text = "商品はいかがですか"

[[step]]
key = "how-to"
wait = { days = 7, at = "11:00" }
latest_days = 0
text = "上手な使い方です"
"""
EXTRA = """
[[step]]
key = "extra"
wait = { days = 1, at = "11:00" }
latest_days = 0
text = "おまけの話です"
"""
HEAD, THANKS, HOW_IS_IT, HOW_TO = FLOW.split("[[step]]")
WITHOUT_HOW_IS_IT = "[[step]]".join([HEAD, THANKS, HOW_TO])
TEXTS = (
    "お買い物をありがとうございます",
    "商品はいかがですか",
    "上手な使い方です",
    "おまけの話です",
    "届いていますか",
)


def published(toml: str, *choices: tuple[str, str, str | None]) -> Flow:
    """The flow of that file, published; the choices are (step, what, to_step) for those of the version before."""
    before = stock.find("after-order")
    assert before is not None
    assert before.version_id is not None
    older = before.version_id
    with write_transaction():
        flow = stock.import_flow(FlowDefinition.model_validate({"holdout_percent": 0} | tomllib.loads(toml)))
        chosen = [Choice(older, step, what, to_step) for step, what, to_step in choices]
        move_choices.choose(flow, chosen, None)
    subscriptions.forget_cached()
    flow_move_jobs.move_enrolments()
    return flow


def texts_of(scenario: Scenario, phone: Phone, days: int) -> list[str]:
    """The flow's texts that arrive on the next days, in their order: `7 商品はいかがですか`."""
    arrived = []
    for day in range(1, days + 1):
        scenario.pass_time(days=1)
        words = said(phone.hears())
        arrived += [f"{day} {text}" for text in TEXTS if text in words]
    return arrived


def test_failures_1_and_20_a_move_in_a_paused_flow_is_silent_and_resuming_sends_nobody_twice(
    scenario: Scenario,
) -> None:
    flow = switched_on(FLOW)
    misaki = scenario.customer()
    assert "お買い物をありがとうございます" in said(misaki.buys(3_000, "A-1"))
    assert texts_of(scenario, misaki, 9) == ["9 商品はいかがですか"]
    paused(flow)

    published(FLOW.replace("[[step]]", EXTRA + "\n[[step]]", 1), ("how-to", MOVE, None))

    assert texts_of(scenario, misaki, 10) == []
    assert "上手な使い方です" not in said(misaki.says("ポイント"))
    found = stock.find("after-order")
    assert found is not None
    resumed(found)
    assert texts_of(scenario, misaki, 20) == ["1 上手な使い方です"]
    assert [each.state for each in enrolments(misaki)] == ["done"]


def test_a_message_that_waits_is_sent_once_as_it_is_worded_now(scenario: Scenario) -> None:
    switched_on(FLOW)
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    texts_of(scenario, misaki, 7)
    assert [each.state for each in enrolments(misaki)] == ["sending"]

    published(FLOW.replace("商品はいかがですか", "届いていますか") + EXTRA, ("how-is-it", MOVE, None))

    assert texts_of(scenario, misaki, 20) == ["2 届いていますか", "7 上手な使い方です", "8 おまけの話です"]


def test_a_deleted_step_that_waits_is_not_sent_and_its_people_go_on_where_the_owner_says(
    scenario: Scenario,
) -> None:
    switched_on(FLOW)
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    texts_of(scenario, misaki, 7)

    published(WITHOUT_HOW_IS_IT, ("how-is-it", MOVE, "how-to"))

    assert texts_of(scenario, misaki, 20) == ["7 上手な使い方です"]
    assert "dropped how-is-it no-longer-applies" in record(misaki)


def test_a_deleted_step_without_another_ends_its_people_with_that_reason(scenario: Scenario) -> None:
    switched_on(FLOW)
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    texts_of(scenario, misaki, 3)

    published(WITHOUT_HOW_IS_IT, ("how-is-it", MOVE, None))

    assert texts_of(scenario, misaki, 20) == []
    assert record(misaki)[-1] == "ended how-is-it step-deleted"


def test_whom_the_owner_ends_gets_nothing_more_of_what_was_planned(scenario: Scenario) -> None:
    switched_on(FLOW)
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    texts_of(scenario, misaki, 7)

    published(FLOW + EXTRA, ("how-is-it", END, None))

    assert texts_of(scenario, misaki, 20) == []
    assert "ended how-is-it by-owner" in record(misaki)


def test_failure_14_what_is_added_at_the_end_never_reaches_those_who_have_finished(
    scenario: Scenario,
) -> None:
    switched_on(FLOW)
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    assert len(texts_of(scenario, misaki, 20)) == 2

    flow = published(FLOW + EXTRA)

    assert moving.finished_count(flow) == 1
    assert texts_of(scenario, misaki, 10) == []


def test_without_a_choice_the_old_version_goes_on_and_newcomers_get_the_new_one(scenario: Scenario) -> None:
    switched_on(FLOW)
    misaki, hajime = scenario.customer(), scenario.customer("鈴木 一")
    misaki.buys(3_000, "A-1")

    published(WITHOUT_HOW_IS_IT)
    hajime.buys(3_000, "A-2")

    assert texts_of(scenario, misaki, 15) == ["9 商品はいかがですか", "14 上手な使い方です"]
    heard_by_the_other = said(hajime.hears())
    assert "上手な使い方です" in heard_by_the_other
    assert "商品はいかがですか" not in heard_by_the_other
