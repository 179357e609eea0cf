"""The member card: one code a customer, a picture that a scanner reads, a URL that cannot be guessed."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from bot import localtime
from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from customers.people import customer as customers
from customers.people.customer import Customer
from rewards.cards import members
from rewards.cards.content import HEIGHT, WIDTH, CardContent
from rewards.cards.picture import png
from rewards.drawing import japanese_text
from rewards.drawing.japanese_text import BOLD, NAMES
from rewards.pages.public import public_pages
from rewards.ranks.colours import COLOUR
from rewards.ranks.rules import Rank

NOON = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)


@pytest.fixture
def web(settings: bot_settings.Settings) -> FlaskClient:
    app = Flask("cards-under-test")
    app.register_blueprint(public_pages)
    return app.test_client()


def a_member(name: str = "髙橋 𠮷右衛門") -> Customer:
    with write_transaction():
        made = customers.learn_profile(customers.follow("U" + "a" * 32), name)
        members.get_or_create_code(made.id)
    return made


def address_of(customer: Customer) -> str:
    content = members.content_of(customer)
    assert content is not None
    return members.picture_address(customer.id, content).removeprefix("https://goen.example")


@pytest.mark.parametrize("rank", Rank)
def test_a_scanner_reads_every_ranks_card(rank: Rank) -> None:
    drawn = png(CardContent("ひだまり堂", "髙橋 𠮷右衛門", rank, 12_430, "4821-0937-5566"))
    assert len(drawn) < 100_000
    with Image.open(io.BytesIO(drawn)) as card:
        assert card.size == (WIDTH, HEIGHT)
        picture = card.convert("RGB")
    [read] = zxingcpp.read_barcodes(picture)
    assert read.text == "4821-0937-5566"
    corner = picture.getpixel((2, 2))
    wanted = tuple(int(COLOUR[rank][at : at + 2], 16) for at in (1, 3, 5))
    assert isinstance(corner, tuple)
    assert all(abs(seen - meant) < 12 for seen, meant in zip(corner, wanted, strict=True))


@pytest.mark.parametrize("name", ["", "🌿🌿", "名" * 255, "\u202e<b>\n", "𰻞", "Ana Ngọc-Ánh"])
def test_strange_names_are_drawn_all_the_same(name: str) -> None:
    assert png(CardContent("店" * 40, name, Rank.BASIC, -(10**9), "4821-0937-5566"))


def test_rare_kanji_are_drawn_and_what_no_font_has_is_marked() -> None:
    assert japanese_text.drawable("髙﨑𠮷邉濵𣘺", NAMES) == "髙﨑𠮷邉濵𣘺"
    assert japanese_text.drawable("美咲🌿☺", NAMES) == "美咲"
    assert japanese_text.drawable("𰻞さん", NAMES) == "〓さん"
    assert japanese_text.drawable("𠮷野", BOLD) == "〓野"


def test_a_customer_has_one_code_and_is_found_by_it() -> None:
    hanako = a_member()
    with write_transaction():
        code = members.get_or_create_code(hanako.id)
        assert members.get_or_create_code(hanako.id) == code
    for typed in (code, code.replace("-", ""), f" {code} "):
        assert members.owner_of(typed) == hanako
    for strange in ("", "4821", "K7MP-4XWD-RT35", "٤٨٢١" * 3, "1" * 12):
        assert members.owner_of(strange) is None


def test_the_card_is_served_at_its_signed_address_alone(web: FlaskClient) -> None:
    hanako = a_member()
    with localtime.fixed(NOON):
        address = address_of(hanako)
        good = web.get(address)
        assert (good.status_code, good.mimetype) == (200, "image/png")
        [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(good.data)).convert("L"))
        assert members.owner_of(read.text) == hanako
        other = address.replace(f"/m/{hanako.id}.", f"/m/{hanako.id + 1}.")
        for forged in (other, address.replace(".png", "0.png"), "/m/1.png", "/m/x.y.z.ä.png", "/m/...png"):
            assert web.get(forged).status_code == 404, forged
    with localtime.fixed(NOON + timedelta(days=members.VALID_DAYS)):
        assert web.get(address).status_code == 200
    with localtime.fixed(NOON + timedelta(days=members.VALID_DAYS + 1)):
        assert web.get(address).status_code == 404


def test_what_changes_on_the_card_changes_its_address() -> None:
    hanako = a_member()
    before = address_of(hanako)
    with write_transaction():
        renamed = customers.learn_profile(hanako, "佐藤 美咲")
    assert address_of(renamed) != before
