"""DOOR. Takes events from the inbox, lets their handlers act, sends what they owe to LINE."""

import signal

from bot.line_client import LineClient
from bot.sender import Sender
from bot.starting import start
from bot.worker import Worker
from handlers import register
from rewards import rank_versions
from surveys.survey_settings import may_write_now


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    config = start(register)
    rank_versions.store_at_start()
    worker = Worker(Sender(LineClient(config), may_write_now=may_write_now))
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
