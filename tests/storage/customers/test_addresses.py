"""URLs with unknown ids or codes answer 404, and break nothing."""

import re

import peewee
import pytest
from flask import Flask

from app import create_app
from bot.config import settings


@pytest.fixture
def app(any_database: peewee.Database) -> Flask:
    return create_app(settings.current())


def test_a_number_larger_than_any_rows_is_not_found(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    assert len(rules) > 10
    for rule in rules:
        path = re.sub(r"<int:[^>]+>", "9" * 20, rule.rule)
        answer = app.test_client().get(re.sub(r"<[^>]+>", "x", path))
        at_the_door = (answer.location or "").startswith("/console/sign-in")  # where strangers learn nothing
        assert at_the_door or answer.status_code in {404, 405}, path
