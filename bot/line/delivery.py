"""Interprets LINE's answer to a call, and says which call comes next. Pure: values in, verdict out.

A message may need several calls: a reply that nobody answered, another try, a push. What LINE did with
one of them may stay unknown, so `Doubt` notes that for replies and pushes separately. When to call is left
to `bot/worker/chat_queues.py`, calling to `bot/worker/sender.py`.

Sources: https://developers.line.biz/en/docs/messaging-api/retrying-api-request/ and
https://developers.line.biz/en/reference/messaging-api/#send-reply-message
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

DUE, SENT, HELD, PARKED, DROPPED = "due", "sent", "held", "parked", "dropped"
IN_A_CALL = "in-a-call"
"""Part of a multicast that is not settled yet (`bot/queue/multicasts.py`)."""
REPLY, PUSH = "reply", "push"
RETRY_KEY_LIVES = timedelta(hours=24)
"""Since LINE accepted the first call with that key."""
RETRY_KEY_SLACK = timedelta(minutes=10)
"""A key is used for this much less: LINE accepted the first call before its missing answer was noted, and
clocks differ."""
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
MOST_MENU_TRIES = 8
MOST_FETCHES = 150
"""About 24 hours of tries, by `back_off`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE answered; status None when the connection failed or timed out."""

    status: int | None
    text: str = ""
    request_id: str | None = None

    @property
    def unsure(self) -> bool:
        """Whether LINE may have accepted the call all the same."""
        return self.status is None or self.status >= 500


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is unknown of the calls made for one message so far."""

    reply_unsure: bool = False
    """A call with the reply token ended without an answer that says whether LINE accepted it."""
    token_refused: bool = False
    """LINE refused the reply token: it is never tried again."""
    push_unsure_since: datetime | None = None
    """Since when a push with this retry key may have been accepted without our knowing."""

    @property
    def is_any(self) -> bool:
        """Whether the customer may have the message already."""
        return self.reply_unsure or self.push_unsure_since is not None


NO_DOUBT = Doubt()


@dataclass(frozen=True, slots=True)
class DeliveryVerdict:
    """The message's next state, and what to do now."""

    state: str
    wait: timedelta | None = None
    doubt: Doubt = NO_DOUBT
    sent_as: str | None = None
    push_now: bool = False
    """The reply token can no longer be used: push at once."""


def next_call(doubt: Doubt, token_until: datetime | None, now: datetime) -> str | None:
    """REPLY while the token can be used, else PUSH. None when a push may have been accepted so long ago that
    LINE has forgotten its key: one more call could be a second copy, so a person must decide. `token_until`
    is None without a token."""
    if token_until is not None and now < token_until and not doubt.token_refused:
        return REPLY
    since = doubt.push_unsure_since
    if since is not None and now - since >= RETRY_KEY_LIVES - RETRY_KEY_SLACK:
        return None
    return PUSH


def after_reply(answer: Answer, doubt: Doubt, *, token_lives: bool, attempt_count: int) -> DeliveryVerdict:
    """The verdict on a reply; `token_lives` says whether the token was still valid when LINE answered.

    A reply token works once. When the outcome of an earlier call with it is unknown, its refusal while it is
    valid says that the earlier call used it: the message was delivered. After its end the refusal says
    nothing, and the message is pushed: it may come twice, which is better than never.
    """
    if answer.status == 200:
        return DeliveryVerdict(SENT, sent_as=REPLY)
    if answer.unsure:
        return DeliveryVerdict(DUE, wait=FIRST_WAIT, doubt=replace(doubt, reply_unsure=True))
    if answer.status == 429:
        return DeliveryVerdict(DUE, wait=back_off(attempt_count), doubt=doubt)
    if answer.status == 400 and "invalid reply token" in answer.text.lower():
        if doubt.reply_unsure and token_lives:
            return DeliveryVerdict(SENT, sent_as=REPLY)
        return DeliveryVerdict(DUE, doubt=replace(doubt, token_refused=True), push_now=True)
    return _refused(answer, doubt)


def after_push(
    answer: Answer, doubt: Doubt, *, now: datetime, month_is_spent: bool, attempt_count: int
) -> DeliveryVerdict:
    """The verdict on a push. 409 says that the same retry key was accepted before: the message was delivered."""
    if answer.status in (200, 409):
        return DeliveryVerdict(SENT, sent_as=PUSH)
    if answer.unsure:
        unsure = replace(doubt, push_unsure_since=doubt.push_unsure_since or now)
        return DeliveryVerdict(DUE, wait=back_off(attempt_count), doubt=unsure)
    if answer.status == 429:
        if month_is_spent:
            return DeliveryVerdict(HELD, doubt=doubt)
        return DeliveryVerdict(DUE, wait=back_off(attempt_count), doubt=doubt)
    return _refused(answer, doubt)


def second_account_cannot(answer: Answer, doubt: Doubt, *, month_is_spent: bool) -> bool:
    """Whether the main account must send what the second one was to push: the customer is no friend of the
    second one, its token or its month's messages are at an end. Never when an earlier push may have been
    accepted, which only the refusal of the receiver rules out."""
    if is_no_friend(answer):
        return True
    is_at_end = answer.status in (401, 403) or (answer.status == 429 and month_is_spent)
    return is_at_end and doubt.push_unsure_since is None


def is_no_friend(answer: Answer) -> bool:
    """Whether LINE refused a push because its receiver is no friend of the account.
    https://developers.line.biz/en/reference/messaging-api/#send-push-message"""
    return answer.status == 400 and "failed to send messages" in answer.text.lower()


def after_crash(doubt: Doubt, *, has_token: bool, taken_at: datetime) -> Doubt:
    """What is unknown after the process that took the message at `taken_at` died: it may have made any call.
    Only a reply is ruled out once the token's refusal is stored, which happens before the push that follows."""
    return Doubt(
        reply_unsure=doubt.reply_unsure or (has_token and not doubt.token_refused),
        token_refused=doubt.token_refused,
        push_unsure_since=doubt.push_unsure_since or taken_at,
    )


def _refused(answer: Answer, doubt: Doubt) -> DeliveryVerdict:
    """The verdict on a refusal. What LINE finds wrong in a message (400) was wrong in each call before, so
    none was accepted."""
    return DeliveryVerdict(PARKED, doubt=NO_DOUBT if answer.status == 400 else doubt)


def after_fetch(answer: Answer, *, attempt_count: int) -> DeliveryVerdict:
    """The verdict on a fetch, which changes nothing at LINE and may be repeated. 202: a video is still being
    prepared; 404, 410: it is gone or was unsent. A refused access token can be corrected before the content
    is gone.
    https://developers.line.biz/en/reference/messaging-api/#get-content"""
    if answer.status == 200:
        return DeliveryVerdict(SENT)
    again = answer.unsure or answer.status in (202, 401, 403, 429)
    if again and attempt_count < MOST_FETCHES:
        return DeliveryVerdict(DUE, wait=back_off(attempt_count))
    return DeliveryVerdict(DROPPED)


def after_menu(answer: Answer, *, attempt_count: int) -> DeliveryVerdict:
    """The verdict on showing a menu, which may be repeated. One that LINE refuses (deleted meanwhile) is left
    to the clock's next check."""
    if answer.status == 200:
        return DeliveryVerdict(SENT)
    if (answer.unsure or answer.status == 429) and attempt_count < MOST_MENU_TRIES:
        return DeliveryVerdict(DUE, wait=back_off(attempt_count))
    return DeliveryVerdict(DROPPED)


def back_off(attempt_count: int) -> timedelta:
    """The wait before the next try: 2 s, 4 s, 8 s … to ten minutes."""
    doubled: int = 2 ** min(max(attempt_count - 1, 0), 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)
