"""Every page and every path of the API while the database is unavailable: 503, quickly, in the right form."""

import json
import re
import time
from collections.abc import Iterator
from functools import cache

import peewee
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from bot import log, outages
from bot.config import settings as bot_settings
from bot.db import database as bot_database
from customers.api import keys
from tests.console.conftest import BASE, enter, get

AWAY = {
    "sqlite": "sqlite:////dev/null/goen.sqlite3",
    "postgres": "postgresql://nobody@127.0.0.1:9/nowhere",
}


@cache
def _application() -> Flask:
    """Built once: the same for every test."""
    return create_app(bot_settings.current())


@pytest.fixture
def app(settings: bot_settings.Settings, database: peewee.Database) -> Flask:
    """The web process's application."""
    made = _application()
    bot_database.database.initialize(database)
    return made


@pytest.fixture
def token(app: Flask) -> str:
    """A shop system's API key."""
    with bot_database.write_transaction():
        return keys.create("the shop's system")


@pytest.fixture
def owner(app: Flask, token: str) -> FlaskClient:
    return enter(app, "owner")


@pytest.fixture(params=AWAY, autouse=True)
def _away(
    request: pytest.FixtureRequest, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The owner signed in, then the database became unavailable."""
    monkeypatch.setattr("pathlib.Path.mkdir", lambda *_, **__: None)
    monkeypatch.setattr(outages, "_record", outages._Record())
    bot_database.close()
    bot_database.connect(AWAY[request.param])
    yield
    bot_database.forget_connection()


def paths(app: Flask, method: str) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and "static" not in rule.rule:
            yield re.sub(r"<(\w+:)?\w+>", "1", rule.rule)


def test_no_page_answers_500_during_an_outage(app: Flask, owner: FlaskClient) -> None:
    answers = {path: get(owner, path) for path in paths(app, "GET")}
    wrong = {path: answer.status for path, answer in answers.items() if answer.status_code == 500}
    assert wrong == {}
    unavailable = [path for path, answer in answers.items() if answer.status_code == 503]
    assert len(unavailable) > 40
    assert "/readyz" in unavailable
    for path in unavailable:
        assert answers[path].headers["Retry-After"], path


def test_no_form_answers_500_during_an_outage(app: Flask, owner: FlaskClient) -> None:
    answers = {path: owner.post(path, base_url=BASE) for path in paths(app, "POST")}
    assert {path: answer.status for path, answer in answers.items() if answer.status_code == 500} == {}


@pytest.mark.parametrize(("language", "says"), [("ja", "少し待ってから"), ("en", "in a moment")])
def test_programs_get_json(owner: FlaskClient, token: str, language: str, says: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
    answer = owner.post("/api/v1/orders", json={}, headers=headers)
    assert answer.status_code == 503
    [fault] = json.loads(answer.text)["errors"]
    assert fault["code"] == "unavailable"
    assert says in fault["message"]


@pytest.mark.parametrize("path", ["/console/tickets", "/voices"])
def test_people_get_a_page_in_both_languages_quickly(owner: FlaskClient, path: str) -> None:
    begun = time.monotonic()
    answer = get(owner, path)
    assert time.monotonic() - begun < 5
    assert answer.status_code == 503
    assert "1分ほどたってから" in answer.text
    assert "in a minute" in answer.text
    assert "<script" not in answer.text


def test_the_answer_to_a_form_says_that_it_was_not_saved(owner: FlaskClient) -> None:
    answer = owner.post("/console/canned", base_url=BASE, data={"text": "long and well considered"})
    assert answer.status_code == 503
    assert "まだ保存されていません" in answer.text
    assert "not saved yet" in answer.text


def test_the_log_has_a_line_and_no_traceback(owner: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO")
    for _ in range(20):
        get(owner, "/console/tickets")
    said = capsys.readouterr()
    assert said.out.count("the database cannot be used") == 1
    assert "Traceback" not in said.out + said.err
