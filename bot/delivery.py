"""Decides what an answer of LINE means for the message it answers. Pure: values in, verdict out.

Sources: https://developers.line.biz/en/docs/messaging-api/retrying-api-request/ and
https://developers.line.biz/en/reference/messaging-api/#send-reply-message
"""

from dataclasses import dataclass
from datetime import timedelta

DUE, SENT, HELD, PARKED, DROPPED = "due", "sent", "held", "parked", "dropped"
RETRY_KEY_LIVES = timedelta(hours=24)
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
MOST_MENU_TRIES = 8
MOST_FETCHES = 150
"""Some 24 hours of trying, by `back_off`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE answered; status None when the connection failed or timed out."""

    status: int | None
    text: str = ""
    request_id: str | None = None

    @property
    def unsure(self) -> bool:
        """Whether LINE may have taken the call all the same."""
        return self.status is None or self.status >= 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """The message's next state."""

    state: str
    wait: timedelta | None = None
    in_doubt: bool = False
    sent_as: str | None = None
    push_now: bool = False
    """The reply token is of no use: push at once."""


def after_reply(answer: Answer, *, in_doubt: bool, token_lives: bool, attempt_count: int) -> Verdict:
    """A reply token works once. When an earlier try's fate is unknown, its refusal within its life is good news."""
    if answer.status == 200:
        return Verdict(SENT, sent_as="reply")
    if answer.unsure:
        return Verdict(DUE, wait=FIRST_WAIT, in_doubt=True)
    if answer.status == 429:
        return Verdict(DUE, wait=back_off(attempt_count), in_doubt=in_doubt)
    if answer.status == 400 and "invalid reply token" in answer.text.lower():
        if in_doubt and token_lives:
            return Verdict(SENT, sent_as="reply")
        return Verdict(DUE, push_now=True)
    return Verdict(PARKED)


def after_push(answer: Answer, *, age: timedelta, month_is_spent: bool, attempt_count: int) -> Verdict:
    """409 says that the same retry key was taken before: it went out. `age` is the time since the first try with
    this key that ended without a clear answer: once LINE has forgotten the key, a repetition may be a second copy.
    """
    if answer.status in (200, 409):
        return Verdict(SENT, sent_as="push")
    if answer.status == 429 and month_is_spent:
        return Verdict(HELD)
    if answer.unsure or answer.status == 429:
        if age > RETRY_KEY_LIVES:
            return Verdict(PARKED)
        return Verdict(DUE, wait=back_off(attempt_count), in_doubt=answer.unsure)
    return Verdict(PARKED)


def after_fetch(answer: Answer, *, attempt_count: int) -> Verdict:
    """A fetch changes nothing at LINE, so it may be repeated. 202: a video is still being prepared; 404, 410: it is
    there no more, or was taken back. A token that LINE refuses can be put right before the content is gone.
    https://developers.line.biz/en/reference/messaging-api/#get-content"""
    if answer.status == 200:
        return Verdict(SENT)
    again = answer.unsure or answer.status in (202, 401, 403, 429)
    if again and attempt_count < MOST_FETCHES:
        return Verdict(DUE, wait=back_off(attempt_count))
    return Verdict(DROPPED)


def after_menu(answer: Answer, *, attempt_count: int) -> Verdict:
    """To show a menu twice does no harm; one that LINE refuses (deleted meanwhile) is left to the clock's next look."""
    if answer.status == 200:
        return Verdict(SENT)
    if (answer.unsure or answer.status == 429) and attempt_count < MOST_MENU_TRIES:
        return Verdict(DUE, wait=back_off(attempt_count))
    return Verdict(DROPPED)


def back_off(attempt_count: int) -> timedelta:
    """2 s, 4 s, 8 s … to ten minutes."""
    doubled: int = 2 ** min(max(attempt_count - 1, 0), 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)
