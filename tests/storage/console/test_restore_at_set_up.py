"""A backup is put back on the set-up page of an empty install: what is said of a file that does not fit, and that
set-up goes on afterwards."""

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot import conversations, localtime
from bot.backups import archive, restoring
from bot.config import env_file, settings
from bot.db import database
from bot.db.database import write_transaction
from bot.files import storage
from bot.queue import sending_held
from console.auth import staff_accounts
from console.first_start import restore, site
from console.first_start.answers import Answers
from customers.people import customer as customers
from customers.people.customer import Customer
from rewards.ledger import ledger
from rewards.ledger.reconciliation import reconcile
from set_up import serving
from tests import orders

TOKEN = "the-secret-part-of-the-address"
PAGE = f"/set-up/{TOKEN}/restore"
LINE_ID = "U" + "a" * 32


@pytest.fixture
def backup(any_database: object, tmp_path: Path) -> bytes:
    """The file of a shop with a customer, points, a picture and an owner."""
    with write_transaction():
        who = customers.follow(LINE_ID, conversations.ensure(LINE_ID))
        customers.learn_profile(who, "鈴木 花")
        orders.ordered(who, localtime.now(), 4_000)
        ledger.adjust(who.id, 300, 1, "おわび", cause="staff:1")
        staff_accounts.add("hana@example.jp", "佐藤 はな", "owner", "tsukimi-garasu-17")
    storage.put("media/1", b"a picture", "image/png")
    return archive.make(tmp_path / "backups").path.read_bytes()


@pytest.fixture
def empty(backup: bytes, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the environment of an empty install holds, on the same kind of database."""
    before = settings.current()
    url = before.database_url
    if database.is_postgres():
        restoring._drop_all()
    else:
        database.close()
        url = f"sqlite:///{tmp_path}/new/goen.sqlite3"
    yield {"DATABASE_URL": url, "DATA_DIR": str(tmp_path / "new")}
    database.close()
    settings.use(before)
    database.connect(before.database_url)
    if database.is_postgres():
        database.migrate()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.fixture
def owner(empty: dict[str, str], file: Path) -> FlaskClient:
    return site.create_site(Answers(TOKEN, empty, file)).test_client()


def give(client: FlaskClient, content: bytes, **form: str) -> str:
    """Upload that file, and wait until the page says what came of it."""
    answer = client.post(PAGE, data={"backup": (io.BytesIO(content), "goen.zip"), **form})
    assert answer.location == PAGE
    until = time.monotonic() + 120
    while "確かめて、戻しています" in (text := client.get(PAGE).text):
        assert time.monotonic() < until
        time.sleep(0.05)
    return text


def alert(text: str) -> str:
    return text.partition('role="alert">')[2].partition("</p>")[0]


def test_a_shop_comes_back_and_set_up_goes_on(
    owner: FlaskClient, backup: bytes, empty: dict[str, str], file: Path
) -> None:
    assert "バックアップから戻す" in owner.get(f"/set-up/{TOKEN}/shop").text
    text = give(owner, backup, key="the-key-of-the-machine-that-died-0123456789")
    assert "バックアップを戻しました" in text, alert(text)
    assert "検算が合わない" not in text
    assert Customer.get(Customer.line_user_id == LINE_ID).display_name == "鈴木 花"
    assert sending_held.is_held()
    assert not reconcile().faults
    assert set(storage.all_keys()) == {"media/1"}
    assert not (Path(empty["DATA_DIR"]) / restore.UPLOAD).exists()
    assert env_file.read(file)["OLD_SECRET_KEY"] == "the-key-of-the-machine-that-died-0123456789"
    assert owner.get(f"/set-up/{TOKEN}/").location == f"/set-up/{TOKEN}/shop"
    assert "もう一度うかがいます" in owner.get(f"/set-up/{TOKEN}/shop").text
    again = site.create_site(Answers(TOKEN, empty | env_file.read(file), file)).test_client()
    assert "バックアップを戻しました" in again.get(PAGE).text, "also after a restart"
    serving.refuse_a_running_shop(empty)  # does not exit: set-up is to go on


def test_it_is_never_put_over_a_shop(owner: FlaskClient, backup: bytes) -> None:
    give(owner, backup)
    again = site.create_site(Answers(TOKEN, owner_settings(), None)).test_client()
    text = give(again, backup)
    assert "データベースが空ではありません" in text
    assert "何も変わっていません" in text
    assert Customer.select().count() == 1


def owner_settings() -> dict[str, str]:
    config = settings.current()
    return {"DATABASE_URL": config.database_url, "DATA_DIR": str(config.data_dir)}


def changed(backup: bytes, name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(backup)) as source, zipfile.ZipFile(made, "w") as target:
        for each in source.namelist():
            target.writestr(each, content if each == name else source.read(each))
    return made.getvalue()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("no zip", "Goenのバックアップではない"),
        ("cut", "途中で切れているか"),
        ("another zip", "Goenのバックアップではないよう"),
        ("damaged", "こわれています"),
        ("newer", "もっと新しい版"),
        ("outside", "読めません"),
    ],
)
def test_a_file_that_does_not_fit_is_said_in_words_and_the_right_one_may_follow(
    owner: FlaskClient, backup: bytes, what: str, said: str
) -> None:
    manifest = zipfile.ZipFile(io.BytesIO(backup)).read(archive.MANIFEST)
    content = {
        "no zip": b"hello",
        "cut": backup[: len(backup) // 2],
        "another zip": changed(backup, archive.MANIFEST, b"[]"),
        "damaged": changed(backup, "files/media/1", b"a Picture"),
        "newer": changed(backup, archive.MANIFEST, manifest.replace(b'"format": 1', b'"format": 2')),
        "outside": changed(backup, archive.MANIFEST, manifest.replace(b"files/media/1", b"files/media/../1")),
    }[what]
    text = give(owner, content)
    assert said in text
    assert "何も変わっていません" in text
    english = owner.get(PAGE, headers={"Accept-Language": "en"}).text
    assert said not in english
    assert "バックアップを戻しました" in give(owner, backup)


def test_without_a_file_it_asks_for_one(owner: FlaskClient) -> None:
    assert owner.post(PAGE, data={"key": ""}).location == PAGE
    assert "ファイルを選んでください" in owner.get(PAGE).text


def test_a_large_file_goes_to_the_disk_as_it_arrives(
    owner: FlaskClient, empty: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []

    def measured(self: restore.Restoration) -> bool:
        sizes.append((Path(empty["DATA_DIR"]) / restore.UPLOAD).stat().st_size)
        self.refuse("stop here")
        return True

    monkeypatch.setattr(restore.Restoration, "begin", measured)
    owner.post(PAGE, data={"backup": (io.BytesIO(b"x" * 30_000_000), "goen.zip")})
    assert sizes == [30_000_000]
    assert not (Path(empty["DATA_DIR"]) / restore.UPLOAD).exists()


def test_on_a_platform_without_a_database_it_waits_for_one(empty: dict[str, str]) -> None:
    client = site.create_site(Answers(TOKEN, {"DATA_DIR": empty["DATA_DIR"]}, None)).test_client()
    page = client.get(PAGE).text
    assert "DATABASE_URL がまだありません" in page
    assert 'type="file"' not in page
