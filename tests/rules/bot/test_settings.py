"""The environment is validated at start-up, and an invalid setting gets a sentence that says how to correct it."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import settings
from bot.config.settings import Settings, SettingsError, load

FIT = {
    "LINE_CHANNEL_SECRET": "0123456789abcdef0123456789abcdef",
    "LINE_CHANNEL_ACCESS_TOKEN": "long+token/with=signs==",
    "LINE_BASIC_ID": "@123abcde",
    "PUBLIC_URL": "https://bot.example.jp",
    "SECRET_KEY": "DSpVhgFJxKbAjIcZ7N3mQ0tRyW5eUo2L",
    "SHOP_NAME": "ひだまり堂",
}


def complaint(**changed: str) -> str:
    with pytest.raises(SettingsError) as raised:
        load(FIT | changed)
    return str(raised.value)


def test_six_settings_are_enough() -> None:
    made = load(FIT)
    assert made.shop_name == "ひだまり堂"
    assert made.line_api_url == "https://api.line.me"
    assert made.shop_timezone == "Asia/Tokyo"
    assert made.database_url.startswith("sqlite:///")
    assert not made.demo


@pytest.mark.parametrize("name", FIT)
def test_a_missing_setting_is_named_with_what_it_is_and_where_to_find_it(name: str) -> None:
    said = complaint(**{name: ""})
    what, _, where = (Settings.model_fields[name.lower()].description or "").partition(" — ")
    assert said.startswith(f"{name} is not set. It is: {what}. Where to find it: {where}.")


def test_files_elsewhere_need_a_bucket_and_its_keys() -> None:
    said = complaint(MEDIA_STORE="s3", S3_BUCKET="goen-hidamari", S3_ACCESS_KEY_ID="AK")
    assert said == "MEDIA_STORE=s3 also needs S3_SECRET_ACCESS_KEY. Or unset MEDIA_STORE to keep files here."
    said = complaint(S3_ENDPOINT_URL="https://s3.example.jp/goen-hidamari")
    assert said.startswith("S3_ENDPOINT_URL is the storage's address alone, without a path")
    keys = {"S3_BUCKET": "goen-hidamari", "S3_ACCESS_KEY_ID": "AK", "S3_SECRET_ACCESS_KEY": "secret"}
    made = load(FIT | keys | {"MEDIA_STORE": "s3"})
    assert (made.media_store, made.s3_region, made.s3_endpoint_url) == ("s3", "ap-northeast-1", None)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        load({})
    assert [line.split()[0] for line in str(raised.value).splitlines()] == list(FIT)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("LINE_CHANNEL_ACCESS_TOKEN", "token with blanks", "without blanks"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "トークンを貼ってください", "ascii"),
        ("LINE_BASIC_ID", "123abcde", "@ followed by"),
        ("PUBLIC_URL", "bot.example.jp", "web address"),
        ("PUBLIC_URL", "http://bot.example.jp", "https://"),
        ("LINE_API_URL", "http://api.line.me", "https://"),
        ("LINE_LOGIN_CHANNEL_ID", "@login", "digits"),
        ("LINE_LOGIN_CHANNEL_SECRET", "with blanks", "without blanks"),
        (
            "LINE_LOGIN_URL",
            "https://login.example",
            "must be https://access.line.me, or an address on this machine",
        ),
        ("SECRET_KEY", "short", "32 characters or more, and has 5"),
        ("SECRET_KEY", "0123456789abcdef0123456789abcde", "32 characters or more, and has 31"),
        ("SECRET_KEY", "x" * 64, "repeats"),
        ("SECRET_KEY", "changeme" * 8, "repeats"),
        ("SECRET_KEY", "ab" * 15 + "cde", "repeats"),
        ("SHOP_TIMEZONE", "Asia/Tokio", "not a time zone"),
        ("MEDIA_STORE", "dropbox", "'local' or 's3'"),
        ("S3_BUCKET", "https://bucket.example", "pattern"),
        ("S3_ENDPOINT_URL", "s3.isk01.sakurastorage.jp", "web address"),
        ("S3_ENDPOINT_URL", "http://s3.isk01.sakurastorage.jp", "https://"),
        ("S3_REGION", "Tokyo, Japan", "pattern"),
        ("SHOP_LOGO", "/nowhere/logo.png", "cannot be read"),
        ("SHOP_LOGO", __file__, "png or jpeg"),
        ("DATABASE_URL", "mysql://localhost/goen", "sqlite:/// or postgresql://"),
        ("DATABASE_URL", "sqlite:///", "sqlite:/// or postgresql://"),
        ("PORT", "eighty", "integer"),
        ("LISTEN_ADDRESS", "localhost:8000", "in digits"),
        ("PORT", "70000", "65535"),
        ("LOG_LEVEL", "loud", "debug, info, warning or error"),
    ],
)
def test_a_wrong_setting_is_named_with_its_reason(name: str, value: str, reason: str) -> None:
    said = complaint(**{name: value})
    assert said.startswith(f"{name} cannot be used: ")
    assert reason in said
    assert "Where to find it: " in said


@pytest.mark.parametrize("make", [secrets.token_hex, secrets.token_urlsafe])
def test_a_random_key_is_taken_however_it_was_made(make: Callable[[int], str]) -> None:
    for _ in range(1000):
        load(FIT | {"SECRET_KEY": make(24)})


def test_a_shop_that_began_with_a_short_key_goes_on_with_it_beside_a_new_one() -> None:
    said = complaint(SECRET_KEY="short")
    assert "token_urlsafe(32)" in said
    assert "OLD_SECRET_KEY" in said
    made = load(FIT | {"OLD_SECRET_KEY": "short-and-in-use"})
    assert (made.secret_key, made.hash_key) == (FIT["SECRET_KEY"], "short-and-in-use")
    assert load(FIT).hash_key == FIT["SECRET_KEY"]


def test_line_login_needs_both_its_settings_or_neither() -> None:
    both = {"LINE_LOGIN_CHANNEL_ID": "2000000001", "LINE_LOGIN_CHANNEL_SECRET": "0123456789abcdef"}
    assert not load(FIT).has_line_login
    assert load(FIT | both).has_line_login
    for name in both:
        said = complaint(**{each: value for each, value in both.items() if each != name})
        assert f"{name} is not: LINE Login needs both" in said
        assert "LINE Developers Console" in said


SECOND = {
    "LINE_SUPPORT_CHANNEL_SECRET": "fedcba9876543210fedcba9876543210",
    "LINE_SUPPORT_CHANNEL_ACCESS_TOKEN": "second-token",
}


def test_a_second_account_is_optional_and_needs_both_secret_and_token() -> None:
    assert not load(FIT).has_support_account
    assert load(FIT | SECOND).has_support_account
    for name in SECOND:
        said = complaint(**{each: value for each, value in SECOND.items() if each != name})
        assert f"{name} is not: the second account needs both" in said
    said = complaint(LINE_SUPPORT_BASIC_ID="@tantou")
    assert "LINE_SUPPORT_BASIC_ID is set and LINE_SUPPORT_CHANNEL_SECRET is not" in said


@pytest.mark.parametrize("name", ["CHANNEL_SECRET", "CHANNEL_ACCESS_TOKEN"])
def test_the_second_account_is_a_channel_of_its_own(name: str) -> None:
    said = complaint(**(SECOND | {f"LINE_SUPPORT_{name}": FIT[f"LINE_{name}"]}))
    assert f"LINE_SUPPORT_{name} is the main channel's" in said


def test_no_secret_is_repeated_in_a_complaint() -> None:
    assert "geheim" not in complaint(LINE_CHANNEL_ACCESS_TOKEN="geheim geheim")


def test_an_address_ends_without_a_slash() -> None:
    assert load(FIT | {"PUBLIC_URL": "https://bot.example.jp/"}).public_url == "https://bot.example.jp"


@pytest.mark.parametrize("url", ["https://api.line.me", "https://line.example"])
def test_the_demos_controls_are_refused_against_the_real_line(url: str, tmp_path: Path) -> None:
    loopback = {"LINE_API_URL": "http://127.0.0.1:9000", "LINE_DATA_API_URL": "http://127.0.0.1:9000"}
    assert load(FIT | loopback | {"DEMO_DIR": str(tmp_path)}).demo
    login = {"LINE_LOGIN_CHANNEL_ID": "2000000001", "LINE_LOGIN_CHANNEL_SECRET": "0123456789abcdef"}
    assert "refused" in complaint(**loopback, **login, DEMO_DIR=str(tmp_path)), (
        "nor against the real LINE Login"
    )
    for name in loopback:
        said = complaint(**(loopback | {"DEMO_DIR": str(tmp_path), name: url}))
        assert "DEMO_DIR" in said
        assert "refused" in said


def test_settings_cannot_be_changed_once_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(FIT).shop_name = "別の店"


def test_the_table_for_the_readme_lists_every_setting_once() -> None:
    rows = [line for line in settings.table().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [name.upper() for name in Settings.model_fields]
    assert all(row.count("|") == 5 for row in rows)
