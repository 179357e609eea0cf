"""What an edit of a flow is: wording, which is live at once, or structure, which makes a version."""

from typing import Any

import pytest

from journeys.flows.changes import (
    Edit,
    StepChange,
    compares_anew,
    flow_changes,
    is_wording_only,
    reworded,
    step_changes,
)
from journeys.flows.definition import FlowDefinition

LINK = {"label": "使い方", "url": "https://shop.jp/how-to"}
A: dict[str, Any] = {
    "key": "a",
    "text": "はい",
    "link": LINK,
    "buttons": [{"label": "見る", "url": "https://shop.jp/"}, {"label": "気になる", "tag": "concern"}],
}
B: dict[str, Any] = {"key": "b", "text": "いいえ", "wait": {"days": 7}, "when": {"tag": "concern"}}
C: dict[str, Any] = {"key": "c", "text": "また", "wait": {"days": 3}}


def flow(*steps: dict[str, Any], **values: Any) -> FlowDefinition:
    made = {
        "key": "after",
        "name": "あと",
        "trigger": {"on": "order"},
        "goal": {"on": "order"},
        "step": steps,
    }
    return FlowDefinition.model_validate(made | values)


OLD = flow(A, B, C)


@pytest.mark.parametrize(
    ("fields", "wording_only"),
    [
        ({"text": "どうも"}, True),
        ({"link": {**LINK, "url": "https://shop.jp/other"}}, True),
        ({"link": None}, True),
        ({"picture": "https://shop.jp/tea.jpg"}, True),
        ({"video": LINK}, True),
        ({"card": {"title": "お茶"}}, True),
        ({"note": "案内した"}, True),
        ({"buttons": [{"label": "心配", "tag": "concern"}]}, True),
        ({"buttons": [*A["buttons"], {"label": "聞く", "say": "聞きたい"}]}, True),
        ({"buttons": [{"label": "気になる", "tag": "other"}]}, False),
        ({"buttons": []}, False),
        ({"text": "", "link": None}, False),
        ({"wait": {"days": 1}}, False),
        ({"wait": {"at": "11:00"}}, False),
        ({"when": {"min_rank": "active"}}, False),
        ({"then": "c"}, False),
        ({"otherwise": "end"}, False),
        ({"class": "selling"}, False),
        ({"latest_days": 0}, False),
        ({"when_busy": "skip"}, False),
        ({"coupon": 3}, False),
        ({"testimonial": "newest"}, False),
        ({"recommend": "history"}, False),
        ({"set_tags": ["seen"]}, False),
        ({"remove_tags": ["seen"]}, False),
        ({"variant": [{"key": "b", "text": "べつの文"}]}, False),
    ],
)
def test_edits_of_a_step(fields: dict[str, Any], wording_only: bool) -> None:
    new = flow({**A, **fields}, B, C)
    assert is_wording_only(OLD, new) is wording_only
    edit = Edit.REWORDED if wording_only else Edit.CHANGED
    [change] = step_changes(OLD, new)
    assert (change.edit, change.key, set(change.fields)) == (edit, "a", set(fields))


@pytest.mark.parametrize(
    ("values", "wording_only"),
    [
        ({"name": "べつの名前"}, True),
        ({"class": "selling"}, False),
        ({"trigger": {"on": "order", "nth": 2}}, False),
        ({"entry": "each-order"}, False),
        ({"entry": {"again_after_days": 9}}, False),
        ({"goal": None}, False),
        ({"calm_days": 9}, False),
        ({"holdout_percent": 10}, False),
        ({"outcome_days": 30}, False),
    ],
)
def test_edits_of_the_flow(values: dict[str, Any], wording_only: bool) -> None:
    new = flow(A, B, C, **values)
    assert is_wording_only(OLD, new) is wording_only
    assert flow_changes(OLD, new) == tuple(values)
    assert step_changes(OLD, new) == ()


@pytest.mark.parametrize(
    ("steps", "changes"),
    [
        ((A, B, C), ()),
        ((A, B, C, {**C, "key": "d"}), (StepChange(Edit.ADDED, "d", after="c"),)),
        (({**C, "key": "d"}, A, B, C), (StepChange(Edit.ADDED, "d"),)),
        ((A, C), (StepChange(Edit.REMOVED, "b"),)),
        ((B, C, A), (StepChange(Edit.MOVED, "a", after="c"),)),
        (
            ({**C, "key": "d"}, {**B, "wait": {"days": 8}}),
            (
                StepChange(Edit.ADDED, "d"),
                StepChange(Edit.CHANGED, "b", ("wait",)),
                StepChange(Edit.REMOVED, "a"),
                StepChange(Edit.REMOVED, "c"),
            ),
        ),
    ],
)
def test_edits_of_the_list_of_steps(
    steps: tuple[dict[str, Any], ...], changes: tuple[StepChange, ...]
) -> None:
    new = flow(*steps)
    assert step_changes(OLD, new) == changes
    assert is_wording_only(OLD, new) is (not changes)


def test_an_older_version_takes_new_words_where_it_says_the_same() -> None:
    older = flow(B, {**A, "wait": {"days": 1}}, {**C, "text": "むかしの言葉"})
    new = flow({**A, "text": "どうも"}, B, {**C, "text": "では"})
    assert reworded(older, OLD, new) == flow(
        B, {**A, "wait": {"days": 1}, "text": "どうも"}, {**C, "text": "むかしの言葉"}
    )
    assert reworded(OLD, OLD, new) == new


def test_a_variants_words_change_in_place_and_its_key_and_coupon_do_not() -> None:
    def with_variant(**fields: Any) -> FlowDefinition:
        return flow({**A, "variant": [{"key": "b", "text": "べつの文"} | fields]}, B, C)

    old, new = with_variant(), with_variant(text="もっとよい文")
    assert is_wording_only(old, new)
    assert not is_wording_only(old, with_variant(key="c"))
    assert not is_wording_only(old, with_variant(coupon=3))
    assert not is_wording_only(old, flow(A, B, C))
    older = flow({**A, "variant": [{"key": "b", "text": "べつの文"}], "latest_days": 9}, B)
    assert reworded(older, old, new).step[0].variant[0].text == "もっとよい文"


def test_a_share_and_the_days_of_the_outcome_compare_the_same_thing_and_a_wait_another() -> None:
    assert not compares_anew(OLD, flow(A, B, C, holdout_percent=10, outcome_days=30))
    assert compares_anew(OLD, flow({**A, "wait": {"days": 9}}, B, C, holdout_percent=10))


def test_a_step_added_at_the_end_is_named_so_that_the_owner_sees_who_will_not_get_it() -> None:
    new = flow(A, B, C, {**C, "key": "d"})
    [added] = step_changes(OLD, new)
    assert (added.edit, added.key, added.after) == (Edit.ADDED, "d", OLD.step[-1].key)


def test_flows_of_a_thousand_steps_are_compared() -> None:
    steps = [{**C, "key": f"s{number}"} for number in range(1000)]
    new = [*steps[:500], {**C, "key": "new"}, *steps[501:]]
    assert step_changes(flow(*steps), flow(*new)) == (
        StepChange(Edit.ADDED, "new", after="s499"),
        StepChange(Edit.REMOVED, "s500"),
    )
