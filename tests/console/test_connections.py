"""The page 接続: who may open it, what it shows, how values are tried, and where they are written."""

import threading
from collections.abc import Iterator
from pathlib import Path

import peewee
import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from app import create_app
from bot import changed_settings, facts
from bot.config import env_file, shop
from bot.config import settings as bot_settings
from bot.config.settings import Settings
from bot.db import database as bot_database
from bot.queue import inbox
from console.auth.sessions import StaffSession
from console.connections import known
from console.shell.audit import AuditEntry
from demo.line.channel import Identity
from demo.phone.platform import Platform, create_platform
from tests.console import chats
from tests.console.conftest import SignIn, get, post

SECRET, TOKEN = "0123456789abcdef" * 2, "An+access/token=" * 10
OLD_SECRET, OLD_TOKEN = "fedcba9876543210" * 2, "An+older/token==" * 10
SECOND = Identity(
    "00112233445566778899aabbccddeeff", "The+second/token" * 10, "ひだまり堂サポート", "@hidasupport"
)
PAGE = "/console/settings/connections"


@pytest.fixture
def line() -> Iterator[Platform]:
    with create_platform(
        channel_secret=SECRET,
        access_token=TOKEN,
        shop_name="ひだまり堂",
        basic_id="@goentest",
        support=SECOND,
    ) as platform:
        yield platform


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.write_text(f'# Our shop\nOTHER="kept as it is"\nLINE_CHANNEL_ACCESS_TOKEN="{OLD_TOKEN}"\n')
    return path


@pytest.fixture
def config(settings: Settings, line: Platform, file: Path) -> Settings:
    """A shop whose LINE values are of before, with its settings in `.env`; LINE reaches its web process."""
    return bot_settings.use(
        settings.model_copy(
            update={
                "line_api_url": line.url,
                "line_channel_secret": OLD_SECRET,
                "line_channel_access_token": OLD_TOKEN,
                "settings_file": file,
            }
        )
    )


@pytest.fixture
def owner(
    config: Settings, line: Platform, database: peewee.Database, sign_in: SignIn
) -> Iterator[FlaskClient]:
    """An owner who has confirmed who they are; the web process is served, for LINE's try of the webhook."""
    shop.use({})
    client = sign_in("owner")
    web = create_app(config)
    server = make_server("127.0.0.1", 0, web, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    bot_settings.use(config.model_copy(update={"public_url": address}))
    line.channel.webhook_url = f"{address}/callback"
    yield client
    server.shutdown()
    bot_database.close()


def change(client: FlaskClient, key: str, **typed: str) -> TestResponse:
    answer: TestResponse = post(client, f"{PAGE}/{key}", page=PAGE, htmx=False, **typed)
    return answer


def line_values(secret: str = "", token: str = "") -> dict[str, str]:
    return {"line_channel_secret": secret, "line_channel_access_token": token}


def test_staff_may_not_open_it(config: Settings, sign_in: SignIn) -> None:
    assert get(sign_in("staff"), PAGE).status_code == 403


def test_the_forms_are_there_once_the_password_was_given(owner: FlaskClient) -> None:
    StaffSession.update(confirmed_at=None).execute()
    page = get(owner, PAGE).text
    assert 'name="line_channel_secret"' not in page
    assert "LINE Developersコンソール" in page, "where to find each value"
    sent = change(owner, "line", **line_values(token=TOKEN))
    assert sent.status_code == 303
    assert TOKEN not in get(owner, PAGE).text
    asked = post(owner, f"{PAGE}/open", page=PAGE)
    assert "いまのパスワード" in asked.text
    assert post(owner, f"{PAGE}/open", page=PAGE, confirm_password=chats.PASSWORD).location == PAGE
    assert 'name="line_channel_secret"' in get(owner, PAGE).text


def test_a_new_token_is_tried_written_and_recorded(owner: FlaskClient, file: Path) -> None:
    assert change(owner, "line", **line_values(token=TOKEN)).location == f"{PAGE}#line"
    assert env_file.read(file) == {"OTHER": "kept as it is", "LINE_CHANNEL_ACCESS_TOKEN": TOKEN}
    assert file.read_text().startswith("# Our shop\n")
    assert file.stat().st_mode & 0o777 == 0o600
    page = get(owner, PAGE).text
    assert "数秒で" in page
    assert OLD_TOKEN not in page
    assert TOKEN not in page
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert entry.kind == "change_connection"
    assert "LINE_CHANNEL_ACCESS_TOKEN" in entry.details
    assert TOKEN not in whole_database()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (line_values(token="Another+token///" * 10), "認めませんでした"),
        (line_values(token="short"), "形ではありません"),
        (line_values(token=SECRET), "チャネルシークレットのようです"),
        (line_values(secret="1234567890", token=TOKEN), "チャネルIDです"),
        (line_values(secret="f" * 32, token=TOKEN), "署名が合いませんでした"),
        (line_values(), "変えるところだけ"),
    ],
)
def test_a_wrong_value_is_named_and_the_old_one_stays(
    owner: FlaskClient, file: Path, values: dict[str, str], said: str
) -> None:
    before = file.read_text()
    answer = change(owner, "line", **values)
    page = answer.text if answer.status_code == 422 else get(owner, PAGE).text
    assert said in page
    assert file.read_text() == before
    assert not [given for given in values.values() if given and given in page], "secrets are not shown again"


def test_a_new_secret_is_tried_by_a_webhook_that_line_signs(
    owner: FlaskClient, file: Path, line: Platform
) -> None:
    assert change(owner, "line", **line_values(SECRET, TOKEN)).status_code == 303
    assert env_file.read(file)["LINE_CHANNEL_SECRET"] == SECRET
    assert "試し送りはできません" not in get(owner, PAGE).text
    assert not inbox.anything_pending()


def test_a_secret_that_line_cannot_try_is_stored_with_that_doubt(
    owner: FlaskClient, file: Path, line: Platform
) -> None:
    line.channel.webhook_url = "http://127.0.0.1:9/callback"
    assert change(owner, "line", **line_values(SECRET, TOKEN)).status_code == 303
    assert env_file.read(file)["LINE_CHANNEL_SECRET"] == SECRET
    assert "試し送りはできませんでした" in get(owner, PAGE).text


def test_another_account_is_asked_about_first(owner: FlaskClient, file: Path) -> None:
    values = line_values(SECOND.channel_secret, SECOND.access_token)
    bot_settings.use(bot_settings.current().model_copy(update={"public_url": "https://goen.example"}))
    asked = change(owner, "line", **values)
    assert asked.status_code == 422
    assert "ひだまり堂サポート（@hidasupport）" in asked.text
    assert "LINE_BASIC_ID" not in env_file.read(file)
    assert (
        change(owner, "line", **line_values(token=SECOND.access_token), account="@hidasupport").status_code
        == 303
    )
    assert env_file.read(file)["LINE_BASIC_ID"] == "@hidasupport"


def test_the_second_account_is_added_and_taken_away(owner: FlaskClient, file: Path, line: Platform) -> None:
    bot_settings.use(
        bot_settings.current().model_copy(
            update={"line_channel_secret": SECRET, "line_channel_access_token": TOKEN}
        )
    )
    mine = {"line_support_channel_secret": SECRET, "line_support_channel_access_token": TOKEN}
    assert "1つめのアカウント" in change(owner, "support", **mine).text
    theirs = {
        "line_support_channel_secret": SECOND.channel_secret,
        "line_support_channel_access_token": SECOND.access_token,
    }
    answer = change(owner, "support", **(theirs | {"line_support_channel_secret": "f" * 32}))
    assert "署名が合いませんでした" in answer.text
    assert change(owner, "support", **theirs).status_code == 303
    stored = env_file.read(file)
    assert stored["LINE_SUPPORT_CHANNEL_SECRET"] == SECOND.channel_secret
    assert stored["LINE_SUPPORT_BASIC_ID"] == "@hidasupport"
    assert line.support is not None
    assert line.support.webhook_url.endswith("/callback/support")
    assert change(owner, "support", end="1").status_code == 303
    assert not [name for name in env_file.read(file) if "SUPPORT" in name]


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("shopify", {"shopify_webhook_secret": "short"}, "Shopifyの署名鍵"),
        ("login", {"line_login_channel_id": "1234567890"}, "LINE_LOGIN_CHANNEL_SECRET"),
        ("login", {"line_login_channel_id": "abc", "line_login_channel_secret": SECRET}, "数字だけ"),
        ("membership", {"account_link_url": "http://shop.example"}, "https://"),
    ],
)
def test_the_form_of_the_others_is_checked(
    owner: FlaskClient, file: Path, key: str, typed: dict[str, str], said: str
) -> None:
    before = file.read_text()
    answer = change(owner, key, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert file.read_text() == before


def test_shopify_and_line_login_are_added(owner: FlaskClient, file: Path) -> None:
    assert change(owner, "shopify", shopify_webhook_secret="s" * 40).status_code == 303
    login = {"line_login_channel_id": "1234567890", "line_login_channel_secret": SECOND.channel_secret}
    assert change(owner, "login", **login).status_code == 303
    assert {"SHOPIFY_WEBHOOK_SECRET", "LINE_LOGIN_CHANNEL_ID", "LINE_LOGIN_CHANNEL_SECRET"} <= set(
        env_file.read(file)
    )


def test_where_settings_come_from_outside_the_page_says_what_to_set(owner: FlaskClient, file: Path) -> None:
    before = file.read_text()
    bot_settings.use(bot_settings.current().model_copy(update={"settings_file": None}))
    page = change(owner, "line", **line_values(token=TOKEN))
    assert page.status_code == 200
    assert "LINE_CHANNEL_ACCESS_TOKEN" in page.text
    assert f'value="{TOKEN}" readonly' in page.text
    assert TOKEN not in get(owner, PAGE).text
    assert file.read_text() == before


def test_a_file_that_cannot_be_written_changes_nothing(owner: FlaskClient, file: Path) -> None:
    before = file.read_text()
    gone = file.parent / "a folder that is gone" / ".env"
    bot_settings.use(bot_settings.current().model_copy(update={"settings_file": gone}))
    page = change(owner, "shopify", shopify_webhook_secret="s" * 40)
    assert page.status_code == 500
    assert ".env に書けませんでした" in page.text
    assert file.read_text() == before
    assert facts.changed_at("connection:shopify") is None


def test_every_value_of_the_page_is_taken_over_while_running() -> None:
    values = {name.upper() for each in (*known.CONNECTIONS, known.STORAGE) for name in each.settings}
    assert values == set(changed_settings.NAMES)


def test_the_warnings_lead_to_it(owner: FlaskClient) -> None:
    assert PAGE in get(owner, "/console/settings").text
    assert f"{PAGE}#shopify" in get(owner, "/console/set-up/orders").text


def whole_database() -> str:
    """Every row of every table as text."""
    bound = bot_database.database.obj
    return "".join(
        str(bound.execute_sql(f'SELECT * FROM "{name}"').fetchall()) for name in bound.get_tables()
    )
