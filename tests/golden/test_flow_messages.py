"""Golden messages of the flows that come with the product, with a name and without."""

from pathlib import Path

import pytest

from bot.line.messages import Message
from journeys.flows import shipped_flows
from journeys.flows.definition import FlowDefinition, Step
from journeys.flows.step_messages import ShownTestimonial, StepContent, render
from tests.golden.golden_files import assert_golden, assert_none_left_over

GOLDEN = Path(__file__).parent / "flows"
VOICE = ShownTestimonial(
    "母にも贈りました！\n香りがやさしいです。",
    "佐藤さん",
    "https://goen.example/voices/pictures/0123.jpg",
    "この感想にはお礼として50ポイントを進呈しています",
)


STEPS = {
    f"{flow.key}_{number:02}_{step.key}": (flow, step)
    for flow in shipped_flows.all_of_them().values()
    for number, step in enumerate(flow.step, 1)
}


def messages(flow: FlowDefinition, step: Step, name: str) -> list[Message]:
    voice = VOICE if step.testimonial else None
    selling = flow.class_of(step) == "selling"
    values = {"enrolment": 12, "step": step.key}
    return render(step, StepContent(name, testimonial=voice, tag_values=values, selling=selling))


@pytest.mark.parametrize("name", STEPS)
def test_message_is_golden_and_line_takes_it(name: str) -> None:
    assert_golden(GOLDEN, name, messages(*STEPS[name], "花子"))


def test_no_golden_file_is_left_over() -> None:
    assert_none_left_over(GOLDEN, STEPS)


@pytest.mark.parametrize("name", STEPS)
def test_a_message_reads_well_without_a_name(name: str) -> None:
    said = str(messages(*STEPS[name], ""))
    assert [
        mark for mark in ("{", "}さん", "お客さまさん", "、、", "「、") if mark in said.replace("{'", "")
    ] == []


def test_what_sells_says_how_to_stop_and_nothing_else_does() -> None:
    for name, (flow, step) in STEPS.items():
        said = "「配信停止」と送ってください" in str(messages(flow, step, "花子"))
        assert said is (flow.class_of(step) == "selling"), name
