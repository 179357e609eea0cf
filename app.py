"""DOOR. The web process: LINE's webhook, health, the orders API, public pages, the console."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from bot import conflicts, database
from bot.health import health
from bot.settings import Settings
from bot.starting import start
from bot.webhook import webhook
from console import web as console
from customers import api_links  # noqa: F401 — its pages are in the API by being imported
from customers.api import api
from customers.shopify_door import shopify_webhooks
from handlers import register
from rewards import (
    ledger,
    login_pages,  # noqa: F401 — its pages are public by being imported
)
from rewards.coupon_api import coupon_api
from rewards.public_pages import public_pages
from surveys import voices_page

LARGEST_UPLOAD_BYTES = 12_000_000
LARGEST_ROW_NUMBER = 2**63 - 1


class RowNumber(IntegerConverter):
    """A number in an address; one that no table can hold leads nowhere."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ROW_NUMBER)


class Web(Flask):
    """Does a request once more that PostgreSQL undid for the sake of another: nobody outside hears of it."""

    def dispatch_request(self) -> ResponseReturnValue:
        """As Flask's."""

        def answer() -> ResponseReturnValue:
            for file in request.files.values():
                file.stream.seek(0)
            return super(Web, self).dispatch_request()

        return conflicts.again(answer)


def create_app(config: Settings | None = None) -> Flask:
    """The WSGI application. It answers before the tables are up to date: /readyz then says what is missing."""
    config = start(register, config, migrated=False)
    app = Web(__name__, static_folder=None)
    app.url_map.converters["int"] = RowNumber
    app.config.update(SECRET_KEY=config.secret_key, MAX_CONTENT_LENGTH=LARGEST_UPLOAD_BYTES)
    voices = voices_page.pages(ledger.points_given)
    for blueprint in (health, api, shopify_webhooks, coupon_api, public_pages, voices):
        app.register_blueprint(blueprint)
    console.init_app(app)
    app.teardown_appcontext(_drop_broken_connection)
    if config.trusted_proxy_count:
        proxies = config.trusted_proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    _let_line_in_first(app)
    return app


def _let_line_in_first(app: Flask) -> None:
    """LINE's webhook passes by sessions, languages and limits, which are for people and cost as much as it does."""
    plain = Web("webhook", static_folder=None)
    plain.register_blueprint(webhook)
    plain.teardown_appcontext(_drop_broken_connection)
    people = app.wsgi_app

    def wsgi_app(request: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen = plain.wsgi_app if request["PATH_INFO"] == "/callback" else people
        return chosen(request, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[assignment, method-assign]


def _drop_broken_connection(error: BaseException | None) -> None:
    """Threads keep their connection from request to request; one that failed is opened afresh."""
    if error is not None:
        database.forget_connection()
