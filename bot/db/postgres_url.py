"""Builds the connection to PostgreSQL from DATABASE_URL, with limits on how long to wait for the server."""

from typing import Any
from urllib.parse import unquote, urlsplit

import peewee

from bot.db.database_wait import Limits

NOTICE_A_DEAD_SERVER = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""A server whose machine is gone closes no connection: TCP ends it after these seconds (tcp_user_timeout:
milliseconds). Options of the client, so that every pooler and server accepts them."""
SHORTEST_CONNECT_SECONDS = 2
"""The driver's minimum."""


def database(url: str, limits: Limits) -> peewee.PostgresqlDatabase:
    """The database at that address; options after its `?` go to the driver and override ours."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    options = {name: unquote(value) for name, value in options.items()}
    for name, value in (
        ("host", parts.hostname),
        ("port", parts.port),
        ("user", unquote(parts.username or "")),
        ("password", unquote(parts.password or "")),
    ):
        if value:
            options[name] = value
    waits = NOTICE_A_DEAD_SERVER | {"connect_timeout": max(SHORTEST_CONNECT_SECONDS, int(limits.seconds))}
    return peewee.PostgresqlDatabase(unquote(parts.path.lstrip("/")), **(waits | options))
