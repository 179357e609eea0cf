"""The check of whole flows: every fault with its step, and what is right next to it."""

import re
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from bot.config import shop
from journeys.flows import check
from journeys.flows.check_facts import CheckFacts
from journeys.flows.definition import FlowDefinition
from journeys.flows.fault import Severity
from tests.rules.journeys import steps

pytestmark = pytest.mark.usefixtures("settings")
FACTS = CheckFacts(
    coupons={1: True, 2: False},
    has_testimonial=True,
    products=frozenset({"TEA-50"}),
    other_flows={"news": frozenset({"hello"})},
    tags=frozenset({"ＶＩＰ"}),
    today=date(2026, 11, 30),
)
LINK = {"label": "使い方", "url": "https://shop.jp/how-to"}
A: dict[str, Any] = {"key": "a", "text": "はい", "latest_days": 0}
B: dict[str, Any] = {"key": "b", "text": "いいえ", "wait": {"days": 7}}
C: dict[str, Any] = {"key": "c", "text": "また", "wait": {"days": 7}}
CONCERN = {"buttons": [{"label": "気になる", "tag": "concern"}]}
ACTIVE = {"min_rank": "active"}
Found = list[tuple[str | None, str, str]]


def flow(*made: dict[str, Any], **values: Any) -> FlowDefinition:
    base = {"key": "after", "name": "あと", "trigger": {"on": "order"}, "step": made or (A,)}
    return FlowDefinition.model_validate(base | values)


def found(definition: FlowDefinition, facts: CheckFacts = FACTS) -> Found:
    return [(each.step_key, each.field, each.code) for each in check.faults(definition, facts)]


@pytest.mark.parametrize(
    ("made", "faults"),
    [
        # The way through the flow
        ((A, {**B, "then": "a"}, C), [("b", "then", "loop"), ("c", "key", "unreachable")]),
        ((A, {**B, "when": ACTIVE, "otherwise": "a"}), [("b", "otherwise", "loop")]),
        ((A, {**B, "then": "b"}), [("b", "then", "loop")]),
        (({**A, "then": "c"}, B, C), [("b", "key", "unreachable")]),
        (({**A, "then": "c", "when": ACTIVE, "otherwise": "b"}, B, C), []),
        (({**A, "then": "bb"}, B), [("a", "then", "dead-end"), ("b", "key", "unreachable")]),
        (({**A, "when": ACTIVE, "otherwise": "no"}, B), [("a", "otherwise", "dead-end")]),
        (({**A, "otherwise": "c"}, B, C), [("a", "otherwise", "otherwise-unused")]),
        (({**A, "then": "end"},), []),
        # Variants
        (({**A, "variant": [{"key": "b", "text": "いいえ"}]},), []),
        (({**A, "variant": [{"key": "b"}]},), [("a", "key", "empty-variant")]),
        (({**A, "variant": [{"key": "b", "text": "はい"}]},), [("a", "key", "same-variant")]),
        (({**A, "variant": [{"key": "b", "text": "{名前}さん"}]},), [("a", "text", "unknown-placeholder")]),
        (({**A, "variant": [{"key": "b", "text": "あ" * 4999}]},), [("a", "text", "too-long")]),
        (({**A, "variant": [{"key": "b", "text": "い", "coupon": 7}]},), [("a", "coupon", "unknown-coupon")]),
        (
            ({"key": "a", "set_tags": ["seen"], "variant": [{"key": "b", "text": "い"}]},),
            [("a", "variant", "variant-alone")],
        ),
        (({**A, "variant": [{"key": "b", "text": "い", **CONCERN}]}, {**B, "when": {"tag": "concern"}}), []),
        # What a step says
        (({"key": "a"},), [("a", "text", "unfinished")]),
        (({"key": "a", "set_tags": ["seen"]}, {"key": "b", "note": "見た"}), []),
        (({"key": "a", "when": ACTIVE, "otherwise": "c"}, B, C), []),
        (({"key": "a", **CONCERN},), [("a", "buttons", "buttons-alone")]),
        (({"key": "a", "text": "{name}さん、 \n"},), [("a", "text", "empty-text")]),
        (({"key": "a", "card": {"title": " "}},), [("a", "card", "empty-text")]),
        (({**A, "text": "あ" * 4990},), [("a", "text", "too-long")]),
        (({**A, "text": "{name}" + "あ" * 4960},), [("a", "text", "too-long")]),
        (({**A, "text": "{name}" + "あ" * 4940},), []),
        (({**A, "text": "{nmae}さん"},), [("a", "text", "unknown-placeholder")]),
        (({**A, "text": "{nameさん、いかがですか"},), [("a", "text", "unknown-placeholder")]),
        (({**A, "text": "｛name｝さん、{ name }さん"},), [("a", "text", "unknown-placeholder")] * 2),
        (({**A, "text": "{name}さん、{shop}です {^_^} {}"},), []),
        (({**A, "card": {"title": "{shp}"}},), [("a", "card", "unknown-placeholder")]),
        (({**A, "link": {**LINK, "label": "{name}"}},), [("a", "link", "placeholder-not-here")]),
        (({**A, "link": {**LINK, "url": "https://shop.example/x"}},), [("a", "link", "example-address")]),
        (({**A, "picture": "https://www.example.com/x.jpg"},), [("a", "picture", "example-address")]),
        (
            ({**A, "buttons": [{**LINK, "url": "https://example.co.jp"}]},),
            [("a", "buttons", "example-address")],
        ),
        (({**A, "link": {**LINK, "url": "https://example-tea.jp/?a=example.com"}},), []),
        (({**A, "coupon": 1},), []),
        (({**A, "coupon": 2},), [("a", "coupon", "stopped-coupon")]),
        (({**A, "coupon": 3},), [("a", "coupon", "unknown-coupon")]),
        (({**A, "testimonial": "newest"},), []),
        (
            (
                {
                    **A,
                    "picture": "https://shop.jp/1.jpg",
                    "card": {"picture": "https://shop.jp/2.jpg"},
                    "testimonial": "newest",
                    "coupon": 1,
                },
            ),
            [("a", "text", "too-many-parts")],
        ),
        # Waits and conditions
        ((A, {**B, "wait": {"date": "2026-11-29"}}), [("b", "wait", "date-past")]),
        ((A, {**B, "wait": {"date": "2026-11-30"}}), []),
        (({**A, "latest_days": 8}, B), [("a", "latest_days", "waits-longer")]),
        (({**A, "latest_days": 7}, B), []),
        ((A, {**B, "wait": {"until": "follow", "days": 3}}), [("b", "wait", "never-happens")]),
        (
            (A, {**B, "wait": {"until": "tag", "tag": "concern", "days": 3}}),
            [("b", "wait", "nobody-sets-tag")],
        ),
        (({**A, **CONCERN}, {**B, "wait": {"until": "tag", "tag": "concern", "days": 3}}), []),
        ((A, {**B, "wait": {"until": "tag", "tag": "VIP", "days": 3}}), []),
        ((A, {**B, "when": {"tag": "concern"}}), [("b", "when", "unused-tag")]),
        (({**A, **CONCERN}, {**B, "when": {"any": [{"not_tag": "concern"}, ACTIVE]}}), []),
        (({**A, "link": LINK}, {**B, "when": {"clicked": "a"}}), []),
        ((A, {**B, "when": {"clicked": "a"}}), [("b", "when", "no-link")]),
        ((A, {**B, "when": {"clicked": "x"}}), [("b", "when", "unknown-step")]),
        ((A, {**B, "when": {"not_clicked": "c"}}, {**C, "link": LINK}), [("b", "when", "later-step")]),
        ((A, {**B, "link": LINK, "when": {"clicked": "b"}}), [("b", "when", "later-step")]),
        (
            (A, {**B, "wait": {"until": "click", "step": "c", "days": 1}}, {**C, "link": LINK}),
            [("b", "wait", "later-step")],
        ),
        ((A, {**B, "wait": {"days": 1, "tag": "x"}}), [("b", "wait", "unused-field")]),
        ((A, {**B, "when": {"min_score": 9, "max_score": 6}}), [("b", "when", "never-holds")]),
        ((A, {**B, "when": {"rank": "basic", "min_rank": "active"}}), [("b", "when", "never-holds")]),
        ((A, {**B, "when": {"tag": "VIP", "not_tag": "VIP"}}), [("b", "when", "never-holds")]),
        ((A, {**B, "when": {"bought_products": ["TEA-5"]}}), [("b", "when", "unknown-product")]),
        ((A, {**B, "when": {"bought_products": ["TEA-50"]}}), []),
        # Selling
        ((A, {**B, "class": "selling"}), [("b", "when", "basic-pass-over")]),
        ((A, {**B, "class": "selling", "when": {"rank": "basic"}}), [("b", "when", "reaches-basic")]),
        ((A, {**B, "class": "selling", "when": ACTIVE}), []),
        ((A, {**B, "class": "selling", "when": {"any": [ACTIVE, {"rank": "premium"}]}}), []),
        (
            (A, {**B, "class": "selling", "when": {"any": [ACTIVE, {"tag": "VIP"}]}}),
            [("b", "when", "basic-pass-over")],
        ),
        (({**A, "when": ACTIVE, "otherwise": "end"}, {**B, "class": "selling"}), []),
        (({**A, "when": {"rank": "basic"}, "then": "end", "otherwise": "b"}, {**B, "class": "selling"}), []),
        (({**A, "when": ACTIVE}, {**B, "class": "selling"}), [("b", "when", "basic-pass-over")]),
    ],
)
def test_faults_of_steps(made: tuple[dict[str, Any], ...], faults: Found) -> None:
    assert found(flow(*made)) == faults


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"class": "order"}, []),
        ({"class": "order", "trigger": {"on": "delivery"}}, []),
        ({"class": "order", "trigger": {"on": "follow"}}, [(None, "class", "not-an-order")]),
        ({"trigger": {"on": "tag", "tag": "new"}}, []),
        ({"trigger": {"on": "hand"}}, []),
        ({"trigger": {"on": "follow", "nth": 2}}, [(None, "trigger", "unused-field")]),
        ({"trigger": {"on": "order", "products": ["TEA-5"]}}, [(None, "trigger", "unknown-product")]),
        ({"trigger": {"on": "score", "min_score": 9, "max_score": 6}}, [(None, "trigger", "never-holds")]),
        ({"trigger": {"on": "click", "flow": "news", "step": "hello"}}, []),
        ({"trigger": {"on": "click", "flow": "nws", "step": "hello"}}, [(None, "trigger", "unknown-flow")]),
        ({"trigger": {"on": "click", "flow": "news", "step": "bye"}}, [(None, "trigger", "unknown-step")]),
        ({"goal": {"on": "order"}}, []),
        ({"goal": {"on": "follow"}}, [(None, "goal", "never-happens")]),
        ({"goal": {"on": "tag", "tag": "nobody"}}, [(None, "goal", "nobody-sets-tag")]),
        ({"goal": {"on": "click", "step": "a"}}, [(None, "goal", "no-link")]),
        (
            {"trigger": {"on": "order", "nth": 2}, "goal": {"on": "order", "nth": 2}},
            [(None, "goal", "goal-reached-before")],
        ),
        ({"trigger": {"on": "order", "nth": 1}, "goal": {"on": "order", "nth": 2}}, []),
        ({"class": "selling"}, [("a", "when", "reaches-basic")]),
        ({"class": "selling", "trigger": {"on": "rank", "rank": "active"}}, []),
        ({"class": "selling", "trigger": {"on": "rank", "rank": "basic"}}, [("a", "when", "reaches-basic")]),
    ],
)
def test_faults_of_the_flow(values: dict[str, Any], faults: Found) -> None:
    assert found(flow(**values)) == faults


def test_a_step_of_class_order_belongs_to_an_order() -> None:
    made = flow({**A, "class": "order"}, trigger={"on": "follow"})
    assert found(made) == [("a", "class", "not-an-order")]


def test_a_selling_flow_needs_a_way_to_stop() -> None:
    selling = {"class": "selling", "when": ACTIVE}
    shop.use({"flow": {"words": {"stop": "ご縁に感謝します"}}})
    assert found(flow({**A, **selling})) == [("a", "text", "no-way-to-stop")]
    assert found(flow({**A, **selling, "text": "とめるには「配信停止」と送ってください"})) == []
    assert found(flow(A)) == []
    shop.use({})


def test_no_testimonial_is_a_warning_and_nothing_is_said_of_what_is_not_known() -> None:
    made = flow({**A, "testimonial": "newest", "coupon": 9}, {**B, "when": {"bought_products": ["X"]}})
    facts = CheckFacts(has_testimonial=False)
    [fault] = check.faults(made, facts)
    assert (fault.code, fault.severity) == ("no-testimonial", Severity.WARNING)
    assert check.faults(made, CheckFacts()) == []


@pytest.mark.parametrize("source", ["history", "premium"])
def test_a_shop_without_products_to_recommend_is_warned(source: str) -> None:
    made = flow({**A, "recommend": source})
    [fault] = check.faults(made, CheckFacts(can_recommend={"history": False, "premium": False}))
    assert (fault.code, fault.severity) == (f"no-{source}-product", Severity.WARNING)
    assert check.faults(made, CheckFacts(can_recommend={"history": True, "premium": True})) == []


def test_a_step_that_only_recommends_may_be_passed_over() -> None:
    alone = {"key": "a", "latest_days": 0, "recommend": "history", "otherwise": "end"}
    assert found(flow(alone, B)) == []
    assert found(flow({**alone, "text": "はい"}, B)) == [("a", "otherwise", "otherwise-unused")]


def test_a_demo_may_have_addresses_of_examples() -> None:
    made = flow({**A, "link": {**LINK, "url": "https://shop.example/how-to"}})
    assert found(made, CheckFacts(is_demo=True)) == []


def test_errors_come_before_warnings_and_in_the_order_of_steps() -> None:
    made = flow(
        {**A, "latest_days": 9},
        {**B, "text": "{x}"},
        {"key": "z"},
        **{"class": "order"},
        trigger={"on": "tag", "tag": "x"},
    )
    assert [(code, key) for key, _, code in found(made)] == [
        ("not-an-order", None),
        ("unknown-placeholder", "b"),
        ("unfinished", "z"),
        ("waits-longer", "a"),
    ]


def test_a_fault_suggests_what_was_meant_in_both_languages() -> None:
    [fault] = check.faults(flow({**A, "text": "{nmae}さん"}), FACTS)
    assert (
        fault.sentence_ja
        == "{nmae} には何も入りません。「name」でしょうか？使えるのは、半角の {name} と {shop} です。"
    )
    assert 'nothing is filled in for {nmae}. Did you mean "name"?' in fault.sentence_en


@given(steps.flows)
def test_any_flow_is_checked_and_every_sentence_is_whole(definition: FlowDefinition) -> None:
    for fault in check.faults(definition, FACTS):
        assert not re.search(r"\{(field|to|hint_\w+|why|url)\}", fault.sentence_ja + fault.sentence_en)
        assert fault.step_key is None or definition.find(fault.step_key) is not None
        assert re.search(r"[ぁ-ん]", fault.sentence_ja)


def test_a_flow_of_a_thousand_steps_is_checked_at_once() -> None:
    many = [{**C, "key": f"s{number}", "when": {"not_clicked": "s0"}} for number in range(1, 1000)]
    definition = flow({**A, "key": "s0", "link": LINK}, *many)
    began = time.monotonic()
    assert found(definition) == []
    assert time.monotonic() - began < 20
