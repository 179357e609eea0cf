"""DOOR. The web process: LINE's webhook, health, the orders API, public pages, the console."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import peewee
from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from bot import database, proxy_notice, visitor_limits
from bot.health import health
from bot.settings import Settings
from bot.starting import start
from bot.visitor_limits import Allowance, Busy
from bot.webhook import webhook
from console import web as console
from customers import (
    api_door,
    api_links,  # noqa: F401 — its pages are in the API by being imported
    shopify_door,
)
from customers.api import api
from customers.shopify_door import shopify_webhooks
from handlers import register
from rewards import (
    ledger,
    login_pages,  # noqa: F401 — its pages are public by being imported
)
from rewards.coupon_api import coupon_api
from rewards.public_pages import public_pages
from rewards.words import words
from surveys import voices_page

LARGEST_UPLOAD_BYTES = 12_000_000
HTTPS_SECONDS = 365 * 24 * 3600
PAGES = Allowance("pages", 600)
PICTURES = Allowance("pictures", 1_200)
"""QR codes and the like: LINE's own servers fetch them for many customers."""
LOGINS = Allowance("logins", 300)
DESK = Allowance("console", 6_000)
"""Ten people of one office, whose pages ask for news every two seconds."""
ENTRANCE = Allowance("sign-in", 120)
ORDERS = Allowance("api", 60, visitor_limits.refused, api_door.too_many_refused)
SHOPIFY = Allowance("shopify", 60, visitor_limits.refused, shopify_door.too_many_refused)
VISITORS: dict[str, Allowance | None] = {
    "health": None,
    **dict.fromkeys(
        ("rewards.invitation_qr", "rewards.link_qr", "rewards.coupon_qr", "rewards.member_card"), PICTURES
    ),
    "voices.picture": PICTURES,
    **dict.fromkeys(("rewards.join", "rewards.come_back", "rewards.joined"), LOGINS),
    **dict.fromkeys(
        ("console.sign_in", "console.second_step", "console.demo_sign_in", "console.join"), ENTRANCE
    ),
    "console": DESK,
    **dict.fromkeys(("api", "coupon_api"), ORDERS),
    "api.show_openapi": PAGES,
    "shopify": SHOPIFY,
}
"""How often one visitor may ask, by endpoint or blueprint; all else as for pages. See docs/operations.md."""
LARGEST_ROW_NUMBER = 2**63 - 1


class RowNumber(IntegerConverter):
    """A number in an address; one that no table can hold leads nowhere."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ROW_NUMBER)


def create_app(config: Settings | None = None) -> Flask:
    """The WSGI application. It answers before the tables are up to date: /readyz then says what is missing."""
    config = start(register, config, migrated=False)
    app = Flask(__name__, static_folder=None)
    app.url_map.converters["int"] = RowNumber
    app.config.update(SECRET_KEY=config.secret_key, MAX_CONTENT_LENGTH=LARGEST_UPLOAD_BYTES)
    voices = voices_page.pages(ledger.points_given)
    for blueprint in (health, api, shopify_webhooks, coupon_api, public_pages, voices):
        app.register_blueprint(blueprint)
    console.init_app(app)
    app.teardown_appcontext(_drop_broken_connection)
    proxy_notice.watch(app)
    visitor_limits.limit(app, VISITORS, otherwise=PAGES, say=_busy)
    _only_by_https(app, config)
    if config.trusted_proxy_count:
        proxies = config.trusted_proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    _let_line_in_first(app, config)
    with suppress(peewee.PeeweeException):  # it starts before the tables are there
        proxy_notice.warn()
    return app


def _busy() -> Busy:
    say = words()
    return Busy(say.page_busy_title, say.page_busy, say.page_busy_in_english)


def _only_by_https(app: Flask, config: Settings) -> None:
    """Browsers that were here once ask by https alone, whatever a link says; also for errors."""
    if config.by_https:

        @app.after_request
        def remember(response: Response) -> Response:
            response.headers["Strict-Transport-Security"] = f"max-age={HTTPS_SECONDS}"
            return response


def _let_line_in_first(app: Flask, config: Settings) -> None:
    """LINE's webhook passes by sessions, languages and limits, which are for people and cost as much as it does."""
    plain = Flask("webhook", static_folder=None)
    plain.register_blueprint(webhook)
    plain.teardown_appcontext(_drop_broken_connection)
    _only_by_https(plain, config)
    people = app.wsgi_app

    def wsgi_app(request: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen = plain.wsgi_app if request["PATH_INFO"] == "/callback" else people
        return chosen(request, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[assignment, method-assign]


def _drop_broken_connection(error: BaseException | None) -> None:
    """Threads keep their connection from request to request; one that failed is opened afresh."""
    if error is not None:
        database.forget_connection()
