"""/healthz says that the process lives, /readyz whether the whole can serve, and what is missing."""

from datetime import timedelta

import peewee
import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.db import database
from bot.web.health import health
from bot.worker import heartbeat
from tests.storage.inbox_scene import NOON


@pytest.fixture
def client(any_database: peewee.Database) -> FlaskClient:
    app = Flask("health")
    app.register_blueprint(health)
    return app.test_client()


def test_a_living_process_says_so_even_without_a_database(client: FlaskClient) -> None:
    database.connect("postgresql://nobody@127.0.0.1:9/nowhere?connect_timeout=1")
    assert client.get("/healthz").json == {"status": "alive"}


def test_it_is_ready_when_worker_and_clock_were_seen_in_the_last_minute(client: FlaskClient) -> None:
    with localtime.fixed(NOON):
        for process in ("worker", "clock"):
            answer = client.get("/readyz")
            assert answer.status_code == 503
            assert f"start python {process}.py" in answer.text
            heartbeat.beat(process)
            heartbeat.beat(process)
        assert client.get("/readyz").json == {"status": "ready"}


@pytest.mark.parametrize("process", ["worker", "clock"])
@pytest.mark.parametrize("later", [timedelta(seconds=61), -timedelta(seconds=5), -timedelta(hours=1)])
def test_a_sign_of_life_that_is_old_or_from_the_future_is_none(
    client: FlaskClient, process: str, later: timedelta
) -> None:
    with localtime.fixed(NOON):
        heartbeat.beat(process)
    other = "clock" if process == "worker" else "worker"
    with localtime.fixed(NOON + later):  # the machine's clock may be set back
        heartbeat.beat(other)
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert f"start python {process}.py" in answer.text
        heartbeat.beat(process)
        assert client.get("/readyz").status_code == 200


def test_a_database_that_cannot_be_written_is_not_ready(
    client: FlaskClient, any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.health._wrote_at", float("-inf"))
    name = "default_transaction_read_only" if database.is_postgres() else "query_only"
    any_database.execute_sql(f"SET {name} = on" if database.is_postgres() else f"PRAGMA {name} = 1")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "can be read and not written: check who may write" in answer.text


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
