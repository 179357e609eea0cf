"""A flow played in simulated time: when each message comes, and why or why not."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from journeys.enrolments.customer_facts import CustomerFacts
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import Occurrence, On
from journeys.sending.limits import Recipient
from journeys.walk_through.playing import SimulatedAction, SimulationInput, WalkEvent, What, play

TOKYO = ZoneInfo("Asia/Tokyo")
START = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
"""Tuesday, noon in Tokyo."""
GIVEN = SimulationInput(CustomerFacts(rank="active"), TOKYO)


def flow(*steps: dict[str, Any], **more: Any) -> FlowDefinition:
    named = [
        {"key": f"s{number}", "text": "本文", "latest_days": 0} | step for number, step in enumerate(steps, 1)
    ]
    return FlowDefinition.model_validate(
        {"key": "after-order", "name": "ご注文のあと", "trigger": {"on": "order"}, "step": named} | more
    )


def tag(tag: str) -> Occurrence:
    return Occurrence(On.TAG, "tap", tag=tag)


ORDER = Occurrence(On.ORDER, "order:2", nth=2, products=("TEA-50",))


def in_words(events: list[WalkEvent]) -> list[str]:
    """Each event on the shop's clock: `12-01 12:00 sent s1`."""
    return [
        f"{event.at.astimezone(TOKYO):%m-%d %H:%M} "
        + " ".join(filter(None, (event.what, event.step_key, event.reason, *event.held_by)))
        for event in events
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([{}], ["12-01 12:00 sent s1"]),
        ([{"wait": {"days": 7, "at": "11:00"}}], ["12-08 11:00 sent s1"]),
        ([{"wait": {"date": "2026-12-24", "at": "10:00"}}], ["12-24 10:00 sent s1"]),
        # days count from when the step before was due
        (
            [{"wait": {"days": 1, "at": "22:00"}}, {"wait": {"days": 1, "at": "22:00"}}],
            ["12-03 09:00 sent s1 quiet-hours", "12-04 09:00 sent s2 quiet-hours"],
        ),
        # how long it may wait for a reply to go along with
        ([{"latest_days": 3}], ["12-04 12:00 sent s1 free-ride"]),
        # one a day
        ([{}, {}], ["12-01 12:00 sent s1", "12-02 09:00 sent s2 daily-limit"]),
        # three a week
        (
            [{}, *[{"wait": {"days": 1}}] * 3],
            [
                "12-01 12:00 sent s1",
                "12-02 12:00 sent s2",
                "12-03 12:00 sent s3",
                "12-08 12:00 sent s4 weekly-limit",
            ],
        ),
        ([{}, {"when_busy": "skip"}], ["12-01 12:00 sent s1", "12-01 12:00 skipped s2 daily-limit"]),
        ([{"when": {"min_rank": "premium"}}], ["12-01 12:00 passed-over s1 condition"]),
        ([{"testimonial": "newest"}], ["12-01 12:00 passed-over s1 no-testimonial"]),
        ([{"text": "", "recommend": "history"}], ["12-01 12:00 passed-over s1 no-recommendation"]),
        ([{"recommend": "history"}], ["12-01 12:00 sent s1"]),
        (
            [{"when": {"tag": "no"}, "otherwise": "s3"}, {}, {}],
            ["12-01 12:00 passed-over s1 condition", "12-01 12:00 sent s3"],
        ),
    ],
)
def test_what_comes_when_the_customer_does_nothing(steps: list[dict[str, Any]], expected: list[str]) -> None:
    said = in_words(play(flow(*steps), START, GIVEN))
    assert said[0] == "12-01 12:00 entered"
    assert said[1:-1] == expected
    assert said[-1].endswith(" done")


def test_a_basic_customer_gets_no_offer() -> None:
    given = SimulationInput(CustomerFacts(), TOKYO, sending=Recipient(is_basic=True))
    said = in_words(play(flow({"class": "selling"}, {}), START, given))
    assert said[1:3] == ["12-01 12:00 dropped s1 basic", "12-01 12:00 sent s2"]


UNTIL = flow(
    {}, {"wait": {"until": "tag", "tag": "has-concern", "days": 3}, "when": {"not_tag": "has-concern"}}
)


def test_what_is_awaited_ends_the_wait_and_decides_the_branch() -> None:
    tapped = SimulatedAction(START + timedelta(hours=5), tag("has-concern"))
    assert in_words(play(UNTIL, START, GIVEN, [tapped]))[2:] == [
        "12-01 17:00 did",
        "12-01 17:00 passed-over s2 condition",
        "12-01 17:00 done",
    ]
    assert in_words(play(UNTIL, START, GIVEN))[2:] == ["12-04 12:00 sent s2", "12-04 12:00 done"]


def test_what_is_awaited_and_comes_before_the_wait_does_not_cut_it_short() -> None:
    late = flow({"wait": {"days": 2}}, {"wait": {"until": "tag", "tag": "ok", "days": 3}})
    said = in_words(play(late, START, GIVEN, [SimulatedAction(START + timedelta(days=1), tag("ok"))]))
    assert said[1:4] == ["12-02 12:00 did", "12-03 12:00 sent s1", "12-06 12:00 sent s2"]


def test_an_order_reaches_the_goal_and_ends_it() -> None:
    said = in_words(
        play(
            flow({}, {"wait": {"days": 7}}, goal={"on": "order"}),
            START,
            GIVEN,
            [SimulatedAction(START + timedelta(days=3), ORDER)],
        )
    )
    assert said[1:] == ["12-01 12:00 sent s1", "12-04 12:00 did", "12-04 12:00 goal"]


def test_a_message_rides_on_the_answer_to_a_tap() -> None:
    events = play(
        flow({"latest_days": 3}), START, GIVEN, [SimulatedAction(START + timedelta(hours=2), tag("anything"))]
    )
    [sent] = [event for event in events if event.what is What.SENT]
    assert (sent.at, sent.is_free) == (START + timedelta(hours=2), True)


def test_a_loop_comes_to_an_end() -> None:
    assert play(flow({"then": "s1"}, {}), START, GIVEN)[-1].what is What.DONE
