"""Brings Japanese addresses into a form in which the same place compares equal; pure.

The postal code identifies the town, and the numbers of the address, in sequence, the block, house and room.
The words between them are not compared: prefecture, town, 丁目 or a hyphen and the building's name are written
in many ways or left out. Two places of one town with the same numbers are rare, and staff check each pair.
"""

import re
import unicodedata

from customers.values import parsing
from customers.values.parsing import BadValue

LONGEST = 255
_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_DASHES = r"\-‐‒–—―−ーのノ之"
_KANJI = "".join([*_DIGITS, *_UNITS])
_MOST_DIGITS = 12
"""The most digits of the number of a block, a house or a room."""
_NUMBER = re.compile(
    # 三丁目, 北十八条, 二〇三号室; of the dashes only those between numbers: 三ノ宮 and タワー三田 are names.
    rf"(?<![{_KANJI}])[{_KANJI}]{{1,{_MOST_DIGITS}}}(?=丁|番|号|条|線|地割|階|室|[{_DASHES}][0-9{_KANJI}])"
    rf"|(?<=[0-9{_KANJI}目番地号][{_DASHES}])[{_KANJI}]{{1,{_MOST_DIGITS}}}"
    # 一丁目二番三
    rf"|(?<=[目番地])[{_KANJI}]{{1,{_MOST_DIGITS}}}(?=\s|$)"
)


_AROUND_CODE = re.compile(rf"[〒'\s{_DASHES}]")
_CODE = re.compile(r"\A[0-9]{7}\Z")
_WRITTEN = re.compile(r"[0-9]{1,99}")


def code(text: str) -> str:
    """The postal code's seven digits: 〒150-0041 and １５０００４１ are the same. Raises BadValue."""
    if len(text) > parsing.LONGEST_WRITTEN:
        raise BadValue("bad_postal_code")
    digits = _AROUND_CODE.sub("", unicodedata.normalize("NFKC", text))
    if not _CODE.match(digits):
        raise BadValue("bad_postal_code")
    return digits


def place(postal_code: str, address: str) -> str | None:
    """The form that is hashed; None for an address without a number, which identifies no house."""
    plain = unicodedata.normalize("NFKC", address[:LONGEST])
    written = _NUMBER.sub(lambda found: _value(found[0]), plain)
    numbers = [str(int(each)) for each in _WRITTEN.findall(written)]
    return f"{code(postal_code)}:{'-'.join(numbers)}" if numbers else None


def if_readable(postal_code: str, address: str) -> dict[str, str]:
    """Both as an order accepts them; empty where they cannot be read, since no order is lost for its
    address."""
    try:
        read = {"postal_code": code(postal_code), "address": parsing.clean(address, LONGEST)}
    except BadValue:
        return {}
    return read if read["address"] else {}


def _value(kanji: str) -> str:
    """The number written in kanji, as digits: 二十一 and 二一 are 21."""
    total, digits = 0, ""
    for each in kanji:
        if each in _UNITS:
            total, digits = total + int(digits or 1) * _UNITS[each], ""
        else:
            digits += _DIGITS[each]
    return str(total + int(digits or 0))
