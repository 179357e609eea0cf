"""Public pages of rewards: QR codes, the invitation page, and 404 for unknown codes."""

import io
import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from bot.db.database import write_transaction
from customers.people import customer as customers
from rewards.pages.public import public_pages
from rewards.referrals import referrals
from rewards.referrals.codes import find_code


@pytest.fixture
def code() -> str:
    with write_transaction():
        hanako = customers.follow("U" + "a" * 32)
        customers.learn_profile(hanako, "山田花子")
        return referrals.get_or_create_code(hanako.id)


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = Flask(__name__)
    app.register_blueprint(public_pages)
    with app.test_client() as client:
        yield client


def test_a_phone_reads_the_qr_and_lands_in_the_shops_chat_with_the_code(
    code: str, client: FlaskClient
) -> None:
    answer = client.get(f"/q/{code}.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert len(answer.data) < 1_000_000
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.width == picture.height <= 1024
    [read] = zxingcpp.read_barcodes(picture)
    assert read.text.startswith("https://line.me/R/oaMessage/%40goentest/?")
    assert find_code(unquote(read.text)) == code


def test_the_qr_is_cached_by_browsers_and_asked_for_once(code: str, client: FlaskClient) -> None:
    first = client.get(f"/q/{code}.png")
    assert first.headers["Cache-Control"] == "public, max-age=2592000"
    again = client.get(f"/q/{code}.png", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_page_leads_to_line_without_naming_anybody_or_running_anything(
    code: str, client: FlaskClient
) -> None:
    answer = client.get(f"/r/{code}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    link = re.search(r'class="go" href="([^"]+)"', page)
    assert link is not None
    assert find_code(unquote(link[1])) == code
    assert f'src="/q/{code}.png"' in page
    assert "ひだまり堂へのご招待" in page
    assert "花子" not in page
    assert "<script" not in page
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["K7MP-4XWD", "x", "%00", "a" * 3000, "..%2F..%2Fetc", "<script>", "😀"])
def test_a_code_nobody_has_is_not_found(name: str, code: str, client: FlaskClient) -> None:
    assert client.get(f"/q/{name}.png").status_code == 404
    page = client.get(f"/r/{name}")
    assert page.status_code == 404
    assert name not in page.get_data(as_text=True) or len(name) < 3


def test_a_code_typed_by_hand_is_found_too(code: str, client: FlaskClient) -> None:
    typed = code.lower().replace("-", "")
    assert client.get(f"/q/{typed}.png").status_code == 200
    assert client.get(f"/r/{typed}").status_code == 200
