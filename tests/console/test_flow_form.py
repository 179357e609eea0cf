"""A flow and its steps come through their forms as they were: nothing that a form shows or does not show is lost."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.journeys import flow_form, step_list
from console.journeys.flow_fields import FLOW_FIELDS, STEP_FIELDS
from journeys.flows.definition import Event, FlowDefinition, Step
from journeys.flows.occurrences import On

LETTERS = st.characters(exclude_categories=("C", "Z"))
LINE = st.text(LETTERS | st.just(" "), min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
TEXT = st.text(LETTERS | st.sampled_from(" \n　"), max_size=60)
KEY = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
URL = st.text(LETTERS, min_size=1, max_size=30).map(lambda path: f"https://shop.example/{path}")
LINES = st.lists(LINE, max_size=3)
DAYS = st.integers(0, 3650)
SCORE = st.integers(0, 10)
RANK = st.sampled_from(["basic", "active", "premium", "ambassador"])
TIME = st.times().map(lambda at: f"{at:%H:%M}")
CLASS = st.sampled_from(["order", "care", "selling"])


def some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A table with some of these parts."""
    return st.fixed_dictionaries({}, optional=parts)


CONDITION_PARTS: dict[str, Any] = {
    "rank": RANK,
    "min_rank": RANK,
    "stage": st.sampled_from(["acquired", "first", "fan", "word-of-mouth"]),
    "segment": st.sampled_from(["promoter", "passive", "detractor"]),
    "min_score": SCORE,
    "max_score": SCORE,
    "tag": LINE,
    "not_tag": LINE,
    "clicked": KEY,
    "not_clicked": KEY,
    "bought": st.booleans(),
    "bought_products": LINES,
    "not_bought_products": LINES,
    "min_orders": st.integers(0, 99),
    "max_orders": st.integers(0, 99),
}
CONDITION = some(**CONDITION_PARTS, any=st.lists(some(**CONDITION_PARTS), max_size=3))
WAIT = st.one_of(
    some(days=DAYS, at=TIME),
    some(days=DAYS, at=TIME, date=st.dates().map(str)),
    some(days=DAYS, repurchase=st.booleans()),
    st.fixed_dictionaries({"until": st.just("tag"), "tag": LINE, "days": st.integers(1, 99)}),
    st.fixed_dictionaries(
        {"until": st.sampled_from(["order", "click"]), "days": st.integers(1, 99)},
        optional={"products": LINES, "step": KEY, "at": TIME},
    ),
)
BUTTON = st.one_of(
    *(
        st.fixed_dictionaries({"label": LINE, does: to})
        for does, to in (("tag", LINE), ("url", URL), ("say", LINE))
    )
)
LINK = st.fixed_dictionaries({"label": LINE, "url": URL})
VARIANT = st.fixed_dictionaries(
    {"key": KEY.filter(lambda key: key != "a"), "text": LINE},
    optional={"picture": URL, "buttons": st.lists(BUTTON, max_size=4), "link": LINK},
)
STEP = st.fixed_dictionaries(
    {"key": KEY},
    optional={
        "wait": WAIT,
        "when": CONDITION,
        "otherwise": KEY,
        "then": KEY,
        "class": CLASS,
        "latest_days": st.integers(0, 30),
        "when_busy": st.sampled_from(["defer", "skip"]),
        "text": TEXT,
        "picture": URL,
        "card": some(title=LINE, text=TEXT, picture=URL),
        "buttons": st.lists(BUTTON, max_size=4),
        "link": LINK,
        "video": LINK,
        "coupon": st.integers(1, 9_999),
        "testimonial": st.just("newest"),
        "set_tags": LINES,
        "remove_tags": LINES,
        "note": TEXT,
        "variant": st.lists(VARIANT, max_size=3, unique_by=lambda each: str(each["key"])),
    },
).map(Step.model_validate)
EVENT = st.sampled_from(list(On)).flatmap(
    lambda on: st.fixed_dictionaries(
        {"on": st.just(on), "tag": LINE, "days": DAYS},
        optional={
            "nth": st.integers(1, 9),
            "products": LINES,
            "min_score": SCORE,
            "max_score": SCORE,
            "rank": RANK,
            "step": KEY,
            "flow": KEY,
        },
    )
)
FLOW_PARTS: dict[str, Any] = {
    "key": KEY,
    "name": LINE,
    "trigger": EVENT,
    "step": st.lists(STEP, min_size=1, max_size=3, unique_by=lambda step: step.key),
}
FLOW = st.fixed_dictionaries(
    FLOW_PARTS,
    optional={
        "class": CLASS,
        "entry": st.sampled_from(["once", "each-order"])
        | st.builds(lambda days: {"again_after_days": days}, st.integers(1, 3650)),
        "goal": EVENT,
        "calm_days": st.integers(0, 90),
        "holdout_percent": st.none() | st.integers(0, 90),
        "outcome_days": st.integers(1, 365),
    },
).map(FlowDefinition.model_validate)
QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def as_sent(form: dict[str, str]) -> dict[str, str]:
    """The form as a browser sends it: lines end in CR LF."""
    return {name: value.replace("\n", "\r\n") for name, value in form.items()}


@QUICK
@given(step=STEP)
def test_a_step_comes_through_its_form_unchanged(app: Flask, step: Step) -> None:
    with app.test_request_context():
        read = flow_form.read_step(as_sent(flow_form.of_step(step)), step)
    assert (read.step, dict(read.faults)) == (step, {})


@QUICK
@given(flow=FLOW)
def test_a_flow_comes_through_its_form_unchanged(app: Flask, flow: FlowDefinition) -> None:
    with app.test_request_context():
        read = flow_form.read_flow(as_sent(flow_form.of_flow(flow)), flow)
    assert (read.definition, dict(read.faults)) == (flow, {})


@QUICK
@given(step=STEP, text=TEXT)
def test_another_text_changes_the_text_alone(app: Flask, step: Step, text: str) -> None:
    with app.test_request_context():
        read = flow_form.read_step(as_sent(flow_form.of_step(step) | {"text": text}), step)
    assert read.step == step.model_copy(update={"text": text})


def test_the_forms_have_a_field_for_every_part_of_a_definition_but_any() -> None:
    def paths(model: Any, name: str) -> set[str]:
        return {f"{name}.{field.alias or part}" for part, field in model.model_fields.items()}

    tables = {"wait", "when", "card", "link", "video"}
    step = {field.alias or name for name, field in Step.model_fields.items()} - tables
    for name in tables:
        table = Step.model_fields[name].annotation
        model = next(
            (each for each in getattr(table, "__args__", (table,)) if hasattr(each, "model_fields")), None
        )
        step |= paths(model, name)
    assert step - {each.path for each in STEP_FIELDS} == {"when.any", "buttons", "variant"}
    flow = {field.alias or name for name, field in FlowDefinition.model_fields.items()} - {
        "trigger",
        "goal",
        "entry",
    }
    flow |= paths(Event, "trigger") | paths(Event, "goal")
    assert flow - {each.path for each in FLOW_FIELDS} == {"key", "step"}


WRONG = [
    ({"text": "あ" * 5001}, {"text": "5,000文字までで"}),
    ({"wait.days": "三"}, {"wait.days": "数字で"}),
    ({"wait.days": "9" * 40}, {"wait.days": "数字で"}),
    ({"wait.days": "-1"}, {"wait.days": "数字で"}),
    ({"wait.days": "99999"}, {"wait.days": "3,650以下"}),
    ({"wait.at": "25:00"}, {"wait.at": "11:00 のように"}),
    ({"wait.until": "tag", "wait.days": "3"}, {"wait.tag": "待つタグを"}),
    ({"wait.until": "order", "wait.days": ""}, {"wait.days": "1日以上"}),
    ({"wait.until": "order", "wait.days": "3", "wait.date": "2026-12-24"}, {"wait.date": "1つだけ"}),
    ({"wait.until": "earthquake", "wait.days": "3"}, {"wait.until": "選んで"}),
    ({"wait.date": "あした"}, {"wait.date": "日付に"}),
    ({"picture": "javascript:alert(1)"}, {"picture": "https://"}),
    ({"link.url": "https://shop.example/"}, {"link.label": "入れて"}),
    ({"link.label": "見る"}, {"link.url": "入れて"}),
    ({"video.label": "見る", "video.url": "http://shop.example"}, {"video.url": "https://"}),
    ({"buttons.2.label": "はい"}, {"buttons.2.value": "入れて"}),
    ({"buttons.1.value": "yes"}, {"buttons.1.label": "入れて"}),
    (
        {"buttons.3.label": "見る", "buttons.3.does": "url", "buttons.3.value": "x"},
        {"buttons.3.value": "https://"},
    ),
    ({"key": "うけつけ"}, {"key": "半角の"}),
    ({"key": ""}, {"key": "入れて"}),
    ({"class": "spam"}, {"class": "選んで"}),
    ({"coupon": "いちばん"}, {"coupon": "数字で"}),
    ({"latest_days": "31"}, {"latest_days": "30以下"}),
    ({"set_tags": "#" * 61}, {"set_tags": "60文字まで"}),
    ({"when.min_orders": "100000"}, {"when.min_orders": "10,000以下"}),
    ({"card.title": "あ" * 61}, {"card.title": "60文字まで"}),
]


@pytest.mark.parametrize(("typed", "faults"), WRONG, ids=[next(iter(typed)) for typed, _ in WRONG])
def test_each_fault_is_beside_its_field(app: Flask, typed: dict[str, str], faults: dict[str, str]) -> None:
    step = Step.model_validate({"key": "thanks", "text": "ありがとうございます。"})
    with app.test_request_context():
        read = flow_form.read_step(flow_form.of_step(step) | typed, step)
    assert read.step is None
    assert set(read.faults) == set(faults)
    for field, words in faults.items():
        assert words in read.faults[field]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "あ" * 121}, "name"),
        ({"trigger.on": ""}, "trigger.on"),
        ({"trigger.on": "tag"}, "trigger.tag"),
        ({"trigger.on": "recency"}, "trigger.days"),
        ({"trigger.nth": "0"}, "trigger.nth"),
        ({"goal.on": "tag"}, "goal.tag"),
        ({"entry.policy": "again"}, "entry.days"),
        ({"entry.policy": "always"}, "entry.policy"),
        ({"holdout_percent": "91"}, "holdout_percent"),
    ],
)
def test_each_fault_of_the_flows_settings_is_beside_its_field(
    app: Flask, typed: dict[str, str], field: str
) -> None:
    flow = a_flow("thanks")
    with app.test_request_context():
        read = flow_form.read_flow(flow_form.of_flow(flow) | typed, flow)
    assert [*read.faults] == [field]


def a_flow(*keys: str, **more: Any) -> FlowDefinition:
    values = {
        "key": "after",
        "name": "あと",
        "trigger": {"on": "order"},
        "step": [{"key": key} for key in keys],
    }
    return FlowDefinition.model_validate(values | more)


def keys(flow: FlowDefinition) -> list[str]:
    return [each.key for each in flow.step]


def test_steps_are_added_copied_moved_and_removed() -> None:
    flow, new = step_list.added(a_flow("one", "two"), None)
    assert (keys(flow), new) == (["one", "two", "step-1"], "step-1")
    flow, new = step_list.added(flow, "one")
    assert (keys(flow), new) == (["one", "step-2", "two", "step-1"], "step-2")
    flow, new = step_list.copied(flow, "one")
    assert (keys(flow), new) == (["one", "one-2", "step-2", "two", "step-1"], "one-2")
    assert keys(step_list.moved(flow, "two", -1)) == ["one", "one-2", "two", "step-2", "step-1"]
    assert keys(step_list.moved(flow, "one", -1)) == keys(flow)
    assert keys(step_list.removed(flow, "one-2")) == ["one", "step-2", "two", "step-1"]
    with pytest.raises(step_list.LastStep):
        step_list.removed(a_flow("one"), "one")


def test_a_new_key_of_a_step_is_followed_by_all_that_leads_to_it() -> None:
    flow = a_flow(
        goal={"on": "click", "step": "ask"},
        trigger={"on": "click", "step": "ask", "flow": "another"},
        step=[
            {"key": "ask", "then": "end"},
            {
                "key": "two",
                "then": "ask",
                "otherwise": "ask",
                "wait": {"until": "click", "step": "ask", "days": 1},
            },
            {"key": "three", "when": {"any": [{"clicked": "ask"}, {"not_clicked": "two"}], "tag": "ask"}},
        ],
    )
    renamed = step_list.replaced(flow, "ask", flow.step[0].model_copy(update={"key": "question"}))
    stored = flow_form.stored(renamed)
    assert stored["goal"]["step"] == "question"
    assert stored["trigger"]["step"] == "ask", "another flow's step"
    assert (
        stored["step"][1]["then"]
        == stored["step"][1]["otherwise"]
        == stored["step"][1]["wait"]["step"]
        == "question"
    )
    assert stored["step"][2]["when"] == {
        "any": [{"clicked": "question"}, {"not_clicked": "two"}],
        "tag": "ask",
    }
