"""The log: one line of JSON an entry, filtered by level, with its context."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import localtime, log


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    log.configure("DEBUG")
    yield
    log.configure("DEBUG")


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_entry_is_one_line_with_its_moment_level_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    with localtime.fixed(datetime(2026, 4, 1, 0, 30, tzinfo=UTC)):
        log.info("job done", job="points\nexpire", count=3)

    assert logged(capsys) == [
        {
            "timestamp": "2026-04-01T00:30:00+00:00",
            "level": "info",
            "event": "job done",
            "job": "points\nexpire",
            "count": 3,
        }
    ]


def test_what_is_less_severe_than_asked_for_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("WARNING")

    log.info("job done")
    log.warning("LINE did not answer")
    log.error("handler failed")

    assert [entry["level"] for entry in logged(capsys)] == ["warning", "error"]


def test_entries_say_which_event_they_are_about_while_it_is_handled(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with log.about(event_id="order:1001"):
        log.info("inside")
    log.info("outside")

    assert [entry.get("event_id") for entry in logged(capsys)] == ["order:1001", None]


def test_an_exception_comes_with_its_traceback_in_the_same_line(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise LookupError("no such rank")
    except LookupError:
        log.exception("job failed", job="ranks")

    [entry] = logged(capsys)
    assert entry["level"] == "error"
    assert entry["exception"].endswith("LookupError: no such rank")


def test_a_value_that_json_does_not_know_is_written_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    log.info("order differs", fields={"total"})

    assert logged(capsys)[0]["fields"] == "{'total'}"
