"""LINE's sums of an aggregation unit: numbers that are absent, null or no counts are unknown."""

import json
from typing import Any

import pytest

from bot.line.unit_statistics import UnitStatistics, read

NOTHING = UnitStatistics()


def overview(**numbers: Any) -> str:
    return json.dumps({"overview": numbers, "messages": [], "clicks": []})


@pytest.mark.parametrize(
    ("body", "sums"),
    [
        (overview(uniqueImpression=40, uniqueClick=30, uniqueMediaPlayed=25), UnitStatistics(40, 30, 25)),
        (overview(uniqueImpression=40, uniqueClick=None, uniqueMediaPlayed=None), UnitStatistics(40)),
        (overview(uniqueClick=0), UnitStatistics(None, 0)),
        (overview(uniqueImpression=40, tomorrow={"new": 1}), UnitStatistics(40)),
        (overview(uniqueImpression="40", uniqueClick=True, uniqueMediaPlayed=-1), NOTHING),
        (overview(uniqueImpression=40.5, uniqueClick=2**31), NOTHING),
        (overview(), NOTHING),
        *(('{"overview": null}', NOTHING), ('{"overview": [1]}', NOTHING), ("{}", NOTHING), ("[]", NOTHING)),
        *(("null", NOTHING), ("", NOTHING), ("<html>", NOTHING), ('"overview"', NOTHING)),
    ],
)
def test_what_line_says_and_does_not_say(body: str, sums: UnitStatistics) -> None:
    assert read(body) == sums
