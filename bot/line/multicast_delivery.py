"""Interprets LINE's answers to a multicast: what becomes of the call. Pure: values in, verdict out.

Storing the verdict is left to `bot/queue/multicast_leases.py`, calling to `bot/worker/multicast_sender.py`.

Source: https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.line import delivery
from bot.line.delivery import HELD, RETRY_KEY_LIVES, RETRY_KEY_SLACK, Answer, Doubt, back_off

MOST_RECIPIENTS = 500
"""https://developers.line.biz/en/reference/messaging-api/#send-multicast-message"""
DUE, SENT, FAILED, PARKED, DISSOLVED, SPLIT = "due", "sent", "failed", "parked", "dissolved", "split"

QUOTA, FORBIDDEN, TOO_OLD, EMPTY, REPLAY = "quota", "forbidden", "too-old", "empty", "replay"
"""Why a multicast is dissolved: LINE's month has too few messages left; it may not be sent now (stopped, quiet hours);
it was not accepted within ten minutes; every recipient has blocked the shop meanwhile; a person repeats one that was
parked."""
REFUSED, IN_DOUBT = "refused", "in-doubt"
"""Why a multicast is parked: LINE refused it for all; LINE may have accepted it a day ago."""
LATEST = timedelta(minutes=10)
"""A multicast that LINE has not accepted so long after its creation is dissolved: recipients may have opted out
meanwhile."""
ASKED_AGAIN = timedelta(minutes=1)
"""When a multicast that may not be sent now, but cannot be dissolved either, is examined again."""


@dataclass(frozen=True, slots=True)
class MulticastVerdict:
    """The multicast's next state."""

    state: str
    reason: str = ""
    wait: timedelta | None = None
    """Until the next try, of one that stays due."""
    unsure_since: datetime | None = None


def before_call(
    *,
    created_at: datetime,
    unsure_since: datetime | None,
    is_allowed: bool,
    recipient_count: int,
    now: datetime,
) -> MulticastVerdict | None:
    """None when it is to be sent now. One that LINE may have accepted already is never dissolved: it goes on with its
    retry key while LINE remembers that."""
    if unsure_since is not None:
        if now - unsure_since >= RETRY_KEY_LIVES - RETRY_KEY_SLACK:
            return MulticastVerdict(PARKED, IN_DOUBT, unsure_since=unsure_since)
        return None if is_allowed else MulticastVerdict(DUE, wait=ASKED_AGAIN, unsure_since=unsure_since)
    if recipient_count == 0:
        return MulticastVerdict(DISSOLVED, EMPTY)
    if now - created_at > LATEST:
        return MulticastVerdict(DISSOLVED, TOO_OLD)
    return None if is_allowed else MulticastVerdict(DISSOLVED, FORBIDDEN)


def after_call(
    answer: Answer,
    *,
    unsure_since: datetime | None,
    now: datetime,
    month_is_spent: bool,
    attempt_count: int,
) -> MulticastVerdict:
    """The verdict on LINE's answer, except for 400, which `after_refusal` settles."""
    doubt = Doubt(push_unsure_since=unsure_since)
    as_push = delivery.after_push(
        answer, doubt, now=now, month_is_spent=month_is_spent, attempt_count=attempt_count
    )
    unsure_since = as_push.doubt.push_unsure_since
    if as_push.state == HELD and unsure_since is not None:
        # An earlier call may have used the month's last messages.
        return MulticastVerdict(DUE, wait=back_off(attempt_count), unsure_since=unsure_since)
    if as_push.state == HELD:
        return MulticastVerdict(DISSOLVED, QUOTA)
    reason = REFUSED if as_push.state == PARKED else ""
    return MulticastVerdict(as_push.state, reason, as_push.wait, unsure_since)


def after_refusal(check: Answer, *, recipient_count: int, attempt_count: int) -> MulticastVerdict:
    """The verdict on a refusal with 400, by LINE's answer to the question whether the messages are right. If they are,
    it refuses a recipient: the call is split until that one stands alone. None of them has got anything, since what is
    wrong in this call was wrong in each one before."""
    if check.status == 200:
        return MulticastVerdict(SPLIT if recipient_count > 1 else FAILED)
    if check.unsure or check.status == 429:
        return MulticastVerdict(DUE, wait=back_off(attempt_count))
    return MulticastVerdict(PARKED, REFUSED)
