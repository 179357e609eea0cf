"""The web process: LINE's webhook, health checks, the orders API, public pages, the console.

`python app.py [ADDRESS]` serves at PORT of LISTEN_ADDRESS, or of the address that is given.
"""

import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import peewee
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from bot import log, outages, shop_versions
from bot.config import changed_settings, settings, shop
from bot.config.settings import Settings
from bot.db import conflicts, database, database_wait
from bot.starting import refuse, start
from bot.text.two_languages import both
from bot.web import proxy_notice, rate_limits
from bot.web import webhook as web_webhook
from bot.web.health import health
from bot.web.rate_limits import Allowance, Busy
from bot.web.request_cleaning import readable
from console import web as console
from console.auth import first_owner
from console.shell.unavailable import OutlivesOutages
from customers.api import auth
from customers.api.orders import api
from customers.imports import files as import_files
from customers.privacy.page import privacy_pages
from customers.shopify import webhook as shopify_webhook
from customers.shopify.webhook import shopify_webhooks
from handlers import register
from journeys.links.page import link_pages
from rewards.coupons.api import coupon_api
from rewards.ledger import ledger
from rewards.pages import home
from rewards.pages.login import login_pages
from rewards.pages.public import public_pages
from rewards.referrals.words import words
from serving.server import CannotListen, serve
from serving.wsgi import FromWsgi
from set_up import on_a_platform
from support.replies.page import sent_files
from surveys.testimonials import page, published

LARGEST_UPLOAD_BYTES = 12_000_000
LARGE_UPLOADS = {
    "/console/imports": (
        import_files.LARGEST_BYTES + 100_000,
        f"ファイルが大きすぎます（{import_files.LARGEST_BYTES // 1_000_000}MBまで）。期間を分けて書き出してから、"
        "前のページに戻ってもう一度お試しください。\n\n"
        f"The file is too large (at most {import_files.LARGEST_BYTES // 1_000_000} MB). Export a shorter period, go "
        "back and try again.",
    )
}
"""Paths that take larger files, each with its limit in bytes and what it answers above it."""
THREADS = 8
"""On a small machine, Python gains nothing from more threads, nor from a second process."""
HTTPS_SECONDS = 365 * 24 * 3600
PAGES = Allowance("pages", 600)
PICTURES = Allowance("pictures", 1_200)
"""QR codes and the like: LINE's own servers fetch them for many customers."""
LOGINS = Allowance("logins", 300)
CONSOLE = Allowance("console", 6_000)
"""Enough for ten people of one office, whose pages poll every two seconds."""
SIGN_IN = Allowance("sign-in", 120)
ORDERS = Allowance("api", 60, rate_limits.refused, auth.too_many_refused)
SHOPIFY = Allowance("shopify", 60, rate_limits.refused, shopify_webhook.too_many_refused)
VISITORS: dict[str, Allowance | None] = {
    "health": None,
    **dict.fromkeys(
        ("rewards.invitation_qr", "rewards.link_qr", "rewards.coupon_qr", "rewards.member_card"), PICTURES
    ),
    **dict.fromkeys(("voices.picture", "sent_files.file", "sent_files.video_preview"), PICTURES),
    **dict.fromkeys(("home.friend_qr", "home.icon"), PICTURES),
    **dict.fromkeys(("login.join", "login.come_back", "login.joined"), LOGINS),
    **dict.fromkeys(
        (
            *("console.sign_in", "console.second_step", "console.demo_sign_in", "console.join"),
            "console.first_owner",
        ),
        SIGN_IN,
    ),
    "console": CONSOLE,
    **dict.fromkeys(("api", "coupon_api"), ORDERS),
    "api.show_openapi": PAGES,
    "shopify": SHOPIFY,
}
"""How many requests one visitor may make, by endpoint or blueprint; PAGES for all others. See
docs/operations.md."""
LARGEST_ROW_NUMBER = 2**63 - 1


class RowNumber(IntegerConverter):
    """A number in an address; 404 for one that no table can hold."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ROW_NUMBER)


class Web(OutlivesOutages):
    """Repeats a request that PostgreSQL rolled back in favour of another, instead of failing it."""

    def dispatch_request(self) -> ResponseReturnValue:
        """As Flask's, repeated after a conflict."""

        def answer() -> ResponseReturnValue:
            for file in request.files.values():
                file.stream.seek(0)
            if request.blueprint != "health":
                shop_versions.refresh()
            with shop.unchanged():
                return super(Web, self).dispatch_request()

        return conflicts.again(answer)


def create_app(config: Settings | None = None) -> Flask:
    """The WSGI application. It answers before the tables are up to date: /readyz then says what is missing."""
    config = start(register, config, migrated=False, limits=database_wait.WEB)
    app = Web(__name__, static_folder=None)
    app.url_map.converters["int"] = RowNumber
    app.config.update(SECRET_KEY=config.secret_key, MAX_CONTENT_LENGTH=LARGEST_UPLOAD_BYTES)
    testimonials = page.pages(ledger.points_given)
    front = home.pages(lambda: bool(published.published(1)))
    public = (privacy_pages, public_pages, login_pages, testimonials, link_pages, sent_files, front)
    for blueprint in (health, api, shopify_webhooks, coupon_api, *public):
        app.register_blueprint(blueprint)
    app.register_error_handler(404, _nowhere)  # instead of the API's, which is asked first
    console.init_app(app)
    app.teardown_appcontext(_drop_broken_connection)
    proxy_notice.watch(app)
    rate_limits.limit(app, VISITORS, otherwise=PAGES, say=_busy)
    _only_by_https(app, config)
    if config.trusted_proxy_count:
        proxies = config.trusted_proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    app.wsgi_app = readable(app.wsgi_app)  # type: ignore[assignment, method-assign]
    _answer_webhook_first(app)
    with suppress(peewee.PeeweeException):  # it starts before the tables are there
        proxy_notice.warn()
    return app


def _nowhere(error: NotFound) -> ResponseReturnValue:
    """404 for an unknown address: the API's own answer for its paths, else a page for people."""
    answer = auth.no_such_path(error)
    return home.not_found() if answer is error else answer


def _busy() -> Busy:
    say = words()
    return Busy(say.page_busy_title, say.page_busy, say.page_busy_in_english)


def _only_by_https(app: Flask, config: Settings) -> None:
    """Set Strict-Transport-Security, also on errors: browsers then use HTTPS alone, whatever a link says."""
    if config.by_https:

        @app.after_request
        def remember(response: Response) -> Response:
            response.headers["Strict-Transport-Security"] = f"max-age={HTTPS_SECONDS}"
            return response


def _answer_webhook_first(app: Flask) -> None:
    """Answer LINE's webhook without Flask: sessions, languages and limits are for people, and cost more than
    it does."""
    people = app.wsgi_app

    def wsgi_app(call: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen = web_webhook.application if call["PATH_INFO"] in web_webhook.PATHS else people
        return chosen(call, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[assignment, method-assign]


def _drop_broken_connection(error: BaseException | None) -> None:
    """Threads use their connection for many requests; one that failed is replaced."""
    if error is not None:
        database.forget_connection()


def _failed(error: Exception) -> int:
    """The status for an answer that was begun and could not be completed, such as a long table."""
    database.forget_connection()
    if outages.report(error):
        return 503
    log.error("request failed", error=type(error).__name__)
    return 500


def _show_the_first_owners_address() -> None:
    """Write into the log where the first owner makes their account, while nobody has one."""
    address = first_owner.address()
    if address is not None:
        log.warning(
            "オーナーの登録がまだです。ブラウザで開いてください / nobody can sign in yet; make the owner's account at",
            address=address,
        )


def main(address: str = "") -> None:
    """Serve until SIGTERM or SIGINT, at LISTEN_ADDRESS unless an address is given: the product, or the set-up page
    while there are no settings."""
    on_a_platform.serve_if_due(address)
    app = create_app()
    changed_settings.put_in_force_in_place()
    with suppress(peewee.PeeweeException):  # it starts before the tables are there
        _show_the_first_owners_address()
    behind = FromWsgi(
        app.wsgi_app,
        threads=THREADS,
        largest_body_bytes=LARGEST_UPLOAD_BYTES,
        larger_bodies=LARGE_UPLOADS,
        when_it_fails=_failed,
        quick=dict.fromkeys(web_webhook.PATHS, web_webhook.without_thread),
    )
    try:
        serve(behind, address or settings.current().listen_address, settings.current().port)
    except CannotListen as lack:
        refuse(
            both(
                "Port {port} of {address} cannot be used: {reason}. Stop what listens there, or choose another: "
                "PORT=8001",
                "{address} のポート {port} を使えません（{reason}）。そこで動いているものを止めるか、別のポートに"
                "してください: PORT=8001",
                address=lack.address,
                port=lack.port,
                reason=lack.reason,
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
