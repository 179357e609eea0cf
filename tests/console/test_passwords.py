"""Guessable passwords are refused wherever one is set, with a sentence that says what would be accepted."""

import pytest
from click.testing import CliRunner
from flask import Flask

from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from console.auth import invitations, passwords, staff_accounts
from console.auth.passwords import Fault, fault_of
from console.auth.staff_accounts import PasswordRefused, Role
from manage import manage
from tests.console import chats
from tests.console.conftest import SignIn, get, post

PERSON = ("ichiro.suzuki@hidamari.example.jp", "鈴木 一郎 Ichiro")


@pytest.fixture(autouse=True)
def _shop(settings: bot_settings.Settings) -> None:
    shop = {
        "shop_name": "ひだまり堂",
        "line_basic_id": "@hidamari_do",
        "public_url": "https://bot.hidamarido.example",
    }
    bot_settings.use(settings.model_copy(update=shop))


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", Fault.LENGTH),
        ("月見ガラスと鉛筆", Fault.LENGTH),
        ("x" * 201, Fault.LENGTH),
        ("1234567890", Fault.COMMON),
        ("１２３４５６７８９０", Fault.COMMON),
        ("password2026", Fault.COMMON),
        ("P@ssw0rd123", Fault.COMMON),
        ("PASSWORD!PASSWORD!", Fault.COMMON),
        ("パスワード1234567", Fault.COMMON),
        ("あいうえおかきくけこ", Fault.COMMON),
        ("iloveyou1234", Fault.COMMON),
        ("welcome12345", Fault.COMMON),
        ("admin@12345", Fault.COMMON),
        ("changeme123", Fault.COMMON),
        ("sakura2026!", Fault.COMMON),
        ("himawari1234", Fault.COMMON),
        ("arigatou2026", Fault.COMMON),
        ("qwertyuiop", Fault.COMMON),
        ("poiuytrewq", Fault.COMMON),
        ("1qaz2wsx3edc", Fault.COMMON),
        ("!QAZ2wsx#EDC", Fault.COMMON),
        ("asdfghjkl;", Fault.COMMON),
        ("aaaaaaaaaaaa", Fault.COMMON),
        ("--------------------", Fault.COMMON),
        ("abcabcabcabc", Fault.COMMON),
        ("さくらさくらさくらさくら", Fault.COMMON),
        ("19850412abcd", Fault.COMMON),
        ("0312345678", Fault.COMMON),
        ("hidamari2026", Fault.OWN_WORDS),
        ("Hidamari-do-1", Fault.OWN_WORDS),
        ("ひだまり堂2026年!", Fault.OWN_WORDS),
        ("ひだまり堂のパスワード", Fault.OWN_WORDS),
        ("ichiro.suzuki", Fault.OWN_WORDS),
        ("suzukiichiro1", Fault.OWN_WORDS),
        ("Ichiro Suzuki 2026", Fault.OWN_WORDS),
        ("鈴木一郎鈴木一郎鈴木", Fault.OWN_WORDS),
        ("ichiro.suzuki@hidamari.example.jp", Fault.OWN_WORDS),
        ("correct horse battery", None),
        ("tsukimi-garasu-17-enpitsu", None),
        ("月見とガラスと鉛筆の午後", None),
        ("kK8#jd92ms", None),
        ("mX7-pQ2-vL9", None),
        ("ichiro-tsukimi-garasu-enpitsu", None),
    ],
)
def test_a_password_is_good_or_guessable(password: str, fault: Fault | None) -> None:
    assert fault_of(password, *PERSON) == fault


@pytest.mark.parametrize("suggested", ["Kx7-Qm2p-Zr9w-Tb4L", "xogwuf-3hizQi-cowmyt", "J6Nq7pVxGz2rTfW"])
def test_what_browsers_suggest_is_good(suggested: str) -> None:
    assert fault_of(suggested, *PERSON) is None


def test_an_invited_person_reads_which_password_would_be_accepted_and_the_invitation_stays(
    app: Flask, sign_in: SignIn
) -> None:
    sign_in("owner")
    owner = staff_accounts.find("owner@example.jp")
    assert owner
    with write_transaction():
        path = f"/console/join/{invitations.make(owner, '田中 みお', Role.STAFF)}"
    mio = app.test_client()
    for language, words in (("ja", "関係のない言葉を3つ以上"), ("en", "Join three or more words")):
        post(mio, f"/console/language/{language}", page=path)
        answer = post(mio, path, page=path, email="mio@example.jp", name="田中 みお", password="qwertyuiop")
        assert answer.status_code == 422
        assert words in answer.text
        assert 'value="mio@example.jp"' in answer.text, "what was typed stays"
    answer = post(mio, path, page=path, email="mio@example.jp", name="田中 みお", password=chats.PASSWORD)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "10文字以上"), ("1qaz2wsx3edc", "キーの並び"), ("staff-example-jp", "お店の名前")],
)
def test_a_changed_password_is_checked_too(sign_in: SignIn, password: str, words: str) -> None:
    client = sign_in("staff")
    post(client, "/console/account/password", page="/console/account", old=chats.PASSWORD, new=password)
    assert words in get(client, "/console/account").text
    assert staff_accounts.authenticate("staff@example.jp", chats.PASSWORD)


def test_the_commands_refuse_it_with_the_same_reason(
    database: object, settings: bot_settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.staff.start", lambda _register: settings)
    arguments = ["staff", "add", "hana@example.jp", "佐藤 はな", "--password", "1qaz2wsx3edc"]
    answer = CliRunner().invoke(manage, arguments)
    assert answer.exit_code == 1
    assert "a row of keys" in answer.output
    assert "Example of its form" in answer.output
    assert CliRunner().invoke(manage, [*arguments[:-1], chats.PASSWORD]).exit_code == 0
    answer = CliRunner().invoke(
        manage, ["staff", "password", "hana@example.jp", "--password", "password2026"]
    )
    assert answer.exit_code == 1
    assert staff_accounts.authenticate("hana@example.jp", chats.PASSWORD)


def test_the_error_carries_its_reason(database: object) -> None:
    with pytest.raises(PasswordRefused) as refused, write_transaction():
        staff_accounts.add("hana@example.jp", "佐藤 はな", "staff", "1234567890")
    assert refused.value.fault is Fault.COMMON
    assert staff_accounts.find("hana@example.jp") is None


def test_the_list_of_japanese_passwords_names_its_source() -> None:
    text = passwords.WORDS_IN_JAPAN.read_text("utf-8")
    assert "Of our own making" in text
    assert len(text.split()) > 50
