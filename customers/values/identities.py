"""Brings customer numbers, e-mail addresses and telephone numbers into one form, whatever their source; pure.

What cannot be read for certain is refused with a reason. Placeholders that systems write for guests are
recognised here; `customers/orders/buyers.py` decides what follows from that.
"""

import re
import unicodedata
from collections.abc import Collection

from customers.values.parsing import LONGEST_WRITTEN, BadValue, clean, visible

LONGEST_NUMBER = 64
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
# Exporters put an apostrophe before what a spreadsheet would read as a formula or a number.
_GUARD = re.compile(r"\A\s{0,9}'(?=[=+\-@\w])")
_MAILTO = re.compile(r"\Amailto:", re.IGNORECASE)
_DIAL = re.compile(r"\A(?:tel|phone):", re.IGNORECASE)
_DECIMALS = re.compile(r"\.0{1,9}\Z")
_DIGITS = re.compile(r"\A\+?\d{9,17}\Z", re.ASCII)
_JAPANESE = re.compile(r"\A(?:\+|00|010|)81(?:0)?([1-9]\d{8,9})\Z", re.ASCII)
_EMAIL = re.compile(r"\A[^@\s,;<>\"()]{1,64}@[^@\s,;<>\"()]{1,190}\.[^@\s.,;<>\"()]{2,63}\Z")
_IN_BRACKETS = re.compile(r"\A[^<>]{0,320}<([^<>]{1,320})>\Z")
_PHONE_MARKS = re.compile(r"[\s().\-ー‐‑‒–—―−~〜]")

_GUEST = re.compile(
    r"(?:(?:guest|nonmember|notmember|anonymous|anon|visitor|unregistered|ゲスト|げすと|非会員|未会員|会員外|会員以外"
    r"|会員登録(?:なし|無し?)|未登録|未ログイン|匿名|退会)"
    r"(?:users?|customer|buyer|orders?|checkout|account|ユーザー?|アカウント|会員|様|さま|客|者|購入|注文|済み?)*)+"
)
_NOTHING = frozenset(
    (
        *(
            "unknown",
            "undefined",
            "none",
            "null",
            "nil",
            "nan",
            "na",
            "ref",
            "false",
            "empty",
            "blank",
            "dummy",
            "no",
        ),
        *(
            "なし",
            "ナシ",
            "無し",
            "無",
            "ない",
            "空",
            "空欄",
            "不明",
            "未設定",
            "該当なし",
            "登録なし",
            "登録無し",
        ),
        *("番号なし", "会員番号なし", "会員ではない", "会員でない"),
    )
)
_NOBODYS_MAILBOXES = frozenset(
    (
        *(
            "noreply",
            "donotreply",
            "guest",
            "guestuser",
            "nonmember",
            "dummy",
            "none",
            "null",
            "nomail",
            "noemail",
        ),
        *("nomailaddress", "noaddress", "unknown", "anonymous", "na", "undefined"),
    )
)
_SAME_DIGIT = re.compile(r"\A\+?(\d)\1{8,}\Z")
_ALL_ZEROS_BEHIND = re.compile(r"\A0\d{1,3}0{8}\Z|\A0\d{2,4}0{7}\Z")

_ONE_PROVIDER = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
}
_DOTS_DO_NOT_COUNT = {"gmail.com", "proton.me"}
_HYPHEN_BEGINS_A_TAG = {
    "ymail.ne.jp",
    "yahoo.ne.jp",
    "yahoo.co.jp",
    "yahoo.com",
    "ymail.com",
    "rocketmail.com",
}


def number(text: str) -> str:
    """A number of an order or a customer, without differences of width, dashes and invisible characters."""
    return clean(_GUARD.sub("", visible(text), count=1), LONGEST_NUMBER).translate(_DASHES)


def email(text: str) -> str:
    """The address in the form that is hashed: 「花子 <Hana@Example.jp>」 and mailto:hana@example.jp are the
    same."""
    address = _GUARD.sub("", clean(visible(text), 320), count=1).strip(" 　'\"")
    if bracketed := _IN_BRACKETS.match(address):
        address = bracketed[1]
    address = _MAILTO.sub("", address.strip()).rstrip(".,;:、。").lower()
    if len(address) > 254 or not _EMAIL.match(address):
        raise BadValue("bad_email")
    return address


def phone(text: str) -> str:
    """The number as dialled in Japan: '+81 90-1234-5678 and 09012345678 are the same. Foreign ones begin with
    +.

    Nine or ten digits without a leading 0 have lost it in a spreadsheet, or are foreign: refused.
    """
    if len(text) > LONGEST_WRITTEN:
        raise BadValue("bad_phone")
    written = unicodedata.normalize("NFKC", visible(text)).strip()
    written = _GUARD.sub("", _DIAL.sub("", written), count=1)
    digits = _PHONE_MARKS.sub("", _DECIMALS.sub("", written))
    if not _DIGITS.match(digits):
        raise BadValue("bad_phone")
    # 010 and 00 are prefixes for international calls.
    japanese = _JAPANESE.match(digits)
    if japanese:
        return "0" + japanese[1]
    if digits.startswith("0"):
        if len(digits) > 11 or len(digits) < 10:
            raise BadValue("bad_phone")
        return digits
    foreign = digits.removeprefix("+")
    if len(foreign) < 11 and digits == foreign:
        raise BadValue("phone_without_zero")
    if len(foreign) > 15:
        raise BadValue("bad_phone")
    return f"+{foreign}"


def is_guest_number(customer_number: str, own: Collection[str] = ()) -> bool:
    """Whether shop systems write this for customers who are no members: 0, -, ゲスト. `own` are the shop's, as
    `number_key`."""
    key = number_key(customer_number)
    says_nothing = not key.strip("0〇ー") or key in _NOTHING or customer_number.strip() == "-1"
    return says_nothing or _GUEST.fullmatch(key) is not None or key in own


def number_key(customer_number: str) -> str:
    """The number as it is compared: letters and digits only, in lower case."""
    written = unicodedata.normalize("NFKC", customer_number).casefold()
    return "".join(letter for letter in written if letter.isalnum())


def is_nobodys_email(address: str) -> bool:
    """Whether it is a placeholder for an absent e-mail address: noreply@, guest@."""
    local = address.partition("@")[0].partition("+")[0]
    return "".join(letter for letter in local if letter.isalnum()) in _NOBODYS_MAILBOXES


def is_nobodys_phone(digits: str) -> bool:
    """Whether it is a placeholder for an absent telephone number: 000-0000-0000, 090-0000-0000."""
    return _SAME_DIGIT.match(digits) is not None or _ALL_ZEROS_BEHIND.match(digits) is not None


def mailbox(address: str) -> str:
    """The mailbox behind an address, as far as providers document their aliases. Two addresses with the same
    mailbox are likely one person's; it is never taken for proof.

    A + tag is dropped for every provider, dots where they do not count (Gmail, Proton), and what follows a
    hyphen at Yahoo (its disposable addresses). https://support.google.com/mail/answer/7436150,
    https://proton.me/support/addresses-and-aliases
    """
    local, _, domain = address.rpartition("@")
    domain = _ONE_PROVIDER.get(domain, domain)
    local = local.partition("+")[0] or local
    if domain in _DOTS_DO_NOT_COUNT:
        local = local.replace(".", "")
    if domain == "proton.me":
        local = local.replace("-", "").replace("_", "")
    if domain in _HYPHEN_BEGINS_A_TAG:
        local = local.partition("-")[0] or local
    return f"{local}@{domain}"
