"""Checks the value of a single setting, by its type; whether values fit together is checked by `settings.py`."""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

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


def _matching(pattern: re.Pattern[str], fault: str) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.match(value):
            raise ValueError(fault)
        return value

    return AfterValidator(check)


def _is_a_web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a web address with its https://")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise ValueError("must begin with https:// (http is for this machine alone)")
    return value.rstrip("/")


def _is_line_or_this_machine(value: str) -> str:
    if value.rstrip("/") != LINE_LOGIN and urlsplit(value).hostname not in LOOPBACK_HOSTS:
        raise ValueError(f"must be {LINE_LOGIN}, or an address on this machine")
    return value


def _is_a_time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError("is not a time zone this machine knows") from unknown
    return value


def _is_a_level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return value.upper()


def _is_a_picture(value: Path) -> Path:
    try:
        with value.open("rb") as file:
            begins = file.read(8)
    except OSError as away:
        raise ValueError("names a file that cannot be read") from away
    if not begins.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise ValueError("must be a PNG or JPEG picture")
    return value


def _is_a_key(value: str) -> str:
    if len(value) < SHORTEST_KEY:
        raise ValueError(f"must have {SHORTEST_KEY} characters or more, and has {len(value)}")
    repeats = value in (value + value)[1:-1]
    if len(set(value)) < LEAST_DIFFERENT or repeats:
        raise ValueError("must be random: this one repeats a few characters")
    return value


HeaderText = Annotated[
    str, _matching(_HEADER_TEXT, "must be ASCII letters, digits and signs, without blanks")
]
BasicId = Annotated[str, _matching(_BASIC_ID, "must be @ followed by letters and digits")]
ChannelId = Annotated[str, _matching(_CHANNEL_ID, "must be digits alone")]
WebAddress = Annotated[str, AfterValidator(_is_a_web_address)]
LoginAddress = Annotated[WebAddress, AfterValidator(_is_line_or_this_machine)]
SigningKey = Annotated[str, AfterValidator(_is_a_key)]
TimeZone = Annotated[str, AfterValidator(_is_a_time_zone)]
DatabaseUrl = Annotated[str, _matching(_DATABASE_URL, "must begin with sqlite:/// or postgresql://")]
PictureFile = Annotated[Path, AfterValidator(_is_a_picture)]
LogLevel = Annotated[str, AfterValidator(_is_a_level)]
