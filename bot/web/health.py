"""Answers a load balancer or a monitor: whether this process is alive, and whether the whole system can
serve."""

import time

from flask import Blueprint, Response, jsonify

from bot import outages
from bot.db import database
from bot.worker import heartbeat

health = Blueprint("health", __name__)
OTHERS = ("worker", "clock")
TRUST_A_WRITE_SECONDS = 1.0
_wrote_at = float("-inf")


@health.get("/healthz")
def healthz() -> Response:
    """Alive: this process answers. Uses nothing else."""
    return jsonify(status="alive")


@health.get("/readyz")
def readyz() -> Response:
    """Ready: the database can be written, its tables are up to date, worker and clock were seen in the last
    minute. Else 503, with what is wrong."""
    global _wrote_at
    try:
        checks = _faults()
    except Exception as error:
        _wrote_at = float("-inf")  # an earlier write proves nothing any more
        database.forget_connection()
        outage = outages.report(error)
        if outage is None:
            raise
        checks = {"database": outage.remedy}
    answer = jsonify(status="not ready" if checks else "ready", **checks)
    if checks:
        answer.status_code = 503
        answer.headers["Retry-After"] = "5"
    return answer


def _faults() -> dict[str, str]:
    """What is wrong, and what to do."""
    if database.pending_migrations():
        return {"migrations": "are pending: run python manage.py migrate"}
    _check_writing()
    return {
        name: f"was not seen in the last minute: start python {name}.py"
        for name in OTHERS
        if not heartbeat.seen_lately(name)
    }


def _check_writing() -> None:
    """Write something, since nothing else shows that the database can be written; at most once a second,
    since anybody may call this."""
    global _wrote_at
    if time.monotonic() - _wrote_at > TRUST_A_WRITE_SECONDS:
        heartbeat.beat("web")
        _wrote_at = time.monotonic()
