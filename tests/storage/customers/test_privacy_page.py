"""The privacy policy says what is stored and how long, by the settings; it loads nothing from others."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from bot.config import shop
from bot.config.settings import Settings
from customers.privacy import page
from handlers import replies


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = Flask(__name__)
    made.register_blueprint(page.privacy_pages)
    shop.use({})
    yield made
    shop.use({})


def opened(app: Flask) -> str:
    return app.test_client().get("/privacy").text


def test_it_says_how_long_by_the_settings_and_whom_to_ask(app: Flask) -> None:
    shop.use(
        {
            "retention": {"transcript_days": 730, "media_days": 100, "raw_event_days": 0},
            "backups": {"stored_count": 5},
            "privacy": {
                "operator": "ひだまり堂株式会社",
                "address": "東京都千代田区1-1",
                "email": "hi@example.jp",
            },
        }
    )
    text = opened(app)
    for said in (
        "2年",
        "100日",
        "期限を決めていません",
        "新しい5個",
        "ひだまり堂株式会社",
        "東京都千代田区1-1",
        "mailto:hi@example.jp",
    ):
        assert said in text


def test_its_words_can_be_changed(app: Flask) -> None:
    shop.use({"privacy": {"words": {"title": "個人情報のお約束"}}})
    assert "<h1>個人情報のお約束</h1>" in opened(app)


def test_it_loads_nothing_from_anybody_and_its_policy_forbids_it(app: Flask) -> None:
    answer = app.test_client().get("/privacy")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not re.findall(r"<(?:script|link|img|iframe|object)\b", answer.text)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", ["花子", ""])
def test_the_greeting_names_it(app: Flask, settings: Settings, name: str) -> None:
    said = replies.greeting(name, "ベーシック", 0)
    assert f"{settings.public_url}/privacy" in str(said[0])
