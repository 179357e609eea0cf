"""Sends alerts: decides which devices get each, and calls their push services; a thread of the worker.

Nothing is sent inside a transaction: rows are leased, the calls made, their outcomes recorded. Several workers share
the rows.
"""

import threading
from typing import Any

from bot import localtime, log
from bot.db import conflicts, database
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from bot.web_push.answers import verdict
from bot.web_push.client import PushClient, PushMessage, Urgency
from console.auth import push_devices as devices
from console.auth.push_devices import PushDevice
from console.auth.staff_accounts import Staff
from console.notifications import deliveries, recipients, still_true
from console.notifications.deliveries import AlertDelivery
from console.notifications.payload import content, topic_of
from customers.people import staff_lines
from support.alerts import alerts, sentences
from support.alerts.alerts import StaffAlert
from support.alerts.rules import STALE_AFTER, Kind, Occasion
from support.tickets import queues

PAUSE_SECONDS, AFTER_FAULT_SECONDS, LONGEST_STOP_SECONDS = 1.0, 5.0, 3.0


class AlertSender:
    """The thread, from `start` to `stop`."""

    def __init__(self, client: PushClient | None = None) -> None:
        self._client = client or PushClient()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End soon. A call in progress that takes longer is made again by the next process."""
        self._stopping.set()
        self._thread.join(timeout=LONGEST_STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            pause = PAUSE_SECONDS
            try:
                send_due(self._client, self._stopping)
            except Exception as error:  # the database may be away for a moment: the rows are still there
                if not conflicts.is_conflict(error):
                    log.exception("sending alerts failed")
                    database.forget_connection()
                pause = AFTER_FAULT_SECONDS
            self._stopping.wait(pause)
        database.close()


def send_due(client: PushClient, stopping: threading.Event | None = None) -> int:
    """Address new alerts, and send what is due to devices; how many calls were made."""
    for alert in alerts.to_address():
        with write_transaction():
            if alerts.take_to_address(alert.id):
                _address(alert)
    count = 0
    for delivery in deliveries.due():
        if stopping is not None and stopping.is_set():
            break
        count += _send(client, delivery)
    return count


def _address(alert: StaffAlert) -> None:
    """Store which devices get the alert, and who gets it on their own LINE."""
    if not still_true.is_still_true(alert):
        return
    found = recipients.of(alert)
    for device in devices.live_of([each.staff_id for each in found if each.ways.push]):
        deliveries.put(alert.id, device.id, alert.made_at)
    for each in found:
        if each.ways.own_line:
            _to_own_line(alert, each.staff_id, each.language)


def _to_own_line(alert: StaffAlert, staff_id: int, language: str) -> None:
    """Have it said to the person's own LINE, if they chose one, by `handlers/staff_alerts.py`."""
    customer = staff_lines.of_staff(staff_id)
    if customer is None or customer.line_user_id is None:
        return
    inbox.put(
        event_kinds.STAFF_ALERT_RAISED,
        f"staff-alert:{alert.id}:{staff_id}",
        customer.line_user_id,
        {
            "text": sentences.sentence(Occasion(alert.occasion), Kind(alert.kind), language),
            "ticket_id": alert.ticket_id,
            "until": (alert.made_at + STALE_AFTER).isoformat(),
        },
        line_user_id=customer.line_user_id,
    )


def _send(client: PushClient, delivery: AlertDelivery) -> int:
    device = PushDevice.get_or_none(PushDevice.id == delivery.device_id)
    message = message_of(delivery, device) if device is not None and devices.is_live(device) else None
    with write_transaction():
        if message is None or device is None:
            deliveries.drop(delivery.id)
            return 0
        if not deliveries.take(delivery):
            return 0
    answer = client.send(device.subscription, message)
    decided = verdict(answer.status, delivery.attempt_count + 1, answer.retry_after)
    if answer.status is None or answer.status >= 300:
        log.warning("a push service took no alert", device=device.id, status=answer.status)
    with write_transaction():
        deliveries.record(delivery, decided, answer.status)
    return 1


def message_of(delivery: AlertDelivery, device: PushDevice) -> PushMessage | None:
    """What is pushed; None when it is not worth sending any more."""
    person: Any = Staff.get_or_none(Staff.id == device.staff_id)
    if person is None:
        return None
    if delivery.alert_id is None:
        left = STALE_AFTER - (localtime.machine_now() - delivery.made_at)
        words = sentences.sentence_of_a_check(person.language)
        payload = content(words, "/console/notifications", f"test-{delivery.id}")
        return PushMessage(payload, left, "test", Urgency.HIGH) if left.total_seconds() > 0 else None
    alert: StaffAlert = StaffAlert.get_by_id(delivery.alert_id)
    if not still_true.is_still_true(alert):
        return None
    kind = Kind(alert.kind)
    return PushMessage(
        content(
            sentences.sentence(Occasion(alert.occasion), kind, person.language),
            f"/console/tickets/{alert.ticket_id}",
            topic_of(alert),
            queues.waiting_count(),
        ),
        STALE_AFTER - (localtime.now() - alert.made_at),
        topic_of(alert),
        Urgency.HIGH if kind in (Kind.URGENT, Kind.MINE) else Urgency.NORMAL,
    )
