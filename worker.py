"""The worker process: takes events from the inbox, has them handled, and sends what follows to LINE
(`bot/worker/`)."""

import signal

from bot.line.client import LineClient, support_client
from bot.starting import start, wait_for_settings
from bot.worker.multicast_sender import MulticastSender
from bot.worker.sender import Sender
from bot.worker.worker import Worker
from console.notifications.sender import AlertSender
from handlers import campaign_calls, register
from journeys.sending.settings import may_push_now
from rewards.ranks import versions


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    wait_for_settings("worker")
    config = start(register)
    versions.store_at_start()
    line = LineClient(config)
    sender = Sender(line, may_write_now=may_push_now, support=support_client(config))
    worker = Worker(sender, MulticastSender(line, sender.presence, campaign_calls.may_send, may_push_now))
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: worker.stop())
    alerts = AlertSender()
    alerts.start()
    worker.run()
    alerts.stop()


if __name__ == "__main__":
    main()
