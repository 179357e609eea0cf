"""DOOR. The web process: LINE's webhook, health, the API, the console, public pages."""

import sys

from flask import Flask

from bot import database, log, settings, shop
from bot.health import health
from bot.webhook import LARGEST_BODY_BYTES, webhook


def create_app(config: settings.Settings | None = None) -> Flask:
    """The WSGI application; leaves with a sentence when the environment is not fit to start."""
    try:
        config = settings.use(config or settings.load())
        log.configure(config.log_level)
        shop.load(config.shop_toml)
        database.connect(config.database_url)
    except (settings.SettingsError, shop.ShopFileError, database.DatabaseUnfit) as unfit:
        print(unfit, file=sys.stderr)
        raise SystemExit(2) from None
    app = Flask(__name__)
    app.config.update(SECRET_KEY=config.secret_key, MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES * 12)
    app.register_blueprint(webhook)
    app.register_blueprint(health)
    app.teardown_appcontext(_drop_broken_connection)
    return app


def _drop_broken_connection(error: BaseException | None) -> None:
    """Threads keep their connection from request to request; one that failed is opened afresh."""
    if error is not None:
        database.close()
