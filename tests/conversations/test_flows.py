"""A customer's months in flows: what arrives when, what ends it, and what never arrives."""

import tomllib
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import localtime, notices
from bot.db.database import write_transaction
from bot.queue.outbox import OutboxMessage
from handlers import flow_customer_facts, flow_steps, flow_triggers
from journeys.enrolments import goals_and_exits, requests
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.proof import hold_outs
from journeys.sending.tables import PlannedMessage
from tests.conversations.flow_scene import (
    AFTER_THE_FIRST_ORDER,
    enrolments,
    off,
    paused,
    record,
    resumed,
    switched_on,
)
from tests.conversations.scenario import Phone, Scenario, said

THANKS, ANYTHING_WRONG = "はじめてのお買い物をありがとうございます", "商品はいかがですか"
HOW_TO, OTHERS = "上手な使い方をまとめました", "ほかのお客さまも"
STEPS = (THANKS, ANYTHING_WRONG, HOW_TO, OTHERS)

NEWCOMERS = """
key = "newcomers"
name = "はじめまして"
trigger = { on = "follow" }

[[step]]
key = "hello"
wait = { days = 1, at = "11:00" }
latest_days = 0
text = "お店のことを、少しだけ紹介させてください。"
"""
ONE_STEP = """
key = "care"
name = "使い方"
trigger = { on = "order" }
entry = "each-order"

[[step]]
key = "how-to"
wait = { days = 3, at = "11:00" }
latest_days = 0
text = "使い方のコツです"
"""


def steps_by_day(scenario: Scenario, phone: Phone, days: int) -> dict[int, list[str]]:
    """Which of the flow's steps arrive on which of the next days."""
    arrived: dict[int, list[str]] = {}
    for day in range(1, days + 1):
        scenario.pass_time(days=1)
        words = said(phone.hears())
        if found := [step for step in STEPS if step in words]:
            arrived[day] = found
    return arrived


def test_a_free_sample_begins_no_flow_of_the_first_order(scenario: Scenario) -> None:
    switched_on(AFTER_THE_FIRST_ORDER)
    hanako = scenario.customer()
    hanako.buys(0, "S-1")
    assert enrolments(hanako) == []
    hanako.buys(3_980, "A-1")
    assert len(enrolments(hanako)) == 1


def test_a_first_order_brings_the_thanks_at_once_and_the_steps_of_a_month(scenario: Scenario) -> None:
    switched_on()
    misaki = scenario.customer()

    heard = misaki.buys(3_000, "A-1")

    assert "佐藤 美咲さん、はじめてのお買い物をありがとうございます！" in said(heard)
    assert steps_by_day(scenario, misaki, 28) == {7: [ANYTHING_WRONG], 10: [HOW_TO], 26: [OTHERS]}
    assert [(each.state, each.end_reason) for each in enrolments(misaki)] == [("done", "completed")]
    assert record(misaki)[0] == "entered order:A-1"
    assert record(misaki)[-1] == "ended voices completed"


def test_failure_23_a_tap_ends_the_wait_that_has_begun_and_the_branch_is_decided_after_it(
    scenario: Scenario,
) -> None:
    switched_on()
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    scenario.pass_time(days=7)
    misaki.hears()

    assert "教えてくださって" in said(misaki.taps("気になることがある"))
    misaki.taps("気になることがある")  # twice: nothing more

    assert steps_by_day(scenario, misaki, 20) == {16: [OTHERS]}
    assert record(misaki).count("passed-over how-to condition") == 1


def test_failure_23_what_is_awaited_and_comes_during_the_delay_before_does_not_cut_it_short(
    scenario: Scenario,
) -> None:
    switched_on(
        AFTER_THE_FIRST_ORDER.replace('wait = { days = 16, at = "11:00" }', "wait = { days = 16 }").replace(
            'wait = { until = "tag", tag = "has-concern", days = 3 }',
            'wait = { until = "score", days = 3 }',
        )
    )
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    misaki.says("アンケート")
    misaki.taps("8")

    assert list(steps_by_day(scenario, misaki, 12)) == [7, 10]


def test_a_purchase_is_the_goal_and_the_rest_is_not_sent(scenario: Scenario) -> None:
    switched_on()
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    scenario.pass_time(days=8)
    misaki.hears()

    misaki.buys(3_000, "A-2")

    assert enrolments(misaki)[0].state == "goal"
    assert steps_by_day(scenario, misaki, 19) == {}


def test_failure_24_a_purchase_right_after_entering_satisfies_a_later_condition(scenario: Scenario) -> None:
    flow = AFTER_THE_FIRST_ORDER.replace('goal = { on = "order" }\n', "")
    switched_on(flow.replace('when = { not_tag = "has-concern" }', "when = { bought = false }"))
    misaki, ken = scenario.customer(), scenario.customer("山本 健太")
    for phone, number in ((misaki, "A-1"), (ken, "B-1")):
        phone.buys(3_000, number)
    ken.buys(2_000, "B-2")

    assert steps_by_day(scenario, misaki, 10)[10] == [HOW_TO]
    assert HOW_TO not in said(ken.hears())
    assert "passed-over how-to condition" in record(ken)


def test_failure_12_once_is_once_also_after_leaving_and_returning(scenario: Scenario) -> None:
    switched_on(AFTER_THE_FIRST_ORDER.replace(", nth = 1", "").replace('goal = { on = "order" }\n', ""))
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    misaki.blocks()
    assert enrolments(misaki)[0].end_reason == "blocked"
    misaki.follows()

    misaki.buys(3_000, "A-2")

    assert len(enrolments(misaki)) == 1
    assert steps_by_day(scenario, misaki, 12) == {}


def test_failures_10_and_13_again_enters_again_after_its_days_and_never_while_inside(
    scenario: Scenario,
) -> None:
    switched_on(ONE_STEP, entry={"again_after_days": 30})
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    misaki.buys(3_000, "A-2")
    assert len(enrolments(misaki)) == 1
    scenario.pass_time(days=10)
    misaki.buys(3_000, "A-3")
    assert len(enrolments(misaki)) == 1
    scenario.pass_time(days=21)

    misaki.buys(3_000, "A-4")

    assert [each.entry_key for each in enrolments(misaki)] == ["again:1", "again:2"]


def test_each_order_has_a_run_of_its_own(scenario: Scenario) -> None:
    switched_on(ONE_STEP)
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    misaki.buys(3_000, "A-2")
    misaki.buys(3_000, "A-2")
    assert [each.entry_key for each in enrolments(misaki)] == ["order:A-1", "order:A-2"]


def test_failure_15_a_draft_collects_nobody_and_switching_on_sends_no_backlog(scenario: Scenario) -> None:
    misaki = scenario.customer()
    with write_transaction():
        flow = stock.import_flow(
            FlowDefinition.model_validate({"holdout_percent": 0} | tomllib.loads(ONE_STEP))
        )
    misaki.buys(3_000, "A-1")
    with write_transaction():
        stock.switch_on(flow, localtime.now())
    misaki.buys(3_000, "A-2")  # today: it begins tomorrow
    assert enrolments(misaki) == []
    scenario.pass_time(days=1)

    misaki.buys(3_000, "A-3")

    assert [each.entry_key for each in enrolments(misaki)] == ["order:A-3"]


def test_failure_17_a_flow_of_one_step_sends_it_and_is_completed_then(scenario: Scenario) -> None:
    switched_on(ONE_STEP)
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    assert enrolments(misaki)[0].state == "waiting"
    misaki.hears()

    scenario.pass_time(days=3)

    assert "使い方のコツです" in said(misaki.hears())
    assert enrolments(misaki)[0].state == "done"


def test_failure_18_a_branch_lands_on_its_target_and_the_text_leaves_as_written(scenario: Scenario) -> None:
    switched_on("""
key = "branches"
name = "枝分かれ"
trigger = { on = "order" }

[[step]]
key = "ask"
when = { min_orders = 2 }
otherwise = "first-timers"
latest_days = 0
text = "いつもありがとうございます"

[[step]]
key = "not-this"
then = "end"
latest_days = 0
text = "これは送られません"

[[step]]
key = "first-timers"
latest_days = 0
text = "100% {name}様 \\n「そのまま」 \\\\n  です"
""")
    misaki = scenario.customer()
    heard = said(misaki.buys(3_000, "A-1"))
    assert "100% 佐藤 美咲様 \n「そのまま」 \\n  です" in heard
    assert "送られません" not in heard
    assert "いつもありがとう" not in heard


def test_failure_20_a_paused_flow_is_silent_through_every_path_and_goes_on_afterwards(
    scenario: Scenario,
) -> None:
    flow = switched_on(ONE_STEP.replace("latest_days = 0", "latest_days = 3"))
    planned_before, waiting, later = (
        scenario.customer(name) for name in ("佐藤 美咲", "山本 健太", "鈴木 花")
    )
    planned_before.buys(3_000, "A-1")
    scenario.pass_time(days=3)  # planned, waits for a reply to go along with
    waiting.buys(3_000, "B-1")
    assert [row.state for row in PlannedMessage.select().where(PlannedMessage.step_key == "how-to")] == [
        "waiting"
    ]
    paused(flow)

    later.buys(3_000, "C-1")
    with write_transaction():
        requests.request_entry(later.customer.id, flow.id, "staff:7")
    heard = said(planned_before.says("ポイント"))
    for _ in range(6):
        scenario.pass_time(days=1)
        heard += said(planned_before.hears() + waiting.hears() + later.hears())
    assert "使い方のコツです" not in heard
    assert enrolments(later) == []
    assert (enrolments(waiting)[0].state, enrolments(waiting)[0].end_reason) == ("held", "paused")

    resumed(flow)
    counts = dict.fromkeys((planned_before, waiting), 0)
    for _ in range(6):
        scenario.pass_time(days=1)
        scenario.pass_time(minutes=1)
        for phone in counts:
            counts[phone] += said(phone.hears()).count("使い方のコツです")

    assert list(counts.values()) == [1, 1]  # 1: pause and resume sends nobody twice


def test_a_flow_that_is_off_ends_those_inside(scenario: Scenario) -> None:
    flow = switched_on()
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    off(flow)
    assert steps_by_day(scenario, misaki, 30) == {}
    assert [(each.state, each.end_reason) for each in enrolments(misaki)] == [("ended", "off")]


def test_failure_21_an_old_friend_who_comes_back_gets_no_newcomers_flow(scenario: Scenario) -> None:
    misaki = scenario.customer()
    older = scenario.friend_since_before_the_bot("山本 健太")
    older.says("こんにちは")
    for phone in (misaki, older):
        phone.blocks()
    switched_on(NEWCOMERS)

    for phone in (misaki, older):
        phone.follows()
    new = scenario.customer("鈴木 花")

    assert [len(enrolments(phone)) for phone in (misaki, older, new)] == [0, 0, 1]
    scenario.pass_time(days=1)
    assert "紹介させてください" in said(new.hears())


def test_failure_26_opting_out_after_scheduling_stops_the_send(scenario: Scenario) -> None:
    switched_on(ONE_STEP.replace("latest_days = 0", "latest_days = 3"))
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    scenario.pass_time(days=3)
    assert enrolments(misaki)[0].state == "sending"

    heard = said(misaki.says("配信停止"))
    for _ in range(6):
        scenario.pass_time(days=1)
        heard += said(misaki.hears())

    assert "使い方のコツです" not in heard
    assert enrolments(misaki)[0].end_reason == "opted-out"


def test_failure_27_opting_out_of_news_stops_no_order_step(scenario: Scenario) -> None:
    switched_on(
        ONE_STEP.replace("trigger", 'class = "order"\ntrigger')
        + '[[step]]\nkey = "more"\nwait = { days = 1 }\nclass = "care"\nlatest_days = 0\ntext = "お知らせです"\n'
    )
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    misaki.says("配信停止")
    heard = ""
    for _ in range(6):
        scenario.pass_time(days=1)
        heard += said(misaki.hears())
    assert "使い方のコツです" in heard
    assert "お知らせです" not in heard


def test_a_ticket_holds_the_flow_until_its_calm_days_are_over(scenario: Scenario) -> None:
    switched_on(calm_days=2)
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    scenario.pass_time(days=6)
    misaki.says("スタッフと話す")
    assert steps_by_day(scenario, misaki, 6) == {}
    assert "held anything-wrong ticket" in record(misaki)
    scenario.staff_resolve(misaki.ticket)

    assert steps_by_day(scenario, misaki, 22) == {2: [ANYTHING_WRONG], 5: [HOW_TO], 21: [OTHERS]}
    assert record(misaki).count("held anything-wrong ticket") == 1


def test_a_step_that_can_wait_rides_on_a_reply_and_costs_nothing(scenario: Scenario) -> None:
    switched_on(ONE_STEP.replace("latest_days = 0", "latest_days = 3"))
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    scenario.pass_time(days=3)
    misaki.hears()

    assert "使い方のコツです" in said(misaki.says("ポイント"))

    assert misaki.came_by()[-1] == "reply"
    assert enrolments(misaki)[0].state == "done"


def test_the_first_step_is_one_push_with_the_answer_to_the_order(scenario: Scenario) -> None:
    switched_on()
    misaki = scenario.customer()
    before = OutboxMessage.select().where(OutboxMessage.sent_as == "push").count()
    assert len(misaki.buys(3_000, "A-1")) >= 2
    pushes = OutboxMessage.select().where(OutboxMessage.sent_as == "push").count() - before
    assert pushes == len({row.outbox_id for row in PlannedMessage.select()}) or pushes == 1


def test_held_out_customers_are_never_written_to_and_their_goal_is_still_noted(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_outs, "is_held_out", lambda _, subject, *__: not subject.startswith("shop:"))
    switched_on(holdout_percent=10)
    misaki = scenario.customer()
    assert THANKS not in said(misaki.buys(3_000, "A-1"))
    assert steps_by_day(scenario, misaki, 10) == {}
    misaki.buys(3_000, "A-2")
    (only,) = enrolments(misaki)
    assert (only.state, only.end_reason, only.ended_at is not None) == ("held-out", "goal", True)


def test_failures_11_and_31_a_step_that_fails_parks_one_enrolment_and_says_so(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched_on()
    misaki, ken = scenario.customer(), scenario.customer("山本 健太")
    misaki.buys(3_000, "A-1")
    ken.buys(3_000, "B-1")
    good, broken = flow_customer_facts.facts, enrolments(misaki)[0].id

    def facts(customer: object, enrolment: object) -> object:
        if getattr(enrolment, "id", None) == broken:
            raise RuntimeError("figures are missing")
        return good(customer, enrolment)  # type: ignore[arg-type]

    providers = replace(flow_triggers.PROVIDERS, facts=facts)  # type: ignore[arg-type]
    monkeypatch.setattr(flow_triggers, "PROVIDERS", providers)
    for _ in range(11):
        scenario.pass_time(days=1)

    assert (enrolments(misaki)[0].state, enrolments(misaki)[0].end_reason) == ("held", "error")
    assert "held how-to error: RuntimeError: figures are missing" in record(misaki)
    assert any("how-to" in notice.sentence for notice in notices.current())
    assert HOW_TO in said(ken.hears())

    monkeypatch.undo()
    with write_transaction():
        assert goals_and_exits.retry(enrolments(misaki)[0])
    misaki.hears()
    assert steps_by_day(scenario, misaki, 1) == {1: [HOW_TO]}


def test_failure_8_a_step_that_line_refuses_for_good_is_closed_and_not_retried(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched_on(ONE_STEP)
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    scenario.may_park = True
    monkeypatch.setattr(flow_steps, "render", lambda *_: [{"type": "text", "text": ""}])
    for _ in range(6):
        scenario.pass_time(days=1)
    calls = OutboxMessage.select().where(OutboxMessage.cause.startswith("flow:"))
    assert [(each.state, each.attempt_count) for each in calls] == [("parked", 1)]
    assert enrolments(misaki)[0].ended_at is not None


def test_a_clock_that_jumps_forty_days_sends_each_step_once_in_order_and_not_all_in_one_day(
    scenario: Scenario,
) -> None:
    switched_on()
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    misaki.hears()
    scenario.pass_time(days=40)
    heard = said(misaki.hears())
    first = [step for step in STEPS if step in heard]
    assert len(first) <= 1
    arrived = first + [step for steps in steps_by_day(scenario, misaki, 25).values() for step in steps]
    assert arrived == [ANYTHING_WRONG, HOW_TO, OTHERS], record(misaki)


def test_a_person_may_be_put_in_by_hand_once(scenario: Scenario) -> None:
    flow = switched_on(ONE_STEP, trigger={"on": "hand"}, entry="once")
    misaki = scenario.customer()
    for cause in ("staff:7", "staff:7", "staff:8"):
        with write_transaction():
            requests.request_entry(misaki.customer.id, flow.id, cause)
        scenario.settle()
    assert [each.cause for each in enrolments(misaki)] == ["staff:7"]


def test_forged_buttons_set_no_tag(scenario: Scenario) -> None:
    switched_on()
    misaki, ken = scenario.customer(), scenario.customer("山本 健太")
    misaki.buys(3_000, "A-1")
    mine = enrolments(misaki)[0].id
    for data in (
        f"flow.tag?enrolment={mine}&step=anything-wrong&tag=vip",
        "flow.tag?enrolment=99",
        "flow.tag",
    ):
        assert "もう使えなく" in said(misaki.sends_back(data))
    assert "もう使えなく" in said(
        ken.sends_back(f"flow.tag?enrolment={mine}&step=anything-wrong&tag=has-concern")
    )


def test_days_pass_by_the_shops_clock(scenario: Scenario) -> None:
    switched_on()
    misaki = scenario.customer()
    misaki.buys(3_000, "A-1")
    due = enrolments(misaki)[0].due_at
    local = localtime.local(due or localtime.now())
    assert (local.hour, local.date() - localtime.today()) == (11, timedelta(days=7))
