"""Who gets nothing so that the effect can be measured, who gets everything, and who gets which variant of a step."""

from collections.abc import Callable

import pytest

from bot.db.database import write_transaction
from customers.people import staff_lines
from journeys.enrolments.tables import HELD_OUT, Enrolment, StepAssignment
from journeys.flows import stock
from journeys.proof import hold_outs, periods
from journeys.proof.tables import ShopAssignment
from journeys.traces import why_not
from journeys.traces.why_not import Reason
from tests.conversations.flow_scene import enrolments, switched_on
from tests.conversations.scenario import Phone, Scenario, said

THANKS = "はじめてのお買い物をありがとうございます"
TWO_TEXTS = """
key = "care"
name = "使い方"
trigger = { on = "order" }

[[step]]
key = "how-to"
latest_days = 0
text = "使い方のコツです"

[[step.variant]]
key = "b"
text = "もっと楽しむコツです"
buttons = [{ label = "読みました", tag = "read-it" }]
"""


def hold_out(monkeypatch: pytest.MonkeyPatch, whom: Callable[[str], bool]) -> None:
    """Hold out those subjects' customers, whoever they are."""
    monkeypatch.setattr(hold_outs, "is_held_out", lambda _, subject, *__: whom(subject))


def hears_of_the_flow(phone: Phone, order: str = "A-1") -> bool:
    return THANKS in said(phone.buys(3_000, order))


def test_a_held_out_customer_gets_nothing_and_has_a_row(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_out(monkeypatch, lambda subject: subject == "after-first-order")
    flow = switched_on(holdout_percent=None)
    misaki = scenario.customer()
    assert not hears_of_the_flow(misaki)
    scenario.pass_time(days=20)
    assert not any(
        each in said(misaki.hears()) for each in ("商品はいかがですか", "上手な使い方", "ほかのお客さまも")
    )
    (only,) = enrolments(misaki)
    assert (only.state, only.end_reason) == (HELD_OUT, "")
    period = periods.current(periods.of_flow(flow.id))
    assert period is not None and period.percent == 30
    [why] = why_not.reasons(misaki.customer, flow, stock.definition_of(flow))[:1]
    assert why.reason is Reason.HELD_OUT


def test_the_shop_wide_hold_out_withholds_all_but_flows_that_say_zero(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_out(monkeypatch, lambda subject: subject.startswith("shop:"))
    flow = switched_on(holdout_percent=None)
    switched_on(TWO_TEXTS.partition("[[step.variant]]")[0])
    misaki = scenario.customer()
    heard = said(misaki.buys(3_000, "A-1"))
    assert THANKS not in heard and "使い方のコツです" in heard
    held_out = next(each for each in enrolments(misaki) if each.flow_id == flow.id)
    assert (held_out.state, held_out.end_reason, held_out.ended_at is not None) == (HELD_OUT, "shop", True)
    assert ShopAssignment.get().is_held_out
    [why] = why_not.reasons(misaki.customer, flow, stock.definition_of(flow))[:1]
    assert why.reason is Reason.HELD_OUT_BY_SHOP


def test_a_person_of_staff_always_gets_it_and_a_share_can_be_given(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_out(monkeypatch, lambda _: True)
    flow = switched_on(holdout_percent=20)
    misaki, staff = scenario.customer(), scenario.customer("店長")
    with write_transaction():
        staff_lines.choose(1, staff.customer)
    assert (hears_of_the_flow(misaki, "A-1"), hears_of_the_flow(staff, "B-1")) == (False, True)
    period = periods.current(periods.of_flow(flow.id))
    assert period is not None and period.percent == 20


def test_both_sides_enter_by_the_same_rules_whoever_opted_out(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched_on(holdout_percent=None)
    sides = {}
    for is_held_out in (True, False):
        hold_out(monkeypatch, {"after-first-order"}.__contains__ if is_held_out else str.isspace)
        phone = scenario.customer(f"{is_held_out}")
        phone.says("配信停止")
        phone.buys(3_000, f"{is_held_out}")
        sides[is_held_out] = enrolments(phone)[0].state
    assert sides == {True: HELD_OUT, False: "ended"}
    assert Enrolment.select().count() == 2


def test_customers_get_one_of_a_steps_variants_and_keep_it(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = iter("ab")
    monkeypatch.setattr(hold_outs, "variant", lambda *_: next(chosen))
    switched_on(TWO_TEXTS)
    misaki, ken = scenario.customer(), scenario.customer("山本 健太")
    assert "使い方のコツです" in said(misaki.buys(3_000, "A-1"))
    assert "もっと楽しむコツです" in said(ken.buys(3_000, "B-1"))
    assert "読みました" not in misaki.buttons
    ken.taps("読みました")
    given = {row.enrolment_id: row.variant for row in StepAssignment.select()}
    assert given == {enrolments(misaki)[0].id: "a", enrolments(ken)[0].id: "b"}
