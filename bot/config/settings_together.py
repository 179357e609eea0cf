"""Checks which settings fit together; each by itself is checked by its type (`setting_kinds.py`)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bot.config.setting_kinds import LOOPBACK_HOSTS
from bot.text.two_languages import Sentence, both


def faults(given: Any) -> Iterator[Sentence]:
    """What does not fit together in these settings, each as a sentence with its remedy."""
    yield from _demo(given)
    yield from _s3(given)
    yield from _line_login(given)
    yield from _support_account(given)


def _demo(given: Any) -> Iterator[Sentence]:
    addresses = [given.line_api_url, given.line_data_api_url]
    if given.has_line_login:
        addresses.append(given.line_login_url)
    if given.demo_dir is not None and not {urlsplit(each).hostname for each in addresses} <= LOOPBACK_HOSTS:
        yield both(
            "DEMO_DIR turns on time travel and sign-in without a password, so it is refused unless "
            "LINE_API_URL, LINE_DATA_API_URL and, with LINE Login, LINE_LOGIN_URL are on this machine. "
            "Unset DEMO_DIR",
            "DEMO_DIR は時間を進めたり、パスワードなしでログインしたりするためのものなので、LINE_API_URL、"
            "LINE_DATA_API_URL（LINEログインを使うなら LINE_LOGIN_URL も）がこのサーバーの中でなければ使えません。"
            "DEMO_DIR を消してください",
        )


def _s3(given: Any) -> Iterator[Sentence]:
    needed = ("s3_bucket", "s3_access_key_id", "s3_secret_access_key")
    missing = ", ".join(name.upper() for name in needed if not getattr(given, name))
    if given.media_store == "s3" and missing:
        yield both(
            "MEDIA_STORE=s3 also needs {missing}. Or unset MEDIA_STORE to keep files here",
            "MEDIA_STORE=s3 には {missing} も必要です。ファイルをこのサーバーに置くなら MEDIA_STORE を消してください",
            missing=missing,
        )
    if urlsplit(given.s3_endpoint_url or "").path:
        yield both(
            "S3_ENDPOINT_URL is the storage's address alone, without a path. Example: {example}, and the bucket in "
            "S3_BUCKET",
            "S3_ENDPOINT_URL はストレージのアドレスだけを書き、うしろに何も付けません。例: {example}。"
            "バケットは S3_BUCKET に書きます",
            example="S3_ENDPOINT_URL=https://s3.isk01.sakurastorage.jp",
        )


def _line_login(given: Any) -> Iterator[Sentence]:
    if (given.line_login_channel_id is None) != (given.line_login_channel_secret is None):
        known, lacking = ("ID", "SECRET") if given.line_login_channel_id else ("SECRET", "ID")
        yield both(
            "LINE_LOGIN_CHANNEL_{known} is set and LINE_LOGIN_CHANNEL_{lacking} is not: LINE Login needs both. "
            "Both stand in LINE Developers Console, the LINE Login channel, Basic settings. Without LINE Login, "
            "set neither",
            "LINE_LOGIN_CHANNEL_{known} があって LINE_LOGIN_CHANNEL_{lacking} がありません。LINEログインには両方が"
            "必要です。どちらもLINE Developersコンソールの、LINEログインのチャネルの「チャネル基本設定」にあります。"
            "LINEログインを使わないなら、両方とも消してください",
            known=known,
            lacking=lacking,
        )


def _support_account(given: Any) -> Iterator[Sentence]:
    secret, token = given.line_support_channel_secret, given.line_support_channel_access_token
    if (secret is None) != (token is None):
        known, lacking = ("SECRET", "ACCESS_TOKEN") if secret else ("ACCESS_TOKEN", "SECRET")
        yield both(
            "LINE_SUPPORT_CHANNEL_{known} is set and LINE_SUPPORT_CHANNEL_{lacking} is not: the second account "
            "needs both. Both stand in LINE Developers Console, the second channel, under Basic settings and "
            "Messaging API. Without a second account, set neither",
            "LINE_SUPPORT_CHANNEL_{known} があって LINE_SUPPORT_CHANNEL_{lacking} がありません。2つめのアカウントには"
            "両方が必要です。どちらもLINE Developersコンソールの、2つめのチャネルの「チャネル基本設定」と"
            "「Messaging API設定」にあります。2つめのアカウントを使わないなら、両方とも消してください",
            known=known,
            lacking=lacking,
        )
    elif given.line_support_basic_id and secret is None:
        yield both(
            "LINE_SUPPORT_BASIC_ID is set and LINE_SUPPORT_CHANNEL_SECRET is not: customers would add an account "
            "that nobody reads. Set LINE_SUPPORT_CHANNEL_SECRET and LINE_SUPPORT_CHANNEL_ACCESS_TOKEN, too, or "
            "unset it",
            "LINE_SUPPORT_BASIC_ID があって LINE_SUPPORT_CHANNEL_SECRET がありません。お客様が、誰も読まない"
            "アカウントを追加することになります。LINE_SUPPORT_CHANNEL_SECRET と LINE_SUPPORT_CHANNEL_ACCESS_TOKEN も"
            "書くか、これを消してください",
        )
    same = [
        name.upper()
        for name, main in (
            ("channel_secret", given.line_channel_secret),
            ("channel_access_token", given.line_channel_access_token),
        )
        if getattr(given, f"line_support_{name}") == main
    ]
    for name in same:
        yield both(
            "LINE_SUPPORT_{name} is the main channel's: the second account is a channel of its own, with a secret "
            "and a token of its own. Copy it from the second channel, or unset both",
            "LINE_SUPPORT_{name} が1つめのチャネルのものです。2つめのアカウントは別のチャネルで、シークレットも"
            "アクセストークンも別です。2つめのチャネルから写すか、両方とも消してください",
            name=name,
        )
