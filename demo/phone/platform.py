"""Assembles the platform: the channel, its faults, LINE's API and the phone page, in one Flask app on loopback.

There may be a second channel of the same provider, as for a shop's second account: people have the same user
id in both, and are friends of each by themselves. The access token says which channel a call is for; a reply
token, a message's content and the month's quota are one channel's alone.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from demo.line import gestures
from demo.line.api import Seen, line_api
from demo.line.channel import Channel, Identity
from demo.line.faults import Faults
from demo.line.webhook_sender import Deliver
from demo.phone.client import Handset
from demo.phone.controls import Controls
from demo.phone.login_pages import login_pages
from demo.phone.pages import phone_pages


class Platform:
    """The simulated LINE. `app` is its Flask app; `start()` serves it and delivers webhooks, `stop()` ends both."""

    def __init__(self, channel: Channel, controls: Controls | None, support: Channel | None = None) -> None:
        self.channel = channel
        self.support = support
        self._controls = controls
        self.support_faults = Faults()
        self.support_calls: deque[Seen] = deque(maxlen=10_000)
        self.faults = Faults()
        self.calls: deque[Seen] = deque(maxlen=10_000)
        self.url = ""
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    @cached_property
    def app(self) -> Flask:
        """Built when first asked for: compiling its routes takes long."""
        app = Flask("demo", static_folder=None)
        app.register_blueprint(line_api(self.channel, self.faults, self.calls))
        app.register_blueprint(login_pages(self.channel, self._controls))
        app.register_blueprint(phone_pages(self.channel, self._controls, self.support))
        if self.support is not None:
            self._serve_second(app, self.support)
        return app

    def handset(self, name: str, user_id: str | None = None, *, on_phone: bool = True) -> Handset:
        """A new person's phone; not yet a friend of the shop."""
        return Handset(self.channel, gestures.arrive(self.channel, name, user_id, on_phone=on_phone))

    def support_handset(self, main: Handset) -> Handset:
        """The same person's chat with the shop's second account; not yet a friend of it."""
        if self.support is None:
            raise LookupError("this platform has no second channel")
        return Handset(self.support, gestures.same_person(self.support, main.person))

    def _serve_second(self, app: Flask, support: Channel) -> None:
        """Give the calls with the second channel's token to an application of its own."""
        second = Flask("demo-support", static_folder=None)
        second.register_blueprint(line_api(support, self.support_faults, self.support_calls))
        first = app.wsgi_app

        def by_token(environ: Any, start_response: Any) -> Iterable[bytes]:
            mine = f"Bearer {support.identity.access_token}"
            chosen = second.wsgi_app if environ.get("HTTP_AUTHORIZATION") == mine else first
            return chosen(environ, start_response)

        app.wsgi_app = by_token  # type: ignore[method-assign]

    @property
    def channels(self) -> list[Channel]:
        """The main channel, and the second one if there is one."""
        return [self.channel] if self.support is None else [self.channel, self.support]

    def start(self, port: int = 0) -> str:
        """Serve on loopback (a free port by default) and deliver webhooks, both in threads; returns the address."""
        self.serve(port)
        for channel in self.channels:
            channel.webhook_sender.start()
        return self.url

    def serve(self, port: int = 0) -> None:
        """Serve on loopback in a thread. Webhooks wait for `webhook_sender`."""
        self._server = make_server("127.0.0.1", port, self.app, threaded=True, request_handler=_QuietHandler)
        self._server.daemon_threads = True  # type: ignore[attr-defined]  # of ThreadedWSGIServer
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},  # also the time that stopping takes
            name="line platform",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        for channel in self.channels:
            channel.webhook_sender.stop()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until every webhook was accepted (not until the bot has replied)."""
        return all(channel.webhook_sender.wait_until_idle(seconds) for channel in self.channels)

    def __enter__(self) -> "Platform":
        self.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: a polling phone would fill the terminal."""


def create_platform(
    *,
    channel_secret: str,
    access_token: str,
    webhook_url: str = "",
    shop_name: str = "お店",
    basic_id: str = "@goen",
    quota: int | None = None,
    now: Callable[[], float] = time.time,
    clock: Callable[[], float] | None = None,
    deliver: Deliver | None = None,
    retry_seconds: Sequence[float] | None = None,
    controls: Controls | None = None,
    support: Identity | None = None,
    deliver_support: Deliver | None = None,
) -> Platform:
    """A platform with one channel, and with a second one of the same provider when `support` says which; its
    webhooks go to the path /support below `webhook_url`, or to `deliver_support`.

    `now` (epoch seconds) ages reply tokens and retry keys; `clock` is the date of events, chats and the
    monthly quota, by default that of `controls`, else `now`: time travel must not age a token. `deliver`
    replaces the HTTP post of webhooks, for a bot in the same process.
    """
    if clock is None and controls is not None:
        shop_now = controls.now

        def clock() -> float:
            return shop_now().timestamp()

    channel = Channel(
        Identity(channel_secret, access_token, shop_name, basic_id),
        now=now,
        clock=clock or now,
        webhook_url=webhook_url,
        quota=quota,
        deliver=deliver,
        retry_seconds=retry_seconds,
    )
    second = (
        None
        if support is None
        else Channel(
            support,
            now=now,
            clock=clock or now,
            webhook_url=f"{webhook_url}/support" if webhook_url else "",
            deliver=deliver_support,
            retry_seconds=retry_seconds,
            first_message_id=530_000_000_000_000_001,
            beside=channel,
        )
    )
    return Platform(channel, controls, second)
