"""The pages of effects in plain words, in both languages, and the variants of a step in the editor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import localtime
from bot.db.database import write_transaction
from console.figures import cache, effects
from customers.orders.tables import Purchase
from customers.people.customer import Customer
from handlers import flow_walk_input
from journeys.campaigns import campaigns
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import DONE, SENT, CampaignRecipient
from journeys.effects import flow_effects
from journeys.enrolments.tables import HELD_OUT, WAITING, Enrolment, StepAssignment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow
from journeys.proof import hold_outs, periods, results
from journeys.proof.statistics.values import Arm
from journeys.proof.tables import HoldOutPeriod
from journeys.walk_through import simulation_input
from tests.console import chats
from tests.console.conftest import SignIn, get, post

LIST, PAGE = "/console/effects", "/console/flows/after/effect"
EDITOR = "/console/flows/after?step=hello"


def a_flow(**more: Any) -> Flow:
    values: dict[str, Any] = {"key": "after", "name": "お買い物のあと", "trigger": {"on": "order"}}
    values["step"] = [{"key": "hello", "text": "こんにちは", "variant": [{"key": "b", "text": "ようこそ"}]}]
    with write_transaction():
        return stock.switch_on(
            stock.import_flow(FlowDefinition.model_validate(values | more)), localtime.now()
        )


def people(flow: Flow, state: str, count: int, buyers: int, variant: str = "a", days: int = 100) -> None:
    """Customers who entered so long ago, some of whom bought again ten days later."""
    at = localtime.now() - timedelta(days=days)
    if periods.current(periods.of_flow(flow.id)) is None:
        HoldOutPeriod.create(subject=periods.of_flow(flow.id), percent=30, started_at=at - timedelta(days=1))
    for place in range(count):
        customer = Customer.create(registered_at=at, first_seen_at=at)
        key = f"{state}-{variant}-{place}"
        row = Enrolment.create(
            customer=customer, flow=flow.id, entry_key="once", version_id=flow.version_id, state=state,
            step_key="hello", base_at=at, cause=key, entered_at=at,
        )  # fmt: skip
        if state == WAITING:
            StepAssignment.create(enrolment=row, step_key="hello", variant=variant, assigned_at=at)
        if place < buyers:
            then = at + timedelta(days=10)
            Purchase.create(
                source="t", order_number=key, customer=customer, total_yen=3_000, ordered_at=then,
                ordered_on=then.date(), recorded_at=then,
            )  # fmt: skip


def test_an_undecided_effect_in_words_with_when_there_will_be_an_answer(sign_in: SignIn) -> None:
    flow = a_flow()
    people(flow, WAITING, 120, 31)
    people(flow, HELD_OUT, 48, 9)
    page = get(sign_in("owner"), PAGE).text
    assert "送った方 120人中31人（25.8%）が購入、送らなかった方 48人中9人（18.8%）。" in page
    assert "（18.8%）。差 +7.1ポイント（−" in page
    assert "まだはっきりしません。" in page
    assert "おひとりあたりの売上は、少ないほうが100人" in page
    assert "いつ答えが出るかは、まだ言えません。" in page  # nobody entered in the last month


def test_months_until_an_answer_follow_from_who_enters(sign_in: SignIn) -> None:
    flow = a_flow()
    people(flow, WAITING, 60, 15)
    people(flow, HELD_OUT, 30, 6)
    people(flow, WAITING, 70, 0, variant="b", days=5)
    assert "10ポイントの差があるなら、このペースで、あと約" in get(sign_in("owner"), LIST).text


def test_english_and_an_effect_that_is_certain(sign_in: SignIn) -> None:
    flow = a_flow()
    people(flow, WAITING, 70, 60)
    people(flow, HELD_OUT, 30, 2)
    owner = sign_in("owner")
    assert "送ったほうが、また買う方がふえています。" in get(owner, LIST).text
    post(owner, "/console/language/en", page=LIST)
    page = get(owner, PAGE).text
    assert "Of those who got it, 60 of 70 (85.7%) bought; of those who did not, 2 of 30 (6.7%)." in page
    assert "More of those who got it buy again." in page


def test_a_broken_ratio_shows_no_figure_and_names_causes(sign_in: SignIn) -> None:
    flow = a_flow()
    people(flow, WAITING, 100, 60)
    people(flow, HELD_OUT, 2, 0)
    page = get(sign_in("owner"), PAGE).text
    assert "100人と2人に分かれましたが、送らない方は30%のはずです。" in page
    assert "考えられる原因" in page
    assert "差 " not in page and "ポイント（" not in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"holdout_percent": 0}, "全員に送る設定です。"),
        ({"class": "order"}, "ご注文の連絡なので、全員に送ります。"),
        ({}, "まだ、きっかけのあった方がいません。"),
    ],
)
def test_where_nobody_is_held_out_the_page_says_so(sign_in: SignIn, more: dict[str, Any], words: str) -> None:
    a_flow(**more)
    assert words in get(sign_in("owner"), PAGE).text


def test_before_the_first_window_has_passed_the_day_of_the_first_figure_is_named(sign_in: SignIn) -> None:
    flow = a_flow()
    people(flow, WAITING, 3, 0, days=5)
    first = localtime.local_date(localtime.now() - timedelta(days=6) + timedelta(days=60))
    page = get(sign_in("owner"), PAGE).text
    assert "いま3人" in page and f"最初の数字は{first.month}月{first.day}日からです。" in page


def test_variants_are_compared_on_the_flows_page(sign_in: SignIn) -> None:
    flow = a_flow()
    people(flow, WAITING, 60, 10, "a")
    people(flow, WAITING, 60, 50, "b")
    page = get(sign_in("owner"), PAGE).text
    assert "「hello」の文面 b" in page
    assert "文面b 60人中50人（83.3%）が購入、文面a 60人中10人（16.7%）。" in page
    assert "文面bのほうが、また買う方が多いです。" in page


def test_a_large_shops_effects_are_counted_by_the_clock(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "LARGE", 0)
    flow = a_flow()
    people(flow, WAITING, 70, 60)
    people(flow, HELD_OUT, 30, 2)
    effects.refresh()
    monkeypatch.setattr(flow_effects, "of_flow", lambda *_: pytest.fail("counted again for a page view"))
    page = get(sign_in("owner"), LIST).text
    assert "70人中60人" in page and "に数えた数字です。" in page


def test_a_variant_is_added_changed_and_taken_out_in_the_editor(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow(step=[{"key": "hello", "text": "こんにちは"}])

    def save(**fields: str) -> Any:
        seen = get(owner, EDITOR).text.partition('name="seen" value="')[2][:16]
        usual = {"seen": seen, "key": "hello", "text": "こんにちは", "latest_days": "3", "when_busy": "defer"}
        post(owner, "/console/flows/after/steps/hello", page=EDITOR, **(usual | fields))
        return stock.draft_of(Flow.get()) or stock.definition_of(Flow.get())

    added = save(**{"variant.0.key": "", "variant.0.text": "ようこそ"}).step[0]
    assert [(each.key, each.text) for each in added.variant] == [("b", "ようこそ")]
    page = get(owner, EDITOR).text
    assert page.count("phone-day") == 2 and "文面 b" in page
    changed = save(**{"variant.0.key": "b", "variant.0.text": "ようこそ！", "variant.1.text": "やあ"}).step[0]
    assert [(each.key, each.text) for each in changed.variant] == [("b", "ようこそ！"), ("c", "やあ")]
    left = save(**{"variant.0.key": "b", "variant.0.text": "ようこそ！", "variant.0.remove": "1",
                   "variant.1.key": "c", "variant.1.text": "やあ"}).step[0]  # fmt: skip
    assert [each.key for each in left.variant] == ["c"]
    assert save().step[0].variant == left.variant  # a form that knows no variants loses none


def test_a_comparison_comes_through_its_stored_values() -> None:
    result = results.Result(
        30, datetime(2026, 11, 30, 3, tzinfo=UTC), 60, Arm(120, 31), Arm(48, 9), 200, 40.0
    )
    assert results.from_values(result.as_values()) == result


def test_the_pages_of_a_campaign_whose_recipients_are_all_counted_promise_no_answer(sign_in: SignIn) -> None:
    at = localtime.now() - timedelta(days=40)
    with write_transaction():
        campaign = campaigns.create(
            CampaignDefinition.model_validate({"name": "春", "message": {"text": "春です"}}), None
        )
        campaigns.record(campaign, state=DONE, scheduled_at=at, started_at=at, frozen_at=at, finished_at=at)
    HoldOutPeriod.create(subject=campaigns.subject_of(campaign.id), percent=30, started_at=at)
    for place in range(20):
        customer = Customer.create(registered_at=at, first_seen_at=at)
        CampaignRecipient.create(
            campaign=campaign, customer=customer, conversation_id=place, send_at=at,
            state=HELD_OUT if place < 6 else SENT,
        )  # fmt: skip
    owner, over = sign_in("owner"), "この人数では、差があるともないとも言えません。"
    assert over in get(owner, LIST).text
    assert over in get(owner, f"/console/campaigns/{campaign.id}").text


def test_the_effects_are_the_owners(sign_in: SignIn) -> None:
    a_flow()
    assert get(sign_in("staff"), LIST).status_code == 403


def test_taking_in_says_who_is_held_out_and_so_does_the_walk_through(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_flow(trigger={"on": "follow"})
    for name in ("花子", "太郎"):
        chats.customer(name)
    monkeypatch.setattr(hold_outs, "is_held_out", lambda _, subject, *__: subject == "after")
    owner = sign_in("owner")
    page = get(owner, "/console/flows/after/take-in").text
    assert "<strong>2人</strong>" in page and "そのうち2人は、効果を比べるために送らない方です。" in page
    monkeypatch.setattr(simulation_input, "_collect", flow_walk_input.collect)
    walk, banner = "/console/flows/after/walk", "この方は、効果を比べるために送らない方です。"
    assert banner in get(owner, walk).text
    monkeypatch.setattr(hold_outs, "is_held_out", lambda *_: False)
    assert banner not in get(owner, walk).text
    assert "送らない方" not in get(owner, "/console/flows/after/take-in").text


def test_who_is_put_in_by_hand_and_held_out_is_named(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_flow()
    hanako = chats.customer("花子")
    monkeypatch.setattr(hold_outs, "is_held_out", lambda _, subject, *__: subject == "after")
    owner = sign_in("owner")
    post(owner, "/console/flow-entries", flow="after", customer=str(hanako.id), page=EDITOR)
    assert "花子さんは、効果を比べるために送らない方です。何も届きません。" in get(owner, EDITOR).text
