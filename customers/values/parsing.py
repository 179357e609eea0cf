"""Parses written amounts, quantities, dates and texts; pure. Ambiguous values are refused; identities are
`identities.py`'s."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

MAX_YEN = 99_999_999
LONGEST_WRITTEN = 100
"""The most letters of an amount, a quantity, a date or a telephone number, blanks and marks included."""
_YEN = re.compile(r"\A(-?)[¥\\]?(-?)(\d{1,3}(?:,\d{3}){1,20}|\d{1,99})(?:\.0{1,2})?円?\Z", re.ASCII)
_QUANTITY = re.compile(r"\A(?:\d{1,3}(?:,\d{3})|\d{1,6})(?:\.0{1,9})?[個点本枚袋箱]?\Z", re.ASCII)
_MOMENT = re.compile(
    r"""\A(?P<year>\d{4}) (?: (?P<sign>[-/.]) (?P<month>\d{1,2}) (?P=sign) (?P<day>\d{1,2})
                          | 年\ ?(?P<month_ja>\d{1,2})月\ ?(?P<day_ja>\d{1,2})日
                          | (?P<month_bare>\d{2})(?P<day_bare>\d{2}) )
        (?: \([月火水木金土日]\) )?
        (?: (?: T | [ ] | (?<=[日)]) )
            (?P<hour>\d{1,2}) (?: : | 時 ) (?P<minute>\d{1,2})
            (?: [:分] (?P<second>\d{1,2}) 秒? (?: \.(?P<fraction>\d{1,9}) )? | 分 )?
            \ ? (?P<zone> Z | [+-]\d{2}:?\d{2} )? )? \Z""",
    re.ASCII | re.VERBOSE,
)
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))
)
_DIRECTIONS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Marks that turn the direction of what follows, also of our own words behind theirs."""
_LINE_USER_ID = re.compile(r"\AU[0-9a-f]{32}\Z")


class BadValue(ValueError):
    """The value cannot be used; `code` says why (the sentences are in `faults.py`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def visible(text: str) -> str:
    """The text without invisible characters: zero-width and direction marks, soft hyphens. Refuses
    nothing."""
    if text.isascii():
        return text
    return "".join(
        letter for letter in text if unicodedata.category(letter) != "Cf" and letter not in _INVISIBLE
    )


def clean(text: str, longest: int) -> str:
    """The text with single blanks, full-width letters as ASCII ones, without direction marks. Raises BadValue
    for what cannot be stored."""
    # Half of a surrogate pair can be written in JSON, but stored nowhere.
    if len(text) > 20 * longest:
        raise BadValue("too_long")
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\t\r\n" for letter in text):
        raise BadValue("bad_character")
    cleaned = " ".join(unicodedata.normalize("NFKC", text).translate(_DIRECTIONS).split())
    if len(cleaned) > longest:
        raise BadValue("too_long")
    return cleaned


def yen(text: str) -> int:
    """Whole yen from 5400, ¥5,400, ５，４００円 or 5400.00; negative amounts too. Raises BadValue."""
    match = _YEN.match(_narrow(text, "too_much_yen" if text[:1].isdigit() else "bad_yen"))
    if match is None or (match[1] and match[2]):
        raise BadValue("bad_yen")
    digits = match[3].replace(",", "")
    if len(digits.lstrip("0")) > 8:
        raise BadValue("too_much_yen")
    return -int(digits) if match[1] or match[2] else int(digits)


def quantity(text: str) -> int:
    """A number of pieces from 2, ２, 2個 or 2.0. Raises BadValue."""
    narrow = _narrow(text, "bad_quantity")
    if not _QUANTITY.match(narrow):
        raise BadValue("bad_quantity")
    return int(narrow.rstrip("個点本枚袋箱").partition(".")[0].replace(",", ""))


def moment(text: str) -> datetime:
    """When it was ordered: aware when the text names a zone, otherwise naive, in the shop's zone. Raises
    BadValue.

    A day without a time is that day at 00:00.
    """
    match = _MOMENT.match(" ".join(_normal(text, "bad_date").split()))
    if match is None:
        raise BadValue("bad_date")
    month = match["month"] or match["month_ja"] or match["month_bare"]
    day = match["day"] or match["day_ja"] or match["day_bare"]
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    microsecond = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        zone = _zone(match["zone"])
        written = datetime(int(match["year"]), int(month), int(day), hour, minute, second, microsecond, zone)
    except ValueError as error:
        raise BadValue("no_such_date") from error
    return within_reason(written)


def day(text: str) -> date:
    """A calendar day without a time, in any of the forms of `moment`. Raises BadValue."""
    try:
        written = moment(text)
    except BadValue as bad:
        raise BadValue("bad_day" if bad.code == "bad_date" else bad.code) from None
    if written.tzinfo is not None or any(written.timetuple()[3:6]):
        raise BadValue("bad_day")
    return written.date()


def within_reason(written: datetime) -> datetime:
    """The time itself, if its year is plausible. Raises BadValue otherwise."""
    if not 2000 <= written.year <= 2100:
        raise BadValue("no_such_date")
    return written


def line_user_id(text: str) -> str:
    """LINE's user id, which is not the id by which people search each other on LINE. Raises BadValue."""
    written = clean(text, 255)
    if not _LINE_USER_ID.match(written):
        raise BadValue("bad_line_user_id")
    return written


def _narrow(text: str, fault: str) -> str:
    return "".join(_normal(text, fault).split()).replace("−", "-").replace("、", ",")


def _normal(text: str, fault: str) -> str:
    """Full-width letters as ASCII ones. Raises BadValue with code `fault` for texts longer than any such
    value."""
    if len(text) > LONGEST_WRITTEN:
        raise BadValue(fault)
    return unicodedata.normalize("NFKC", text)


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
