"""Checks of JSON values by shape. Which shapes LINE requires is defined in the limits files."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_NOT_IN_ADDRESSES = re.compile(r'[\s<>"\\^`{|}\x00-\x1f]')
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Problem:
    """One thing LINE would refuse, and its path in the request body."""

    message: str
    property: str
    loopback_only: bool = False
    """Refused by LINE, but normal for a bot on this machine: an address over http on loopback."""


Check = Callable[[Any, str], Iterator[Problem]]


def utf16_length(text: str) -> int:
    """Length as LINE counts it: UTF-16 code units, so most emoji count two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text(most: int | None = None, least: int = 1, pattern: re.Pattern[str] | None = None) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("must be a string", path)
        elif least and not value:
            yield Problem("May not be empty", path)
        elif not least <= utf16_length(value) or (most is not None and utf16_length(value) > most):
            yield Problem(f"Length must be between {least} and {most}", path)
        elif pattern is not None and not pattern.fullmatch(value):
            yield Problem("invalid property", path)

    return check


def whole(least: int | None = None, most: int | None = None) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield Problem("must be an integer", path)
        elif (least is not None and value < least) or (most is not None and value > most):
            yield Problem(f"must be between {least} and {most}", path)

    return check


def number(least: float, most: float) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield Problem("must be a number", path)
        elif not least <= value <= most:
            yield Problem(f"must be between {least} and {most}", path)

    return check


def flag(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem("must be a boolean", path)


def one_of(*allowed: str) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem("invalid property", path)

    return check


def word_or(words: tuple[str, ...], pattern: re.Pattern[str]) -> Check:
    """One of some keywords, or a measure such as 12px or 50%."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str) or (value not in words and not pattern.fullmatch(value)):
            yield Problem("invalid property", path)

    return check


def uri(most: int, *schemes: str) -> Check:
    """An ASCII address (LINE requires percent-encoding) with one of the given schemes."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str) or not value:
            yield Problem("must be specified", path)
            return
        if len(value) > most:
            yield Problem(f"Length must be between 1 and {most}", path)
        if not value.isascii() or _NOT_IN_ADDRESSES.search(value):
            yield Problem("invalid uri", path)
            return
        try:
            parts = urlsplit(value)
            host = parts.hostname
        except ValueError:
            yield Problem("invalid uri", path)
            return
        if parts.scheme not in schemes:
            on_loopback = parts.scheme == "http" and host in LOOPBACK_HOSTS
            yield Problem("invalid uri scheme", path, loopback_only=on_loopback)
        elif parts.scheme in ("http", "https") and not host:
            yield Problem("invalid uri", path)

    return check


def list_of(each: Check, least: int, most: int) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("must be an array", path)
            return
        if not least <= len(value) <= most:
            yield Problem(f"Size must be between {least} and {most}", path)
        for index, item in enumerate(value):
            yield from each(item, f"{path}[{index}]")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these properties and no others: a misspelt name is an error."""
    known = {**required, **(optional or {})}

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must be an object", path)
            return
        for name in required:
            if name not in value:
                yield Problem("must be specified", f"{path}.{name}")
        for name, part in value.items():
            if name in known:
                yield from known[name](part, f"{path}.{name}")
            else:
                yield Problem("unknown field", f"{path}.{name}")

    return check


def by_type(kinds: Callable[[], Mapping[str, Check]]) -> Check:
    """An object whose `type` names its shape. `kinds` is called late, because Flex boxes hold boxes."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must be an object", path)
            return
        chosen = kinds().get(value["type"]) if isinstance(value.get("type"), str) else None
        if chosen is None:
            yield Problem("must be specified" if "type" not in value else "invalid property", f"{path}.type")
            return
        yield from chosen({name: part for name, part in value.items() if name != "type"}, path)

    return check


def both(*checks: Check) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        for one in checks:
            yield from one(value, path)

    return check
