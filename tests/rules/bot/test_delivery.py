"""What each response of LINE means for the call it answers, and which call comes next: bot/line/delivery.py as a
table."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.line.delivery import (
    DUE,
    HELD,
    NO_DOUBT,
    PARKED,
    PUSH,
    REPLY,
    SENT,
    Answer,
    DeliveryVerdict,
    Doubt,
    after_crash,
    after_push,
    after_reply,
    back_off,
    next_call,
)

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
SECONDS, HOURS = timedelta(seconds=1), timedelta(hours=1)
REFUSED_TOKEN = Answer(400, '{"message":"Invalid reply token"}')
RATE = Answer(429, '{"message":"The API rate limit has been exceeded. Try again later."}')
MONTH = Answer(429, '{"message":"You have reached your monthly limit."}')
TIMEOUT = Answer(None, "ReadTimeoutError")
UNSURE, REFUSED = Doubt(reply_unsure=True), Doubt(token_refused=True)
PUSHED_AT_NOON = Doubt(push_unsure_since=NOON)


@pytest.mark.parametrize(
    ("answer", "before", "token_lives", "verdict"),
    [
        pytest.param(Answer(200), NO_DOUBT, True, DeliveryVerdict(SENT, sent_as="reply"), id="taken"),
        pytest.param(
            Answer(200), UNSURE, True, DeliveryVerdict(SENT, sent_as="reply"), id="taken at the second try"
        ),
        pytest.param(Answer(500), NO_DOUBT, True, DeliveryVerdict(DUE, 2 * SECONDS, UNSURE), id="LINE broke"),
        pytest.param(Answer(503), UNSURE, True, DeliveryVerdict(DUE, 2 * SECONDS, UNSURE), id="LINE is away"),
        pytest.param(
            TIMEOUT, NO_DOUBT, True, DeliveryVerdict(DUE, 2 * SECONDS, UNSURE), id="no answer in time"
        ),
        pytest.param(RATE, NO_DOUBT, True, DeliveryVerdict(DUE, 2 * SECONDS), id="too many at once"),
        pytest.param(
            RATE, UNSURE, True, DeliveryVerdict(DUE, 2 * SECONDS, UNSURE), id="too many, still in doubt"
        ),
        pytest.param(
            REFUSED_TOKEN,
            NO_DOUBT,
            True,
            DeliveryVerdict(DUE, doubt=REFUSED, push_now=True),
            id="token of no use, no earlier call in doubt: push",
        ),
        pytest.param(
            REFUSED_TOKEN,
            UNSURE,
            True,
            DeliveryVerdict(SENT, sent_as="reply"),
            id="in doubt, token used up: it went out",
        ),
        pytest.param(
            REFUSED_TOKEN,
            UNSURE,
            False,
            DeliveryVerdict(DUE, doubt=Doubt(reply_unsure=True, token_refused=True), push_now=True),
            id="in doubt, token too old to find out: push",
        ),
        pytest.param(
            Answer(400, "May not be empty"), UNSURE, True, DeliveryVerdict(PARKED), id="our message is wrong"
        ),
        pytest.param(Answer(401), NO_DOUBT, True, DeliveryVerdict(PARKED), id="our access token is wrong"),
        pytest.param(
            Answer(403),
            UNSURE,
            True,
            DeliveryVerdict(PARKED, doubt=UNSURE),
            id="not allowed, may have gone out",
        ),
    ],
)
def test_a_reply(answer: Answer, before: Doubt, token_lives: bool, verdict: DeliveryVerdict) -> None:
    assert after_reply(answer, before, token_lives=token_lives, attempt_count=1) == verdict


@pytest.mark.parametrize(
    ("answer", "before", "month_is_spent", "verdict"),
    [
        pytest.param(Answer(200), NO_DOUBT, False, DeliveryVerdict(SENT, sent_as="push"), id="taken"),
        pytest.param(
            *(Answer(409), PUSHED_AT_NOON, False, DeliveryVerdict(SENT, sent_as="push")),
            id="taken before, under the same key",
        ),
        pytest.param(
            Answer(500), NO_DOUBT, False, DeliveryVerdict(DUE, 2 * SECONDS, PUSHED_AT_NOON), id="LINE broke"
        ),
        pytest.param(
            *(TIMEOUT, REFUSED, False),
            DeliveryVerdict(DUE, 2 * SECONDS, Doubt(token_refused=True, push_unsure_since=NOON)),
            id="no answer in time; the token stays refused",
        ),
        pytest.param(
            *(TIMEOUT, Doubt(push_unsure_since=NOON - HOURS), False),
            DeliveryVerdict(DUE, 2 * SECONDS, Doubt(push_unsure_since=NOON - HOURS)),
            id="still no answer: the key counts from the first call",
        ),
        pytest.param(RATE, NO_DOUBT, False, DeliveryVerdict(DUE, 2 * SECONDS), id="too many at once"),
        pytest.param(MONTH, NO_DOUBT, True, DeliveryVerdict(HELD), id="the month's messages are used up"),
        pytest.param(
            *(MONTH, PUSHED_AT_NOON, True, DeliveryVerdict(HELD, doubt=PUSHED_AT_NOON)),
            id="used up, and an earlier call may have been taken",
        ),
        pytest.param(Answer(400), PUSHED_AT_NOON, False, DeliveryVerdict(PARKED), id="our message is wrong"),
        pytest.param(Answer(403), NO_DOUBT, False, DeliveryVerdict(PARKED), id="not allowed"),
        pytest.param(Answer(404), NO_DOUBT, False, DeliveryVerdict(PARKED), id="no such address"),
    ],
)
def test_a_push(answer: Answer, before: Doubt, month_is_spent: bool, verdict: DeliveryVerdict) -> None:
    assert after_push(answer, before, now=NOON, month_is_spent=month_is_spent, attempt_count=1) == verdict


@pytest.mark.parametrize(
    ("doubt", "token_until", "call"),
    [
        pytest.param(NO_DOUBT, NOON + SECONDS, REPLY, id="a reply is free"),
        pytest.param(UNSURE, NOON + SECONDS, REPLY, id="its second attempt shows the outcome of the first"),
        pytest.param(REFUSED, NOON + SECONDS, PUSH, id="a refused token is never tried again"),
        pytest.param(NO_DOUBT, NOON, PUSH, id="the token's life is over"),
        pytest.param(NO_DOUBT, None, PUSH, id="nobody asked"),
        pytest.param(Doubt(push_unsure_since=NOON - 23 * HOURS), None, PUSH, id="LINE knows the key"),
        pytest.param(Doubt(push_unsure_since=NOON - 24 * HOURS), None, None, id="LINE has forgotten the key"),
        pytest.param(
            Doubt(push_unsure_since=NOON - 24 * HOURS + 300 * SECONDS),
            None,
            None,
            id="LINE may have forgotten it",
        ),
    ],
)
def test_the_next_call(doubt: Doubt, token_until: datetime | None, call: str | None) -> None:
    assert next_call(doubt, token_until, NOON) == call


@pytest.mark.parametrize(
    ("before", "has_token", "after"),
    [
        (NO_DOUBT, True, Doubt(reply_unsure=True, push_unsure_since=NOON)),
        (NO_DOUBT, False, PUSHED_AT_NOON),
        (REFUSED, True, Doubt(token_refused=True, push_unsure_since=NOON)),
        (Doubt(push_unsure_since=NOON - HOURS), False, Doubt(push_unsure_since=NOON - HOURS)),
    ],
)
def test_a_crash(before: Doubt, has_token: bool, after: Doubt) -> None:
    assert after_crash(before, has_token=has_token, taken_at=NOON) == after


def test_waits_double_up_to_ten_minutes() -> None:
    waits = [back_off(attempt).total_seconds() for attempt in (0, 1, 2, 3, 4, 9, 10, 500)]
    assert waits == [2, 2, 4, 8, 16, 512, 600, 600]
