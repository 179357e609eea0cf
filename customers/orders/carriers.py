"""Recognises Japanese carriers by their many spellings, and gives the address of their public tracking. Pure.

A carrier that is not in the table stays as it was written and has no tracking address: none is guessed from
the number. Names of a carrier's services (宅急便, ゆうパック) stand for the carrier.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from customers.values.identities import is_guest_number
from customers.values.parsing import BadValue, visible

LONGEST_NAME = 64
LONGEST_TRACKING_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier: its key as stored, its name, and its tracking page with {number}, where one has an address of
    its own."""

    key: str
    name: str
    page: str = ""
    spellings: str = ""
    """Further names, separated by 、: the brand, services, names in Latin letters; compared by `_folded`."""


CARRIERS = (
    Carrier(
        "yamato",
        "ヤマト運輸",
        "https://member.kms.kuronekoyamato.co.jp/parcel/detail?pno={number}",
        "ヤマト、ヤマト宅急便、クロネコヤマト、クロネコヤマト宅急便、クロネコ、宅急便、宅急便コンパクト、クール宅急便"
        "、宅急便コレクト、ネコポス、クロネコゆうパケット、こねこ便、EAZY、大和運輸、ヤマトグループ、yamato transport"
        "、yamato unyu、kuroneko、kuroneko yamato、ta-q-bin、nekoposu",
    ),
    Carrier(
        "sagawa",
        "佐川急便",
        "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={number}",
        "佐川、飛脚、飛脚宅配便、飛脚クール便、飛脚ラージサイズ宅配便、飛脚特定信書便、飛脚ジャストタイム便、e飛伝、e-コレクト"
        "、sagawa express、sagawa kyubin",
    ),
    Carrier(
        "japanpost",
        "日本郵便",
        "https://trackings.post.japanpost.jp/services/srv/search/direct?locale=ja&reqCodeNo1={number}",
        "郵便、郵便局、日本郵政、郵便小包、ゆうパック、チルドゆうパック、ゆうパックスマホ割、ゆうパケット、ゆうパケットプラス"
        "、ゆうパケットポスト、ゆうメール、クリックポスト、レターパック、レターパックプラス、レターパックライト、スマートレター"
        "、書留、簡易書留、特定記録、特定記録郵便、定形外、定形外郵便、EMS、国際スピード郵便、japan post"
        "、japan post service、jp post、jpost、yu-pack、yu-packet、click post、letter pack",
    ),
    Carrier(
        "seino",
        "西濃運輸",
        "https://track.seino.co.jp/cgi-bin/gnpquery.pgm?GNPNO1={number}",
        "西濃、セイノー、セイノー運輸、カンガルー便、seino transportation",
    ),
    Carrier(
        "fukutsu",
        "福山通運",
        "https://corp.fukutsu.co.jp/situation/tracking_no_hunt/{number}",
        "福通、福山、フクツー宅配便、fukuyama、fukuyama transporting",
    ),
    Carrier(
        "tonami",
        "トナミ運輸",
        "https://trc1.tonami.co.jp/trc/search3/excSearch3?id%5B0%5D={number}",
        "トナミ、tonami transportation",
    ),
    Carrier("nittsu", "日本通運", "", "日通、NX日本通運、nippon express"),
    Carrier("meitetsu", "名鉄NX運輸", "", "名鉄運輸、名鉄"),
    Carrier("okaken", "岡山県貨物運送", "", "オカケン、岡県、岡山県貨物"),
    Carrier("ecohai", "エコ配", "", "エコ配JP、eco hai"),
    Carrier("amazon", "Amazon配送", "", "アマゾン、amazon logistics、デリバリープロバイダ、amazon.co.jp"),
    Carrier("own", "自社配送", "", "自社便、自社、直接配達、店舗配達"),
)
BY_KEY = {carrier.key: carrier for carrier in CARRIERS}
_LANGUAGE = re.compile(r"[(（](?:JA|EN|日本|国内)[)）]\Z", re.IGNORECASE)
"""How Shopify writes its carriers: 「Yamato (JA)」."""
_SEPARATORS = re.compile(r"[\s・･\-‐‑‒–—―−_./、,]+")
_LEGAL_FORM = re.compile(r"株式会社|\(株\)|co\.?,?\s*ltd\.?\Z", re.IGNORECASE)
_TRACKING_MARKS = re.compile(r"[\s\-‐‑‒–—―−ｰ.]+")
_TRACKING = re.compile(r"(?=[A-Z]{0,40}[0-9])[0-9A-Z]{4,40}", re.ASCII)
_ROUNDED = re.compile(r"\d(\.\d{1,20})?E\+?\d{1,3}", re.ASCII)
_ADDRESS = re.compile(r"(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2}){1,1000}", re.ASCII)
"""The characters of an address, RFC 3986; LINE refuses a button with others."""
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def _folded(written: str) -> str:
    """The name without width, case, blanks, marks, legal form and Shopify's language."""
    plain = _LANGUAGE.sub("", unicodedata.normalize("NFKC", visible(written)).strip())
    return _SEPARATORS.sub("", _LEGAL_FORM.sub("", plain)).casefold()


_BY_SPELLING = {
    _folded(name): carrier
    for carrier in CARRIERS
    for name in (carrier.key, carrier.name, *filter(None, carrier.spellings.split("、")))
}
_BY_LENGTH = sorted((name for name in _BY_SPELLING if len(name) >= 3), key=len, reverse=True)
_SERVICES = re.compile(
    r"(?:便|サービス|宅配|クール|冷蔵|冷凍|代引き?|着払い?|元払い?|発払い?|メール便|[0-9]{2,3}サイズ|[()]|配送)+"
)


def find(written: str) -> Carrier | None:
    """The carrier of that name; None for one that is not in the table. What surrounds the name may say the
    service only: 「ヤマト運輸（クール便）」 is a carrier, 「ヤマト運輸以外」 is none."""
    key = _folded(written)[: 2 * LONGEST_NAME]
    if key in _BY_SPELLING:
        return _BY_SPELLING[key]
    for name in _BY_LENGTH:
        before, found, after = key.partition(name)
        if found and all(not part or _is_known(part, _BY_SPELLING[name]) for part in (before, after)):
            return _BY_SPELLING[name]
    return None


def _is_known(part: str, carrier: Carrier) -> bool:
    """Whether the part of a name says a service, or the same carrier once more: 「ヤマト運輸 宅急便」."""
    bare = part.strip("()")
    return _SERVICES.fullmatch(part) is not None or _BY_SPELLING.get(bare) is carrier


def key_of(written: str) -> str:
    """What a carrier is stored and compared by: the key of a known one, else the name in one form; empty for
    none."""
    carrier = find(written)
    return carrier.key if carrier else _folded(written)[:LONGEST_NAME]


def name_of(key: str, written: str) -> str:
    """The carrier's name for people: as we know it, else as it was written."""
    carrier = BY_KEY.get(key)
    return carrier.name if carrier else written


def tracking_number(written: str) -> str:
    """The number without blanks and dashes, in capitals; empty for what stands for none (-, なし). Raises
    BadValue."""
    if len(written) > 4 * LONGEST_TRACKING_NUMBER:
        raise BadValue("bad_tracking_number")
    text = unicodedata.normalize("NFKC", visible(written)).strip().upper()
    if not text or is_guest_number(text):
        return ""
    if _ROUNDED.fullmatch(text):
        raise BadValue("rounded")
    number = _TRACKING_MARKS.sub("", text)
    if not _TRACKING.fullmatch(number):
        raise BadValue("bad_tracking_number")
    return number


def shown_number(number: str) -> str:
    """The number as carriers print it: twelve digits in groups of four."""
    if len(number) == 12 and number.isdigit():
        return f"{number[:4]}-{number[4:8]}-{number[8:]}"
    return number


def tracking_address(key: str, number: str, given: str = "") -> str | None:
    """The page that shows where the parcel is: the given one, else the carrier's; None where there is none."""
    if given:
        return given
    carrier = BY_KEY.get(key)
    return carrier.page.format(number=number) if carrier and carrier.page and number else None


def web_address(written: str) -> str:
    """The address of a page, https and without a name or password in it. Raises BadValue."""
    text = written.strip()
    if not _ADDRESS.fullmatch(text):
        raise BadValue("bad_url")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise BadValue("bad_url") from None
    if parts.scheme != "https" or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise BadValue("bad_url")
    return text
