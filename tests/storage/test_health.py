"""/healthz says that the process lives, /readyz whether the whole can serve, and what is missing."""

from datetime import timedelta

import peewee
import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import database, heartbeat, localtime
from bot.health import health
from tests.storage.inbox_scene import NOON


@pytest.fixture
def client(any_database: peewee.Database) -> FlaskClient:
    app = Flask("health")
    app.register_blueprint(health)
    return app.test_client()


def test_a_living_process_says_so_even_without_a_database(client: FlaskClient) -> None:
    database.connect("postgresql://nobody@127.0.0.1:9/nowhere?connect_timeout=1")
    assert client.get("/healthz").json == {"status": "alive"}


def test_it_is_ready_when_a_worker_was_seen_in_the_last_minute(client: FlaskClient) -> None:
    with localtime.fixed(NOON):
        assert client.get("/readyz").status_code == 503
        heartbeat.beat("worker")
        heartbeat.beat("worker")
        assert client.get("/readyz").json == {"status": "ready"}
    with localtime.fixed(NOON + timedelta(seconds=61)):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "start python worker.py" in answer.text


def test_a_database_that_is_away_is_named_and_found_again(
    client: FlaskClient, any_database: peewee.Database
) -> None:
    database.connect("postgresql://nobody@127.0.0.1:9/nowhere?connect_timeout=1")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "DATABASE_URL" in answer.text
    database.database.initialize(any_database)
    assert "worker" in client.get("/readyz").text, "the database is back; only the worker is still missing"


def test_tables_that_are_not_up_to_date_are_named(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "pending_migrations", lambda: ["0099_later"])
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "manage.py migrate" in answer.text
