"""DOOR. The web process: LINE's webhook, health, the orders API, public pages, the console.

`python app.py [ADDRESS]` serves it at PORT, on every address of this machine unless one is given.
"""

import sys
from collections.abc import Iterable
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from bot import conflicts, database, log, outages, patience, settings, webhook
from bot.health import health
from bot.readable_requests import readable
from bot.settings import Settings
from bot.starting import UNFIT, start
from console import web as console
from console.unavailable import OutlivesOutages
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
from serving.server import CannotListen, serve
from serving.wsgi import FromWsgi
from surveys import voices_page

LARGEST_UPLOAD_BYTES = 12_000_000
THREADS = 8
"""Python gains nothing from more, nor from a second process, on a small machine."""
LARGEST_ROW_NUMBER = 2**63 - 1


class RowNumber(IntegerConverter):
    """A number in an address; one that no table can hold leads nowhere."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ROW_NUMBER)


class Web(OutlivesOutages):
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
    config = start(register, config, migrated=False, limits=patience.WEB)
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
    app.wsgi_app = readable(app.wsgi_app)  # type: ignore[assignment, method-assign]
    _let_line_in_first(app)
    return app


def _let_line_in_first(app: Flask) -> None:
    """LINE's webhook passes by Flask: sessions, languages and limits are for people, and cost more than it does."""
    people = app.wsgi_app

    def wsgi_app(call: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen = webhook.application if call["PATH_INFO"] == "/callback" else people
        return chosen(call, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[assignment, method-assign]


def _drop_broken_connection(error: BaseException | None) -> None:
    """Threads keep their connection from request to request; one that failed is opened afresh."""
    if error is not None:
        database.forget_connection()


def _failed(error: Exception) -> int:
    """An answer that was begun could not be completed, a long table perhaps; its status."""
    database.forget_connection()
    if outages.report(error):
        return 503
    log.error("request failed", error=type(error).__name__)
    return 500


def main(address: str = "0.0.0.0") -> None:  # noqa: S104 -- a server is there to be reached
    """Serve until SIGTERM or SIGINT."""
    app = create_app()
    behind = FromWsgi(
        app.wsgi_app,
        threads=THREADS,
        largest_body_bytes=LARGEST_UPLOAD_BYTES,
        when_it_fails=_failed,
        quick={"/callback": webhook.without_thread},
    )
    try:
        serve(behind, address, settings.current().port)
    except CannotListen as lack:
        print(f"{lack} Stop what listens there, or choose another: PORT=8001", file=sys.stderr)
        sys.exit(UNFIT)


if __name__ == "__main__":
    main(*sys.argv[1:])
