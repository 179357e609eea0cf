"""Reads from a customer's words how the testimonial may be shown: named, by nickname, anonymous, not at all.

Nothing is guessed: words that fit several of these decide nothing, and the customer is asked again.
"""

import re
import unicodedata

from surveys.testimonials.tables import Consent

LONGEST = 40
_NOT_ANONYMOUS = re.compile("匿名(?:も|でも)(?:いや|嫌|だめ)")
_REFUSED = re.compile(
    "(?:掲載|載せ|のせ|公開|紹介|使わ|出さ)[はをしせ]{0,2}(?:な(?:い|く|し)|ません|ず|んで|んといて)|お断り|非公開|(?:載せ|掲載し)たくな"
    "|(?:掲載|公開|紹介)[はを]?(?:やめ|不可|なし|控え|遠慮|いや|嫌|だめ|ダメ|ng|結構)"
)
_ANONYMOUS = re.compile(
    "匿名|とくめい|名無し|ななし|無記名"
    "|名前[はを]?(?:出さ|載せ|なし|伏せ|隠|書か|いら|出し?たくな|のせ)(?:な|ず|ん|て|し)?"
)
_NICKNAME = re.compile(
    "ニックネーム|にっくねーむ|あだ名|あだな|愛称|イニシャル|いにしゃる|ペンネーム|ハンドルネーム|仮名|別の名前"
)
_NAMED = re.compile(
    "(?:実名|本名|lineの名前|この名前|名前|フルネーム)[をでもは]?(?:そのまま)?"
    "(?:出し|載せ|のせ|掲載|ok|大丈夫|いい|お願い|公開|$|です)"
)


def decision_in(text: str) -> Consent | None:
    """The consent that the words express; None when they express none, or not clearly."""
    plain = "".join(unicodedata.normalize("NFKC", text[: LONGEST + 1]).lower().split())
    if not plain or len(plain) > LONGEST:
        return None
    found = [
        consent
        for consent, pattern in (
            (Consent.NICKNAME, _NICKNAME),
            (Consent.ANONYMOUS, _ANONYMOUS),
            (Consent.NAMED, _NAMED),
            (Consent.REFUSED, _REFUSED),
        )
        if pattern.search(plain)
    ]
    if Consent.ANONYMOUS in found and not _NOT_ANONYMOUS.search(plain):
        return Consent.ANONYMOUS if Consent.NICKNAME not in found else None
    return found[0] if len(found) == 1 else None
