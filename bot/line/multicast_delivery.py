"""Interprets LINE's answers to a multicast: what becomes of the call. Pure: values in, verdict out.

Storing the verdict is left to `bot/queue/multicast_leases.py`, calling to `bot/worker/multicast_sender.py`.
"""

MOST_RECIPIENTS = 500
"""https://developers.line.biz/en/reference/messaging-api/#send-multicast-message"""
DUE, SENT, FAILED, PARKED, DISSOLVED, SPLIT = "due", "sent", "failed", "parked", "dissolved", "split"

QUOTA, FORBIDDEN, TOO_OLD, EMPTY, REPLAY = "quota", "forbidden", "too-old", "empty", "replay"
"""Why a multicast is dissolved: LINE's month has too few messages left; it may not be sent now (stopped, quiet hours);
it was not accepted within ten minutes; every recipient has blocked the shop meanwhile; a person repeats one that was
parked."""
REFUSED, IN_DOUBT = "refused", "in-doubt"
"""Why a multicast is parked: LINE refused it for all; LINE may have accepted it a day ago."""
