"""Checks the shop's name and public address as they are entered, and whether the address leads back to this process."""

import json
import ssl
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import urllib3

from bot.config.setting_kinds import LOOPBACK_HOSTS
from console.shell.translation import gettext

LONGEST_NAME, LONGEST_ADDRESS = 40, 200
ALIVE = "/healthz"
_pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=4, read=4))


class Reached(StrEnum):
    """What answers at the public address, seen from here."""

    THIS = "this"
    ANOTHER = "another"
    """Another server, or a proxy that does not lead here."""
    BAD_CERTIFICATE = "bad-certificate"
    NOBODY = "nobody"
    """No answer: not set up yet, or a router that does not lead its own address back inside."""


@dataclass(frozen=True, slots=True)
class Address:
    """The address as it is stored, or what is wrong with it."""

    value: str
    fault: str = ""


def name_fault(name: str) -> str:
    """What is wrong with the shop's name; empty when it is fit."""
    if not name:
        return gettext("お店の名前を入れてください。お客様に見える名前です（例: ひだまり堂）。")
    if len(name) > LONGEST_NAME or any(sign < " " for sign in name):
        return gettext("お店の名前は%(most)d文字までにしてください。", most=LONGEST_NAME)
    return ""


def read_address(given: str, *, line_is_here: bool) -> Address:
    """The public address as it is written: with its https, without a path. `line_is_here`: LINE is a stand-in
    on this machine, which reaches addresses of this machine."""
    written = given.strip().rstrip("/")
    if written and "://" not in written:
        written = f"https://{written}"
    example = gettext("例: https://bot.example.jp")
    try:
        parts = urlsplit(written)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return Address(given, gettext("アドレスとして読めません。%(example)s", example=example))
    if not host or parts.scheme not in ("http", "https") or len(written) > LONGEST_ADDRESS:
        return Address(given, gettext("アドレスとして読めません。%(example)s", example=example))
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        fault = gettext(
            "ドメインまでを入れてください（/ から後ろはいりません）。%(example)s", example=example
        )
        return Address(given, fault)
    if not written.isascii():
        fault = gettext("日本語のドメインは、xn-- ではじまる形で入れてください。%(example)s", example=example)
        return Address(given, fault)
    return Address(written, _unsafe(parts.scheme, host, example, line_is_here=line_is_here))


def _unsafe(scheme: str, host: str, example: str, *, line_is_here: bool) -> str:
    if host in LOOPBACK_HOSTS:
        if line_is_here:
            return ""
        return gettext(
            "%(host)s はこの機械の中だけのアドレスです。LINEとお客様から届く、https:// のアドレスを入れてください。"
            "%(example)s",
            host=host,
            example=example,
        )
    if scheme == "http":
        return gettext(
            "https:// ではじまるアドレスが必要です。LINEは http のアドレスには届けません。%(example)s",
            example=example,
        )
    return ""


def reached(address: str, process_id: str) -> Reached:
    """What answers there: this process says its `process_id`."""
    try:
        answer = _pool.request("GET", address + ALIVE, redirect=False)
        said = json.loads(answer.data[:1000])
    except urllib3.exceptions.SSLError:
        return Reached.BAD_CERTIFICATE
    except urllib3.exceptions.HTTPError as error:
        failed = isinstance(getattr(error, "reason", None), ssl.SSLError)
        return Reached.BAD_CERTIFICATE if failed else Reached.NOBODY
    except ValueError:
        return Reached.ANOTHER
    same = isinstance(said, dict) and said.get("process") == process_id
    return Reached.THIS if same else Reached.ANOTHER


def in_words(what: Reached, address: str) -> str:
    """What that means, and what to do; empty when the address leads here."""
    match what:
        case Reached.THIS:
            return ""
        case Reached.ANOTHER:
            return gettext(
                "%(address)s では、この画面とは別のものが答えています。ドメインの向き先と、"
                "リバースプロキシ（Caddyなど）の転送先を確かめてください。",
                address=address,
            )
        case Reached.BAD_CERTIFICATE:
            return gettext(
                "%(address)s の証明書が正しくありません。期限と、ドメインの名前が合っているかを確かめてください。"
                "このままでは、LINEは届けません。",
                address=address,
            )
        case Reached.NOBODY:
            return gettext(
                "%(address)s に、ここからつながりませんでした。ドメインの設定（DNS）と、ポート443が開いているかを"
                "確かめてください。ルーターによっては、中からだけつながらないこともあります。",
                address=address,
            )
