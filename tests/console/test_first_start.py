"""The set-up page of the first start: each step with wrong input, what is stored where, and who may reach it."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from bot.config import env_file
from bot.web.webhook import signature
from console.auth import first_owner
from console.first_start import site
from console.first_start.answers import Answers
from demo.phone.platform import Platform, create_platform

TOKEN = "the-secret-part-of-the-address"
SECRET, ACCESS = "0123456789abcdef" * 2, "An+access/token=" * 10
BASE = f"/set-up/{TOKEN}"


@pytest.fixture
def line() -> Iterator[Platform]:
    with create_platform(
        channel_secret=SECRET, access_token=ACCESS, shop_name="ひだまり堂", basic_id="@hidamari"
    ) as platform:
        yield platform


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.fixture
def answers(file: Path, line: Platform) -> Answers:
    return Answers(TOKEN, {"LINE_API_URL": line.url}, file)


@pytest.fixture
def app(answers: Answers) -> Flask:
    return site.create_site(answers)


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The page served on a port, which LINE and the page itself can reach; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    return app.test_client()


def post(client: FlaskClient, step: str, **fields: str) -> TestResponse:
    return client.post(f"{BASE}/{step}", data=fields)


def shop_done(client: FlaskClient, address: str) -> None:
    assert post(client, "shop", name="ひだまり堂", address=address).status_code == 303


def line_done(client: FlaskClient) -> None:
    assert post(client, "line", secret=SECRET, token=ACCESS).location == f"{BASE}/webhook"


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("", "https://goen.example", "お店の名前を入れて"),
        ("あ" * 41, "https://goen.example", "40文字まで"),
        ("ひだまり堂", "", "アドレスとして読めません"),
        ("ひだまり堂", "http://goen.example", "https:// ではじまる"),
        ("ひだまり堂", "https://goen.example/shop", "ドメインまで"),
        ("ひだまり堂", "https://縁.example", "xn--"),
        ("ひだまり堂", "ftp://goen.example", "アドレスとして読めません"),
        ("ひだまり堂", "https://goen.example:bad", "アドレスとして読めません"),
        ("ひだまり堂", "https://[::1", "アドレスとして読めません"),
        ("ひだまり堂", "https://me:secret@goen.example", "ドメインまで"),
    ],
)
def test_a_name_or_address_that_is_unfit(
    owner: FlaskClient, file: Path, name: str, address: str, said: str
) -> None:
    page = post(owner, "shop", name=name, address=address)
    assert page.status_code == 422
    assert said in page.text
    assert env_file.read(file) == {}


def test_an_address_of_this_machine_is_for_a_line_on_this_machine_alone(file: Path) -> None:
    client = site.create_site(Answers(TOKEN, {}, file)).test_client()
    page = post(client, "shop", name="ひだまり堂", address="http://127.0.0.1:8000")
    assert page.status_code == 422
    assert "この機械の中だけ" in page.text


def test_an_address_that_does_not_lead_here_is_a_warning(
    owner: FlaskClient, line: Platform, answers: Answers
) -> None:
    nobody = "http://127.0.0.1:9"
    page = post(owner, "shop", name="ひだまり堂", address=nobody)
    assert page.status_code == 422
    assert "つながりませんでした" in page.text
    assert "別のものが答えて" in post(owner, "shop", name="ひだまり堂", address=line.url).text
    assert answers.get("PUBLIC_URL") == ""
    # What was confirmed is that address alone.
    assert post(owner, "shop", name="ひだまり堂", address=line.url, anyway=nobody).status_code == 422
    assert post(owner, "shop", name="ひだまり堂", address=nobody, anyway=nobody).location == f"{BASE}/line"
    assert answers.get("PUBLIC_URL") == nobody


@pytest.mark.parametrize(
    ("secret", "token", "said"),
    [
        ("", ACCESS, "チャネルシークレットを入れて"),
        ("1234567890", ACCESS, "これはチャネルIDです"),
        (ACCESS, ACCESS, "これはチャネルアクセストークンのよう"),
        ("0123456789ABCDEF" * 2, ACCESS, "チャネルシークレットの形では"),
        (SECRET, "", "チャネルアクセストークンを入れて"),
        (SECRET, SECRET, "これはチャネルシークレットのよう"),
        (SECRET, ACCESS[:40], "全部をコピーできているか"),
        (SECRET, "あ" * 80, "チャネルアクセストークンの形では"),
        (SECRET, "x" * 170, "認めませんでした"),
    ],
)
def test_a_secret_or_token_that_is_wrong(
    owner: FlaskClient, served: str, file: Path, secret: str, token: str, said: str
) -> None:
    shop_done(owner, served)
    page = post(owner, "line", secret=secret, token=token)
    assert page.status_code == 422
    assert said in page.text
    assert "LINE Developers" in page.text
    for each in (secret, token):
        assert len(each) < 20 or each not in page.text
    assert "LINE_CHANNEL_SECRET" not in env_file.read(file)


def test_no_network_to_line(file: Path) -> None:
    client = site.create_site(Answers(TOKEN, {"LINE_API_URL": "http://127.0.0.1:9"}, file)).test_client()
    here = "http://127.0.0.1:9"
    post(client, "shop", name="ひだまり堂", address=here, anyway=here)
    page = post(client, "line", secret=SECRET, token=ACCESS)
    assert page.status_code == 422
    assert "インターネットにつながっているか" in page.text


def test_line_fills_in_the_rest_and_no_secret_is_shown_again(
    owner: FlaskClient, served: str, file: Path, line: Platform
) -> None:
    shop_done(owner, served)
    line_done(owner)
    stored = env_file.read(file)
    assert stored["LINE_BASIC_ID"] == "@hidamari"
    assert (stored["LINE_CHANNEL_SECRET"], stored["LINE_CHANNEL_ACCESS_TOKEN"]) == (SECRET, ACCESS)
    pages = [owner.get(f"{BASE}/{step}").text for step in ("shop", "line", "webhook")]
    assert "ひだまり堂" in pages[2] and "@hidamari" in pages[2]
    assert not any(secret in page for page in pages for secret in (SECRET, ACCESS))
    assert post(owner, "line", secret="", token="").location == f"{BASE}/webhook", "what is saved may stay"


def test_the_webhook_is_set_and_tried(
    owner: FlaskClient, served: str, line: Platform, answers: Answers
) -> None:
    shop_done(owner, served)
    line_done(owner)
    assert post(owner, "webhook").location == f"{BASE}/orders"
    assert line.channel.webhook_url == f"{served}/callback"


def test_a_secret_of_another_channel_shows_when_line_tries(owner: FlaskClient, served: str) -> None:
    shop_done(owner, served)
    assert post(owner, "line", secret="f" * 32, token=ACCESS).status_code == 303
    page = post(owner, "webhook")
    assert page.status_code == 422
    assert "別のチャネルのもの" in page.text


def test_a_webhook_that_is_switched_off(owner: FlaskClient, served: str, line: Platform) -> None:
    shop_done(owner, served)
    line_done(owner)
    line.channel.webhook_active = False
    page = post(owner, "webhook")
    assert page.status_code == 422
    assert "「Webhookの利用」がオフ" in page.text
    assert post(owner, "webhook", later="1").location == f"{BASE}/orders"


def test_a_webhook_that_leads_elsewhere(owner: FlaskClient, line: Platform) -> None:
    post(owner, "shop", name="ひだまり堂", address=line.url, anyway=line.url)
    line_done(owner)
    page = post(owner, "webhook")
    assert page.status_code == 422
    assert "と答えました" in page.text


def test_the_webhook_is_answered_with_its_signature_alone(owner: FlaskClient, served: str) -> None:
    shop_done(owner, served)
    nothing, follow = (
        b'{"destination": "U1", "events": []}',
        b'{"destination": "U1", "events": [{"type": "follow"}]}',
    )

    def called(body: bytes, secret: str) -> int:
        return owner.post(
            "/callback", data=body, headers={"x-line-signature": signature(body, secret)}
        ).status_code

    assert called(nothing, SECRET) == 401, "there is no secret yet, and an empty one is none"
    assert called(nothing, "") == 401
    line_done(owner)
    assert called(nothing, SECRET) == 200
    assert called(nothing, "f" * 32) == 401
    assert called(follow, SECRET) == 503, "LINE is to deliver it again"
    assert called(b"no json", SECRET) == 400


def test_shopifys_secret(owner: FlaskClient, served: str, file: Path) -> None:
    everything_but_orders(owner, served)
    assert post(owner, "orders").status_code == 422
    assert "署名鍵を入れて" in post(owner, "orders", orders="shopify", shopify="").text
    assert post(owner, "orders", orders="shopify", shopify="a" * 64).location == f"{BASE}/finish"
    assert env_file.read(file)["SHOPIFY_WEBHOOK_SECRET"] == "a" * 64
    assert "a" * 64 not in owner.get(f"{BASE}/orders").text
    assert post(owner, "orders", orders="csv").status_code == 303
    assert "SHOPIFY_WEBHOOK_SECRET" not in env_file.read(file)


def everything_but_orders(client: FlaskClient, address: str) -> None:
    shop_done(client, address)
    line_done(client)
    assert post(client, "webhook").status_code == 303


def test_a_step_whose_time_has_not_come_leads_to_the_one_that_is_due(owner: FlaskClient, served: str) -> None:
    for step in ("line", "webhook", "orders", "finish"):
        assert owner.get(f"{BASE}/{step}").location == f"{BASE}/shop"
        assert post(owner, step).location == f"{BASE}/shop"
    shop_done(owner, served)
    assert owner.get(f"{BASE}/finish").location == f"{BASE}/line"


def test_it_goes_on_after_a_restart(owner: FlaskClient, served: str, file: Path, line: Platform) -> None:
    shop_done(owner, served)
    line_done(owner)
    again = site.create_site(
        Answers(TOKEN, env_file.read(file) | {"LINE_API_URL": line.url}, file)
    ).test_client()
    assert again.get(f"{BASE}/").location == f"{BASE}/webhook"
    assert "ひだまり堂" in again.get(f"{BASE}/webhook").text


def test_the_end(owner: FlaskClient, served: str, file: Path, answers: Answers) -> None:
    everything_but_orders(owner, served)
    post(owner, "orders", orders="later")
    page = post(owner, "finish")
    stored = env_file.read(file)
    assert first_owner.path(stored["SECRET_KEY"]) in page.text
    assert stored["SECRET_KEY"] not in page.text
    assert not {name for name in stored if name.startswith("SET_UP")}
    assert answers.is_over.is_set()
    assert owner.get(f"{BASE}/shop").status_code == 404
    assert owner.get(f"{BASE}/assets/console.css").status_code == 200, "the last page still needs it"


def test_a_file_that_cannot_be_written_is_said(line: Platform, tmp_path: Path) -> None:
    answers = Answers(TOKEN, {"LINE_API_URL": line.url}, tmp_path / "nowhere" / ".env")
    client = site.create_site(answers).test_client()
    page = post(client, "shop", name="ひだまり堂", address=line.url, anyway=line.url)
    assert page.status_code == 500
    assert ".env に書けません" in page.text
    assert answers.get("SHOP_NAME") == ""


def test_a_platform_shows_its_variables_once_they_are_asked_for(line: Platform) -> None:
    answers = Answers(TOKEN, {"LINE_API_URL": line.url}, None)
    client = site.create_site(answers).test_client()
    post(client, "shop", name="ひだまり堂", address=line.url, anyway=line.url)
    line_done(client)
    post(client, "webhook", later="1")
    post(client, "orders", orders="later")
    assert ACCESS not in client.get(f"{BASE}/finish").text
    page = post(client, "finish").text
    for name in (
        "SHOP_NAME",
        "PUBLIC_URL",
        "LINE_CHANNEL_SECRET",
        "LINE_CHANNEL_ACCESS_TOKEN",
        "LINE_BASIC_ID",
        "SECRET_KEY",
    ):
        assert f'id="v-{name}"' in page
    assert "DATABASE_URL" in page
    assert not answers.is_over.is_set(), "the platform starts the process again"
    key = answers.get("SECRET_KEY")
    post(client, "finish")
    assert answers.get("SECRET_KEY") == key


@pytest.mark.parametrize(
    "path", ["/set-up/", "/set-up/another/", "/set-up/another/shop", "/console/", "/nowhere"]
)
def test_everything_else_is_not_there(owner: FlaskClient, path: str) -> None:
    answer = owner.get(path)
    assert answer.status_code == 404
    assert TOKEN not in answer.text


def test_the_front_page_says_where_the_address_stands(owner: FlaskClient) -> None:
    page = owner.get("/", headers={"Host": "evil.example"})
    assert page.status_code == 200
    assert "ログに出ています" in page.text
    assert TOKEN not in page.text
    assert json.loads(owner.get("/healthz").text)["status"] == "set-up"
    assert owner.get("/readyz").status_code == 503


def test_guessing_is_limited_and_the_right_address_always_works(owner: FlaskClient) -> None:
    statuses = [owner.get(f"/set-up/guess-{number}/shop").status_code for number in range(25)]
    assert statuses == [404] * 20 + [429] * 5
    assert owner.get(f"{BASE}/shop").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 422),
        ({"Origin": "http://localhost"}, 422),
        ({}, 422),
    ],
)
def test_another_sites_form_is_refused(owner: FlaskClient, headers: dict[str, str], status: int) -> None:
    assert owner.post(f"{BASE}/shop", data={"name": ""}, headers=headers).status_code == status


def test_a_foreign_host_header_leads_nowhere(owner: FlaskClient) -> None:
    answer = owner.get(f"{BASE}/", headers={"Host": "evil.example"})
    assert answer.location == f"{BASE}/shop"
    page = owner.get(f"{BASE}/shop", headers={"Host": 'evil.example"><script>', "X-Forwarded-Proto": "https"})
    assert "<script>" not in page.text.replace("<script src=", "")


def test_pages_load_nothing_from_elsewhere_and_give_no_address_away(owner: FlaskClient) -> None:
    page = owner.get(f"{BASE}/shop")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for address in re.findall(r'(?:src|href)="([^"#]+)"', page.text):
        assert owner.get(address).status_code == 200, address
    assert owner.get(f"{BASE}/assets/console.js").status_code == 404


def test_it_speaks_english_too(owner: FlaskClient) -> None:
    assert "Name and address" in owner.get(f"{BASE}/shop", headers={"Accept-Language": "en"}).text
    assert owner.post(f"{BASE}/language/en").status_code == 303
    page = owner.get(f"{BASE}/shop").text
    assert not re.findall(r"[ぁ-んァ-ヶ一-龠]+", re.sub(r"<[^>]+>", "", page).replace("日本語", ""))
    assert owner.post(f"{BASE}/language/xx").status_code == 404
