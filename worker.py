"""DOOR. Takes events from the inbox, lets their handlers act, sends what they owe to LINE."""

import signal
import sys

from handlers import register

from bot import database, log, settings, shop
from bot.line_client import LineClient
from bot.sender import Sender
from bot.worker import Worker


def main() -> int:
    """Run until SIGTERM or SIGINT; 2 when the environment is not fit to start."""
    try:
        config = settings.use(settings.load())
        log.configure(config.log_level)
        register()
        shop.load(config.shop_toml)
        database.connect(config.database_url)
        if database.pending_migrations():
            raise database.DatabaseUnfit("The tables are not up to date. Run: python manage.py migrate")
    except (settings.SettingsError, shop.ShopFileError, database.DatabaseUnfit) as unfit:
        print(unfit, file=sys.stderr)
        return 2
    worker = Worker(Sender(LineClient(config)))
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: worker.stop())
    worker.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
