"""What each answer of LINE means for the message it answers: bot/delivery.py as a table."""

from datetime import timedelta

import pytest

from bot.delivery import DUE, HELD, PARKED, SENT, Answer, Verdict, after_push, after_reply, back_off

SECONDS = timedelta(seconds=1)
REFUSED_TOKEN = Answer(400, '{"message":"Invalid reply token"}')
RATE = Answer(429, '{"message":"The API rate limit has been exceeded. Try again later."}')
MONTH = Answer(429, '{"message":"You have reached your monthly limit."}')
TIMEOUT = Answer(None, "ReadTimeoutError")


@pytest.mark.parametrize(
    ("answer", "in_doubt", "token_lives", "verdict"),
    [
        pytest.param(Answer(200), False, True, Verdict(SENT, sent_as="reply"), id="taken"),
        pytest.param(Answer(200), True, True, Verdict(SENT, sent_as="reply"), id="taken at the second try"),
        pytest.param(Answer(500), False, True, Verdict(DUE, 2 * SECONDS, in_doubt=True), id="LINE broke"),
        pytest.param(Answer(503), True, True, Verdict(DUE, 2 * SECONDS, in_doubt=True), id="LINE is away"),
        pytest.param(TIMEOUT, False, True, Verdict(DUE, 2 * SECONDS, in_doubt=True), id="no answer in time"),
        pytest.param(RATE, False, True, Verdict(DUE, 2 * SECONDS), id="too many at once"),
        pytest.param(
            RATE, True, True, Verdict(DUE, 2 * SECONDS, in_doubt=True), id="too many, still in doubt"
        ),
        pytest.param(
            REFUSED_TOKEN,
            False,
            True,
            Verdict(DUE, push_now=True),
            id="token of no use, nothing tried before: push",
        ),
        pytest.param(
            REFUSED_TOKEN,
            True,
            True,
            Verdict(SENT, sent_as="reply"),
            id="in doubt, token used up: it went out",
        ),
        pytest.param(
            REFUSED_TOKEN,
            True,
            False,
            Verdict(DUE, push_now=True),
            id="in doubt, token too old to tell: push",
        ),
        pytest.param(
            Answer(400, "May not be empty"), False, True, Verdict(PARKED), id="our message is wrong"
        ),
        pytest.param(Answer(401), False, True, Verdict(PARKED), id="our access token is wrong"),
        pytest.param(Answer(403), True, True, Verdict(PARKED), id="not allowed"),
    ],
)
def test_a_reply(answer: Answer, in_doubt: bool, token_lives: bool, verdict: Verdict) -> None:
    assert after_reply(answer, in_doubt=in_doubt, token_lives=token_lives, attempt_count=1) == verdict


@pytest.mark.parametrize(
    ("answer", "month_is_spent", "verdict"),
    [
        pytest.param(Answer(200), False, Verdict(SENT, sent_as="push"), id="taken"),
        pytest.param(
            Answer(409), False, Verdict(SENT, sent_as="push"), id="taken before, under the same key"
        ),
        pytest.param(Answer(500), False, Verdict(DUE, 2 * SECONDS, in_doubt=True), id="LINE broke"),
        pytest.param(TIMEOUT, False, Verdict(DUE, 2 * SECONDS, in_doubt=True), id="no answer in time"),
        pytest.param(RATE, False, Verdict(DUE, 2 * SECONDS), id="too many at once"),
        pytest.param(MONTH, True, Verdict(HELD), id="the month's messages are used up"),
        pytest.param(Answer(400), False, Verdict(PARKED), id="our message is wrong"),
        pytest.param(Answer(403), False, Verdict(PARKED), id="not allowed"),
        pytest.param(Answer(404), False, Verdict(PARKED), id="no such address"),
    ],
)
def test_a_push(answer: Answer, month_is_spent: bool, verdict: Verdict) -> None:
    assert after_push(answer, age=timedelta(), month_is_spent=month_is_spent, attempt_count=1) == verdict


@pytest.mark.parametrize("answer", [Answer(500), TIMEOUT, RATE])
def test_a_push_is_given_up_once_line_has_forgotten_its_key(answer: Answer) -> None:
    late = after_push(answer, age=timedelta(hours=25), month_is_spent=False, attempt_count=9)
    assert late == Verdict(PARKED)


def test_waits_double_up_to_ten_minutes() -> None:
    waits = [back_off(attempt).total_seconds() for attempt in (0, 1, 2, 3, 4, 9, 10, 500)]
    assert waits == [2, 2, 4, 8, 16, 512, 600, 600]
