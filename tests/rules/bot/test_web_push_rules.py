"""What push services' answers mean, and which addresses are called."""

from datetime import timedelta

import pytest

from bot.web_push.answers import MOST_ATTEMPTS, Outcome, Verdict, verdict
from bot.web_push.endpoints import may_be_called


@pytest.mark.parametrize(
    ("status", "attempts", "retry_after", "expected"),
    [
        (201, 1, None, Verdict(Outcome.SENT)),
        (202, 3, None, Verdict(Outcome.SENT)),
        (404, 1, None, Verdict(Outcome.GONE)),
        (410, 1, None, Verdict(Outcome.GONE)),
        (400, 1, None, Verdict(Outcome.FAILED)),
        (403, 1, None, Verdict(Outcome.FAILED)),
        (413, 1, None, Verdict(Outcome.FAILED)),
        (301, 1, None, Verdict(Outcome.FAILED)),
        (None, 1, None, Verdict(Outcome.AGAIN, timedelta(seconds=5))),
        (503, 2, None, Verdict(Outcome.AGAIN, timedelta(seconds=10))),
        (429, 1, "120", Verdict(Outcome.AGAIN, timedelta(seconds=120))),
        (429, 1, "1", Verdict(Outcome.AGAIN, timedelta(seconds=5))),
        (429, 1, "Wed, 21 Oct 2026 07:28:00 GMT", Verdict(Outcome.AGAIN, timedelta(seconds=5))),
        (500, MOST_ATTEMPTS - 1, None, Verdict(Outcome.AGAIN, timedelta(seconds=320))),
        (500, MOST_ATTEMPTS, None, Verdict(Outcome.FAILED)),
    ],
)
def test_what_an_answer_means(
    status: int | None, attempts: int, retry_after: str | None, expected: Verdict
) -> None:
    assert verdict(status, attempts, retry_after) == expected


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://push.example.com/fcm/send/abc:def",
        "https://updates.push.services.example.com/wpush/v2/gAAA",
        "https://web.push.example.com/QGu",
        "https://wns2-par02p.notify.example.com:443/w/?token=BQYA",
    ],
)
def test_push_services_are_called(endpoint: str) -> None:
    assert may_be_called(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://push.example.com/fcm/send/abc",
        "https://127.0.0.1/push",
        "https://[::1]/push",
        "https://10.0.0.8/push",
        "https://localhost/push",
        "https://database.internal/",
        "https://printer.local/",
        "https://push.example.com:8443/",
        "https://user:word@push.example.com/",
        "https://push.example.com/#x",
        "https://push.example.com/ x",
        "https://push.example.com/" + "x" * 1000,
        "https://[half/",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_other_addresses_are_not(endpoint: str) -> None:
    assert not may_be_called(endpoint)


def test_the_demo_may_use_this_machine() -> None:
    assert may_be_called("http://127.0.0.1:8123/push/x", local=True)
    assert not may_be_called("http://10.0.0.8/push/x", local=True)
