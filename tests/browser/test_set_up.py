"""A shop is set up in the browser from an empty folder, against a strict LINE on this machine, until a customer has
answered the question."""

import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.phone.client import Handset
from demo.phone.platform import Platform, create_platform
from tests.faults.test_kill import free_port
from tests.project_files import ROOT

SECRET, TOKEN = secrets.token_hex(16), secrets.token_urlsafe(120)
PASSWORD = "tsukimi-garasu-17-enpitsu"
PATIENCE_SECONDS = 120.0
"""For the start of the product's processes, of which each loads for some seconds on a busy machine."""
LEFT_OUT = {
    "tests",
    "benchmarks",
    "docs",
    ".git",
    ".venv",
    ".env",
    "var",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}


@dataclass
class Started:
    """`script/start` in a folder of its own."""

    process: subprocess.Popen[str]
    folder: Path
    port: int

    @property
    def log(self) -> str:
        return (self.folder.parent / "start.log").read_text()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def address(self) -> str:
        """The set-up page's address, as the terminal shows it."""
        until = time.monotonic() + PATIENCE_SECONDS
        while (found := re.search(r"http://127\.0\.0\.1:\d+(/set-up/[\w-]+/)", self.log)) is None:
            assert time.monotonic() < until and self.process.poll() is None, self.log
            time.sleep(0.1)
        return self.base + found[1]


def checkout(folder: Path) -> Path:
    """A copy of the product in an empty folder, with the libraries of this run in its `.venv`."""
    made = folder / "goen"

    def left_out(where: str, names: list[str]) -> set[str]:
        return {each for each in names if each == "__pycache__" or (Path(where) == ROOT and each in LEFT_OUT)}

    shutil.copytree(ROOT, made, ignore=left_out)
    venv, mine = made / ".venv", Path(sys.prefix)
    (venv / "bin").mkdir(parents=True)
    for name in ("python", "python3"):
        (venv / "bin" / name).symlink_to(Path(sys.executable).resolve())
    shutil.copy(mine / "pyvenv.cfg", venv / "pyvenv.cfg")
    (venv / "lib").symlink_to(mine / "lib")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    digest = hashlib.sha256((made / "requirements.txt").read_bytes()).hexdigest()
    stamp = {"made for": f"Python {version} in {made}", "requirements.txt": digest}
    (venv / "installed.json").write_text(json.dumps(stamp))
    return made


@pytest.fixture
def line() -> Iterator[Platform]:
    with create_platform(
        channel_secret=SECRET, access_token=TOKEN, shop_name="ひだまり堂", basic_id="@hidamari"
    ) as platform:
        yield platform


@pytest.fixture
def started(tmp_path: Path, line: Platform) -> Iterator[Started]:
    folder, port = checkout(tmp_path), free_port()
    path = f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}"
    environ = {"PATH": path, "HOME": str(tmp_path), "LANG": "C.UTF-8", "PORT": str(port)}
    environ |= {"LINE_API_URL": line.url, "LINE_DATA_API_URL": line.url}
    with (tmp_path / "start.log").open("w") as log:
        process = subprocess.Popen(
            ["sh", "script/start"],
            cwd=folder,
            env=environ,
            stdout=log,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        yield Started(process, folder, port)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def test_a_shop_is_set_up_from_an_empty_folder(started: Started, line: Platform, page: Page) -> None:
    pid = started.process.pid
    page.goto(started.address())
    page.get_by_label("お店の名前").fill("ひだまり堂")
    page.get_by_label("お客様に見せるアドレス").fill(started.base)
    page.get_by_role("button", name="確かめて次へ").click()
    page.get_by_label("チャネルシークレット", exact=True).fill(SECRET)
    page.get_by_label("チャネルアクセストークン").fill("x" * 170)
    page.get_by_role("button", name="LINEに確かめて次へ").click()
    expect(page.get_by_role("alert")).to_contain_text("認めませんでした")
    page.get_by_label("チャネルシークレット", exact=True).fill(SECRET)
    page.get_by_label("チャネルアクセストークン").fill(TOKEN)
    page.get_by_role("button", name="LINEに確かめて次へ").click()
    expect(page.get_by_text("@hidamari")).to_be_visible()
    page.get_by_role("button", name="登録して試す").click()
    page.get_by_label("CSVファイルで").check()
    page.get_by_role("button", name="次へ").click()
    env_file = started.folder / ".env"
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    page.get_by_role("button", name="Goenを始める").click()
    expect(page.get_by_role("heading", name="オーナーの登録")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    assert started.process.poll() is None and started.process.pid == pid
    assert line.channel.webhook_url == f"{started.base}/callback"
    make_the_owner(page)
    word_the_answers(page)
    set_the_hours(page)
    publish_the_menus(page, line)
    phone = line.handset("花")
    answer_the_question(page, line, phone)
    page.goto(f"{started.base}/console/today")
    expect(page.get_by_role("heading", name="LINE: 接続中")).to_be_visible()
    for secret in (SECRET, TOKEN):
        assert secret not in started.log
        assert secret in env_file.read_text()
        database = b"".join(each.read_bytes() for each in (started.folder / "var").glob("goen.sqlite3*"))
        assert secret.encode() not in database


def make_the_owner(page: Page) -> None:
    page.get_by_label("メールアドレス").fill("hanako@hidamari.example")
    page.get_by_label("お名前").fill("鈴木 はな子")
    page.get_by_label("パスワード（10文字以上）").fill(PASSWORD)
    page.get_by_label("パスワードをもう一度").fill(PASSWORD)
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("heading", name="お店の準備")).to_be_visible()
    expect(page.get_by_role("link", name="2段階認証")).to_be_visible()


def word_the_answers(page: Page) -> None:
    page.get_by_role("link", name="お店の答え").click()
    page.get_by_label("送料はいくらですか？").first.fill(
        "送料は全国一律500円です。5,000円以上のお買い物で無料になります📦"
    )
    for box in page.get_by_label("この文のままでよい").all():
        box.check()
    page.get_by_role("button", name="まとめて保存する").click()
    expect(page.get_by_text("保存しました。お客様への答えは")).to_be_visible()


def set_the_hours(page: Page) -> None:
    page.get_by_role("link", name="お返事する時間").click()
    page.get_by_label("土曜").check()
    page.get_by_label("はじまり").fill("09:30")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("お返事する時間を保存しました")).to_be_visible()


def publish_the_menus(page: Page, line: Platform) -> None:
    page.get_by_role("link", name="トーク画面のメニュー").click()
    page.get_by_role("button", name="メニューを出す").click()
    expect(page.get_by_text("メニューは、LINEに出ています")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    assert line.channel.rich_menus.default_id is not None
    page.get_by_role("link", name="お店の準備").click()


def answer_the_question(page: Page, line: Platform, phone: Handset) -> None:
    page.get_by_role("link", name="自分に質問を送ってみる").click()
    expect(page.get_by_text("まだ友だちがいません")).to_be_visible()
    phone.follow()
    page.get_by_role("button", name="この方に送る").click()
    expect(page.get_by_text("LINEで0から10のどれか")).to_be_visible()
    phone.tap("9")
    expect(page.get_by_text("答えが届きました: 9点")).to_be_visible()
