"""The worker process: takes events from the inbox, has them handled, and sends what follows to LINE
(`bot/worker/`)."""

import signal

from bot.config import changed_settings
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
    """Run until SIGTERM or SIGINT; start again when an owner has changed a connection."""
    wait_for_settings("worker")
    config = start(register)
    versions.store_at_start()
    line = LineClient(config)
    sender = Sender(line, may_write_now=may_push_now, support=support_client(config))
    worker = Worker(sender, MulticastSender(line, sender.presence, campaign_calls.may_send, may_push_now))
    restart = changed_settings.Restart()

    def stop(*_: object) -> None:
        restart.cancel()
        worker.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    restart.watch(worker.stop)
    alerts = AlertSender()
    alerts.start()
    worker.run()
    alerts.stop()
    restart.go_on_if_due()


if __name__ == "__main__":
    main()
