"""Conditions of steps, the seven stages, what triggers, who is held out, and who may enter again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.enrolments.conditions import holds
from journeys.enrolments.customer_facts import CustomerFacts
from journeys.enrolments.entry_keys import Entry, entry_key
from journeys.enrolments.matching import ends, matches
from journeys.enrolments.stages import Stage, StageFacts, stage_of
from journeys.flows.definition import Again, Condition, Event, Wait
from journeys.flows.occurrences import Occurrence, On
from journeys.proof.hold_outs import is_held_out

MISAKI = CustomerFacts(
    rank="active",
    stage=Stage.REPEAT,
    score=8,
    segment="passive",
    tags=frozenset({"has-concern"}),
    clicked=frozenset({"voices"}),
    bought=True,
    products=frozenset({"TEA-50"}),
    order_count=2,
)
NOBODY_YET = CustomerFacts()
NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("condition", "of_misaki", "of_somebody_new"),
    [
        ({}, True, True),
        ({"rank": "active"}, True, False),
        ({"rank": "basic"}, False, True),
        ({"min_rank": "active"}, True, False),
        ({"min_rank": "premium"}, False, False),
        ({"stage": "repeat"}, True, False),
        ({"segment": "passive"}, True, False),
        ({"min_score": 8}, True, False),
        ({"min_score": 9}, False, False),
        ({"max_score": 8}, True, False),
        ({"max_score": 10}, True, False),  # without an answer there is no score
        ({"min_score": 0}, True, False),
        ({"tag": "has-concern"}, True, False),
        ({"tag": "＃has-concern"}, True, False),  # in whatever width and notation
        ({"not_tag": "has-concern"}, False, True),
        ({"clicked": "voices"}, True, False),
        ({"not_clicked": "voices"}, False, True),
        ({"bought": True}, True, False),
        ({"bought": False}, False, True),
        ({"bought_products": ["TEA-50", "SET"]}, True, False),
        ({"not_bought_products": ["TEA-50"]}, False, True),
        ({"min_orders": 2}, True, False),
        ({"max_orders": 0}, False, True),
        ({"rank": "active", "bought": False}, False, False),
        ({"any": [{"bought": False}, {"tag": "has-concern"}]}, True, True),
        ({"rank": "active", "any": [{"bought": False}]}, False, False),
    ],
)
def test_a_condition_holds_when_all_it_gives_does(
    condition: dict[str, object], *, of_misaki: bool, of_somebody_new: bool
) -> None:
    asked = Condition.model_validate(condition)
    assert holds(asked, MISAKI) is of_misaki
    assert holds(asked, NOBODY_YET) is of_somebody_new


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ({}, "acquired"),
        ({"order_count": 1, "first_order_yen": 3000, "sales_yen": 3000}, "first"),
        ({"order_count": 2, "first_order_yen": 3000, "sales_yen": 6000}, "repeat"),
        ({"order_count": 2, "first_order_yen": 3000, "sales_yen": 6001}, "higher-value"),
        ({"order_count": 3, "first_order_yen": 3000, "sales_yen": 9000}, "repeat"),
        ({"order_count": 1, "is_promoter": True}, "fan"),
        ({"order_count": 4, "is_premium_rank": True}, "fan"),
        ({"order_count": 2, "is_promoter": True, "friends_joined": 1}, "word-of-mouth"),
        ({"order_count": 1, "has_testimonial": True}, "word-of-mouth"),
        ({"order_count": 1, "bought_premium": True, "is_promoter": True}, "premium-product"),
    ],
)
def test_the_seven_stages(facts: dict[str, int], stage: str) -> None:
    assert stage_of(StageFacts(**facts)) == stage  # type: ignore[arg-type]


@given(
    st.builds(
        StageFacts,
        order_count=st.integers(0, 5),
        first_order_yen=st.integers(0, 9000),
        sales_yen=st.integers(0, 50_000),
    )
)
def test_more_never_leads_to_an_earlier_stage(facts: StageFacts) -> None:
    order = list(Stage)
    more = StageFacts(facts.order_count, facts.first_order_yen, facts.sales_yen, is_promoter=True)
    assert order.index(stage_of(more)) >= order.index(stage_of(facts))


ORDER = Occurrence(On.ORDER, "order:A-1", nth=2, order_number="A-1", products=("TEA-50",))


@pytest.mark.parametrize(
    ("asked", "happened", "fits"),
    [
        ({"on": "order"}, ORDER, True),
        ({"on": "order", "nth": 2}, ORDER, True),
        ({"on": "order", "nth": 1}, ORDER, False),
        ({"on": "order", "products": ["TEA-50", "SET"]}, ORDER, True),
        ({"on": "order", "products": ["SET"]}, ORDER, False),
        ({"on": "delivery"}, ORDER, False),
        ({"on": "score", "min_score": 9}, Occurrence(On.SCORE, "s", score=9), True),
        ({"on": "score", "min_score": 9}, Occurrence(On.SCORE, "s", score=8), False),
        ({"on": "score", "max_score": 6}, Occurrence(On.SCORE, "s", score=0), True),
        ({"on": "tag", "tag": "＃気になる"}, Occurrence(On.TAG, "t", tag="気になる"), True),
        ({"on": "tag", "tag": "気になる"}, Occurrence(On.TAG, "t", tag="問題ない"), False),
        ({"on": "recency", "days": 30}, Occurrence(On.RECENCY, "r", days=30), True),
        ({"on": "recency", "days": 60}, Occurrence(On.RECENCY, "r", days=30), False),
        ({"on": "rank", "rank": "premium"}, Occurrence(On.RANK, "r", rank="premium"), True),
        ({"on": "click", "step": "voices"}, Occurrence(On.CLICK, "c", flow="f", step="voices"), True),
        ({"on": "click"}, Occurrence(On.CLICK, "c", flow="another", step="voices"), False),
        ({"on": "click", "flow": "another"}, Occurrence(On.CLICK, "c", flow="another", step="voices"), True),
    ],
)
def test_what_an_event_asks_for(asked: dict[str, object], happened: Occurrence, *, fits: bool) -> None:
    assert matches(Event.model_validate(asked), happened, "f") is fits


def test_a_wait_ends_by_its_own_event_alone() -> None:
    wait = Wait(until=On.ORDER, products=("SET",), days=3)
    assert not ends(wait, ORDER, "f")
    assert ends(Wait(until=On.ORDER, days=3), ORDER, "f")
    assert not ends(Wait(days=3), ORDER, "f")


def ago(days: float, *, inside: bool = False) -> Entry:
    return Entry(NOW - timedelta(days=days), inside)


@pytest.mark.parametrize(
    ("policy", "earlier", "key"),
    [
        ("once", [], "once"),
        ("once", [ago(400)], "once"),  # 12: the unique key refuses it for ever
        ("each-order", [ago(1, inside=True)], "order:A-1"),
        (Again(again_after_days=90), [], "again:1"),
        (Again(again_after_days=90), [ago(90)], "again:2"),  # 13: again is again
        (Again(again_after_days=90), [ago(200), ago(89.9)], None),
        (Again(again_after_days=90), [ago(200), ago(100)], "again:3"),
        (Again(again_after_days=90), [ago(100, inside=True)], None),  # 10: no second run while inside
    ],
)
def test_the_key_of_an_entry(policy: str | Again, earlier: list[Entry], key: str | None) -> None:
    assert entry_key(policy, ORDER, earlier, NOW) == key


def test_each_order_without_a_number_is_each_cause() -> None:
    assert entry_key("each-order", Occurrence(On.FOLLOW, "follow:7"), [], NOW) == "follow:7"


@given(st.integers(1, 10**9), st.integers(0, 90))
def test_who_is_held_out_is_stable_and_grows_with_the_share(customer_id: int, percent: int) -> None:
    held = is_held_out("key", "flow", customer_id, percent)
    assert held == is_held_out("key", "flow", customer_id, percent)
    assert not held or is_held_out("key", "flow", customer_id, percent + 1)


def test_the_share_held_out_is_about_what_was_asked_for_and_differs_between_flows() -> None:
    first = {each for each in range(10_000) if is_held_out("key", "a", each, 30)}
    second = {each for each in range(10_000) if is_held_out("key", "b", each, 30)}
    assert 2_800 < len(first) < 3_200
    assert 700 < len(first & second) < 1_100  # independent: nine of a hundred
