"""Checks the value of a single setting, by its type; whether values fit together is checked by `settings.py`."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from bot.text.two_languages import Sentence, both

LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}
LINE_LOGIN = "https://access.line.me"
SHORTEST_KEY = 32
LEAST_DIFFERENT = 8
"""Distinct characters in a key. Of random keys with 32 hexadecimal digits, one in ten million has fewer than
8."""


_HEADER_TEXT = re.compile(r"\A[!-~]{1,4000}\Z")
_BASIC_ID = re.compile(r"\A@[A-Za-z0-9._-]{1,32}\Z")
_CHANNEL_ID = re.compile(r"\A[0-9]{5,20}\Z")
_DATABASE_URL = re.compile(r"\A(sqlite:///|postgres(ql)?://).{1,4000}\Z")


def _matching(pattern: re.Pattern[str], fault: Sentence) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.match(value):
            raise ValueError(fault)
        return value

    return AfterValidator(check)


def _is_a_web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(
            both("must be a web address with its https://", "https:// から始まるアドレスを書いてください")
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise ValueError(
            both(
                "must begin with https:// (http is for this machine alone)",
                "https:// から始めてください（http はこのサーバーの中だけで使えます）",
            )
        )
    return value.rstrip("/")


def _is_line_or_this_machine(value: str) -> str:
    if value.rstrip("/") != LINE_LOGIN and urlsplit(value).hostname not in LOOPBACK_HOSTS:
        raise ValueError(
            both(
                "must be {line}, or an address on this machine",
                "{line} か、このサーバーの中のアドレスにしてください",
                line=LINE_LOGIN,
            )
        )
    return value


def _is_a_time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(
            both("is not a time zone this machine knows", "このサーバーが知らない時間帯です")
        ) from unknown
    return value


def _is_a_level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError(
            both(
                "must be DEBUG, INFO, WARNING or ERROR", "DEBUG、INFO、WARNING、ERROR のどれかにしてください"
            )
        )
    return value.upper()


def _is_an_address(value: str) -> str:
    try:
        ip_address(value)
    except ValueError as unknown:
        raise ValueError(
            both(
                "must be an address in digits, without a name or a port",
                "127.0.0.1 のような数字のアドレスを、名前やポートを付けずに書いてください",
            )
        ) from unknown
    return value


def _is_a_picture(value: Path) -> Path:
    try:
        with value.open("rb") as file:
            begins = file.read(8)
    except OSError as away:
        raise ValueError(both("names a file that cannot be read", "そのファイルを読めません")) from away
    if not begins.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise ValueError(both("must be a PNG or JPEG picture", "PNGかJPEGの画像にしてください"))
    return value


def _is_a_key(value: str) -> str:
    if len(value) < SHORTEST_KEY:
        raise ValueError(
            both(
                "must have {least} characters or more, and has {count}",
                "{least}文字以上が必要です（いまは{count}文字）",
                least=SHORTEST_KEY,
                count=len(value),
            )
        )
    repeats = value in (value + value)[1:-1]
    if len(set(value)) < LEAST_DIFFERENT or repeats:
        raise ValueError(
            both(
                "must be random: this one repeats a few characters",
                "でたらめな文字にしてください。同じ文字のくり返しになっています",
            )
        )
    return value


HeaderText = Annotated[
    str,
    _matching(
        _HEADER_TEXT,
        both(
            "must be ASCII letters, digits and signs, without blanks",
            "半角の英数字と記号だけで、空白を入れずに書いてください",
        ),
    ),
]
BasicId = Annotated[
    str,
    _matching(
        _BASIC_ID, both("must be @ followed by letters and digits", "@ のあとに半角の英数字を続けてください")
    ),
]
ChannelId = Annotated[
    str, _matching(_CHANNEL_ID, both("must be digits alone", "半角の数字だけを書いてください"))
]
WebAddress = Annotated[str, AfterValidator(_is_a_web_address)]
LoginAddress = Annotated[WebAddress, AfterValidator(_is_line_or_this_machine)]
SigningKey = Annotated[str, AfterValidator(_is_a_key)]
TimeZone = Annotated[str, AfterValidator(_is_a_time_zone)]
DatabaseUrl = Annotated[
    str,
    _matching(
        _DATABASE_URL,
        both("must begin with sqlite:/// or postgresql://", "sqlite:/// か postgresql:// から始めてください"),
    ),
]
PictureFile = Annotated[Path, AfterValidator(_is_a_picture)]
ListenAddress = Annotated[str, AfterValidator(_is_an_address)]
LogLevel = Annotated[str, AfterValidator(_is_a_level)]
