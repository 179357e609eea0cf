"""Decides whether this process is alive and whether the whole can serve: for a load balancer or a watching eye."""

from flask import Blueprint, Response, jsonify

from bot import database, heartbeat

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """Alive: this process answers. Touches nothing else."""
    return jsonify(status="alive")


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Ready: the database answers, its tables are up to date, and a worker was seen in the last minute."""
    checks: dict[str, str] = {}
    if not database.reachable():
        checks["database"] = "does not answer: check DATABASE_URL and that the server runs"
    elif database.pending_migrations():
        checks["migrations"] = "are pending: run python manage.py migrate"
    elif not heartbeat.seen_lately("worker"):
        checks["worker"] = "was not seen in the last minute: start python worker.py"
    body = jsonify(status="not ready" if checks else "ready", **checks)
    return body, 503 if checks else 200
