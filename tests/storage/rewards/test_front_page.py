"""The server's own address leads somewhere, and an address that leads nowhere says so kindly in both languages."""

import io

import peewee
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app import create_app
from bot import localtime
from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from customers.people import customer as customers
from rewards.pages.home_words import words
from surveys.testimonials.tables import Testimonial, TestimonialState


@pytest.fixture
def web(settings: bot_settings.Settings, database: peewee.Database) -> Flask:
    return create_app(settings)


@pytest.fixture
def visitor(web: Flask) -> FlaskClient:
    return web.test_client()


def test_the_front_page_says_whose_it_is_and_how_to_become_a_friend(visitor: FlaskClient) -> None:
    answer = visitor.get("/")
    assert answer.status_code == 200
    assert "ひだまり堂" in answer.text
    assert 'href="https://line.me/R/ti/p/%40goentest"' in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "X-Robots-Tag" not in answer.headers


def test_its_qr_code_adds_the_shop_as_a_friend(visitor: FlaskClient) -> None:
    answer = visitor.get("/friend.png")
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)))
    assert code.text == "https://line.me/R/ti/p/%40goentest"


def test_testimonials_are_linked_once_there_are_any(visitor: FlaskClient) -> None:
    assert "/voices" not in visitor.get("/").text
    with write_transaction():
        hanako = customers.follow("U" + "a" * 32)
    Testimonial.create(
        customer_id=hanako.id,
        body="毎朝つかっています",
        state=TestimonialState.PUBLISHED,
        written_at=localtime.now(),
        published_at=localtime.now(),
    )
    assert 'href="/voices"' in visitor.get("/").text


def test_a_privacy_page_is_linked_where_there_is_one(web: Flask) -> None:
    known = any(rule.rule == "/privacy" for rule in web.url_map.iter_rules())
    assert ('href="/privacy"' in web.test_client().get("/").text) is known


def test_browsers_get_an_icon(visitor: FlaskClient) -> None:
    answer = visitor.get("/favicon.ico")
    assert answer.mimetype == "image/x-icon"
    assert {(16, 16), (32, 32), (48, 48)} <= Image.open(io.BytesIO(answer.data)).info["sizes"]


@pytest.mark.parametrize("path", ["/nowhere", "/wp-login.php", "/r", "/%E7%B8%81"])
def test_an_address_that_leads_nowhere_says_so_in_both_languages(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert words().not_found in answer.text
    assert words().not_found_in_english in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_console_and_api_keep_answers_of_their_own(visitor: FlaskClient) -> None:
    assert '"unknown_path"' in visitor.get("/api/v1/nowhere").text
    inside = visitor.get("/console/nowhere")
    assert words().not_found not in inside.text
