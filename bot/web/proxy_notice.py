"""Warns when requests come through a reverse proxy and TRUSTED_PROXY_COUNT is not set.

All visitors then have the proxy's address: one person guessing passwords locks all staff out, one program
uses up the rate limit of all. Anybody can send a proxy's header, so this warns and trusts nothing.
"""

import threading

import peewee
from flask import Flask, request

from bot import log, notices
from bot.config import settings
from bot.config.settings import Settings
from bot.db.database import write_transaction
from bot.notices import notice_text

CAUSE = "proxy-not-set"
HEADERS = (
    "X-Forwarded-For",
    "Forwarded",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
)
SENTENCE = notice_text(
    "サーバーの手前にプロキシ（nginxなど）があるようですが、TRUSTED_PROXY_COUNT が設定されていません。"
    "このままでは全員が同じアドレスに見え、だれかがパスワードを何度も間違えると、全員がサインインできなくなります。"
    "プロキシの数（ふつうは 1、なければ 0）を設定して、再起動してください。"
)


def is_set(config: Settings) -> bool:
    """Whether the operator has set the number of proxies, even to none."""
    return "trusted_proxy_count" in config.model_fields_set


def is_due() -> bool:
    """Whether a proxy was detected and the setting is still missing."""
    return not is_set(settings.current()) and any(notice.cause == CAUSE for notice in notices.current())


def warn() -> None:
    """Log the warning, if it is due."""
    if is_due():
        log.warning(
            "requests come through a proxy", set="TRUSTED_PROXY_COUNT", example="TRUSTED_PROXY_COUNT=1"
        )


def watch(app: Flask) -> None:
    """Check this process's requests until one shows a proxy; then write a notice for the owner, once."""
    config, checking = settings.current(), threading.Lock()
    if config.demo:
        return
    is_known = is_set(config)

    @app.before_request
    def check() -> None:
        found = is_known or any(name in request.headers for name in HEADERS)
        if not found or request.blueprint == "health" or not checking.acquire(blocking=False):
            return  # the lock is never released, so this runs once a process
        try:
            with write_transaction():
                if is_known:
                    notices.take_down(CAUSE)
                else:
                    notices.notify(CAUSE, SENTENCE)
        except peewee.PeeweeException:
            checking.release()
            return
        warn()
