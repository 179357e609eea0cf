"""Limits how many requests one visitor may make, so that nobody can keep the web process from all others.

A visitor is an internet address (`client_address.py`), and many customers of a mobile carrier share one: a
hundred people who scan the QR code of a poster are one visitor. So the limits are far above what people do,
and stop programs. Counted in memory, since there is one web process. LINE's webhook is not limited.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from flask import Flask, Response, request
from flask_limiter import ApplicationLimit, Limiter, RequestLimit

from bot import localtime, log
from bot.config import settings
from bot.web import client_address, page_policy, page_style

STYLE = page_style.BASE + page_style.NARROW
POLICY = page_policy.of(STYLE)
LOGGED_EVERY_SECONDS = 60
_logged_at: dict[str, float] = {}
"""By kind, so that requests without end do not fill the log."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests of a kind each visitor may make in a minute."""

    kind: str
    a_minute: int
    counted: Callable[[Response], bool] = lambda _response: True
    """Which responses count; by default all of them."""
    answer: Callable[[int], Response] | None = None
    """Makes the response to a program that has to wait for so many seconds; people get a page."""


@dataclass(frozen=True, slots=True)
class Busy:
    """The texts of the page for people who have to wait."""

    title: str
    japanese: str
    english: str


def refused(response: Response) -> bool:
    """Whether the caller did not prove who they are."""
    return response.status_code == 401


def limit(
    app: Flask, of: Mapping[str, Allowance | None], otherwise: Allowance, say: Callable[[], Busy]
) -> Limiter:
    """Apply an allowance to every request of the app: by its endpoint (`rewards.rank_page`), failing that by
    its blueprint (`rewards`), else `otherwise`. None means no limit."""

    def allowance() -> Allowance | None:
        return of.get(request.endpoint or "", of.get(request.blueprint or "", otherwise))

    def most() -> str:
        found = allowance()
        return f"{found.a_minute if found else 1}/minute"

    def counts(response: Response) -> bool:
        found = allowance()
        return found is not None and response.status_code != 429 and found.counted(response)

    limiter = Limiter(
        lambda: f"{(allowance() or otherwise).kind}:{client_address.counted_as(request.remote_addr)}",
        storage_uri="memory://",
        strategy="fixed-window",
        request_identifier=lambda: "any",  # the same for all requests, also for paths without a page
        application_limits=[ApplicationLimit(most, deduct_when=counts)],
        on_breach=lambda breach: _too_many(breach, allowance() or otherwise, say()),
    )
    limiter.request_filter(lambda: allowance() is None)
    limiter.init_app(app)
    return limiter


def _too_many(breach: RequestLimit, allowance: Allowance, say: Busy) -> Response:
    wait = max(1, int(breach.reset_at - localtime.machine_now().timestamp()))
    if time.monotonic() - _logged_at.get(allowance.kind, -LOGGED_EVERY_SECONDS) >= LOGGED_EVERY_SECONDS:
        _logged_at[allowance.kind] = time.monotonic()
        log.warning("visitor limited", kind=allowance.kind)  # without the address: it is personal data
    answer = allowance.answer(wait) if allowance.answer else _as_page(say)
    answer.headers["Retry-After"] = str(wait)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _as_page(say: Busy) -> Response:
    title, japanese, english = map(escape, (say.title, say.japanese, say.english))
    page = (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · {escape(settings.current().shop_name)}</title><style>{STYLE}</style></head>"
        f'<body><main><h1>{title}</h1><p>{japanese}</p><p lang="en">{english}</p></main></body></html>'
    )
    answer = Response(page, 429, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
