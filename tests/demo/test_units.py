"""Aggregation units of the simulated LINE: names, the month's limit, sums under twenty, calls in an hour."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.line.units import Units
from demo.phone.platform import Platform
from tests.demo.conftest import ManualClock, Shop, said

DAY = "20260202"
"""The day of the manual clock in Japan."""
LINK = {"type": "template", "altText": "見る"} | {
    "template": {
        "type": "buttons",
        "text": "使い方",
        "actions": [{"type": "uri", "label": "見る", "uri": "https://goen.example/l/abc"}],
    }
}


def statistics(shop: Shop, unit: str = "how_to", first: str = DAY, last: str = DAY) -> Any:
    query = f"customAggregationUnit={unit}&from={first}&to={last}"
    return shop.call("GET", f"/v2/bot/insight/message/event/aggregation?{query}")


def push(
    shop: Shop, to: str, *units: Any, messages: list[dict[str, Any]] | None = None, key: str | None = None
) -> Any:
    body = {"to": to, "messages": messages or said(), "customAggregationUnits": list(units)}
    return shop.call("POST", "/v2/bot/message/push", body, key=key)


@pytest.mark.parametrize(
    "units", [("a", "b"), ("",), ("a" * 31,), ("a-b",), ("あ",), ("a b",), ("a\n",), (1,), (None,)], ids=str
)
def test_a_unit_that_is_none_is_refused(platform: Platform, shop: Shop, units: tuple[Any, ...]) -> None:
    hana = platform.handset("花")
    hana.follow()
    assert push(shop, hana.user_id, *units).status == 400
    assert hana.news() == []


def test_numbers_of_fewer_than_twenty_people_are_null(platform: Platform, shop: Shop) -> None:
    people = [platform.handset(f"客{number}") for number in range(21)]
    for number, each in enumerate(people):
        each.follow()
        assert push(shop, each.user_id, "how_to", messages=[LINK]).status == 200
        if number == 18:
            few = statistics(shop).json()
            assert few["overview"]["uniqueImpression"] is None
    for each in people[:19]:
        each.tap("見る")
        each.tap("見る")
    sums = statistics(shop).json()
    assert sums["overview"] == {
        "uniqueImpression": 21,
        "uniqueClick": None,
        "uniqueMediaPlayed": None,
        "uniqueMediaPlayed100Percent": None,
    }
    assert sums["messages"] == [{"seq": 1, "impression": 21}]
    assert [(each["url"], each["click"], each["uniqueClick"]) for each in sums["clicks"]] == [
        ("https://goen.example/l/abc", None, None)
    ]
    people[20].tap("見る")
    [click] = statistics(shop).json()["clicks"]
    assert (click["click"], click["uniqueClick"]) == (39, 20)
    assert statistics(shop, "How_to").json()["overview"]["uniqueImpression"] is None, (
        "names are case-sensitive"
    )
    assert statistics(shop, first="20260203", last="20260203").json()["messages"] == []


def test_a_repeated_push_and_one_to_nobody_count_nothing(platform: Platform, shop: Shop) -> None:
    hana = platform.handset("花")
    hana.follow()
    key = "00000000-0000-4000-8000-000000000000"
    assert [push(shop, hana.user_id, "once", key=key).status for _ in range(2)] == [200, 409]
    hana.block()
    assert push(shop, hana.user_id, "blocked").status == 200
    [sends] = platform.channel.units._sends["once"].values()
    assert (sends.message_counts, sends.openers) == ([1], {hana.user_id})
    [nobody] = platform.channel.units._sends["blocked"].values()
    assert nobody.openers == set()


def test_the_names_of_a_month_are_listed_and_limited(
    platform: Platform, shop: Shop, manual_clock: ManualClock
) -> None:
    hana = platform.handset("花")
    hana.follow()
    for number in range(1_000):
        platform.channel.units.count(f"unit_{number}", [], [], manual_clock.now())
    assert push(shop, hana.user_id, "unit_7").status == 200
    assert push(shop, hana.user_id, "one_more").status == 400
    assert shop.call("GET", "/v2/bot/message/aggregation/info").json() == {
        "numOfCustomAggregationUnits": 1_000
    }
    names, query = [], "limit=100"
    for _ in range(10):
        answer = shop.call("GET", f"/v2/bot/message/aggregation/list?{query}").json()
        names += answer["customAggregationUnits"]
        query = f"limit=100&start={answer.get('next')}"
    assert names == [f"unit_{number}" for number in range(1_000)]
    assert "next" not in answer
    assert shop.call("GET", "/v2/bot/message/aggregation/list?limit=101").status == 400
    manual_clock.forward(31 * 24 * 3600)
    assert push(shop, hana.user_id, "one_more").status == 200
    assert shop.call("GET", "/v2/bot/message/aggregation/info").json() == {"numOfCustomAggregationUnits": 1}


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        *(("", DAY, DAY), ("a-b", DAY, DAY), ("a" * 31, DAY, DAY), ("a", "2026-2-2", DAY), ("a", DAY, "")),
        *(
            ("a", DAY, "20260201"),
            ("a", "20260101", "20260201"),
            ("a", "20260230", "20260301"),
            ("a", "x" * 8, DAY),
        ),
    ],
)
def test_a_question_that_line_refuses(shop: Shop, unit: str, first: str, last: str) -> None:
    assert statistics(shop, unit, first, last).status == 400


def test_sixty_questions_an_hour(shop: Shop, manual_clock: ManualClock) -> None:
    assert [statistics(shop).status for _ in range(61)] == [200] * 60 + [429]
    manual_clock.forward(3601)
    assert statistics(shop, first="20260103", last="20260202").status == 200


def test_the_answers_have_the_shape_of_lines_own_files(
    line_openapi: Path, platform: Platform, shop: Shop
) -> None:
    schemas = yaml.safe_load((line_openapi / "insight.yml").read_text("utf-8"))["components"]["schemas"]
    hana = platform.handset("花")
    hana.follow()
    push(shop, hana.user_id, "how_to", messages=[LINK])
    answer = statistics(shop).json()
    whole = schemas["GetStatisticsPerUnitResponse"]
    assert set(answer) == set(whole["required"])
    for part, name in (("overview", "Overview"), ("messages", "Message"), ("clicks", "Click")):
        schema = schemas[f"GetStatisticsPerUnitResponse{name}"]
        for each in [answer[part]] if part == "overview" else answer[part]:
            assert set(schema.get("required", [])) <= set(each) <= set(schema["properties"])


def test_a_tap_counts_for_the_newest_send(manual_clock: ManualClock) -> None:
    units = Units()
    for name in ("first", "second"):
        units.count(name, ["U1"], [LINK], manual_clock.now())
    units.opened("U1", "https://goen.example/l/abc")
    units.opened("U2", "https://goen.example/l/abc")
    units.opened("U1", "https://other.example/")
    [[first], [second]] = [each.values() for each in units._sends.values()]
    assert (first.taps.total(), second.taps.total()) == (0, 1)
