"""Decides whether a text asks for a person and for nothing else, however it is spelt. Pure.

Only the whole text counts: 「スタッフさんの対応がよかった」 is a comment and calls nobody.
"""

import re
import unicodedata

LONGEST = 40
_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}

_CALLED = (
    r"(?:すたっふ|おぺれーたー?|担当|たんとう|有人|ゆうじん|店員|てんいん|店長|staff|operator|human|agent)"
)
_PEOPLE = r"(?:人間|にんげん|人|ひと|係|かかり|お?店|だれか|誰か)"
"""These are a wish for a person only together with what is wished of them."""
_TITLE = r"(?:さま|さん|様|者|しゃ|の方|のかた|の人|方|対応|員|窓口)*"
_WISH = (
    r"(?:と|に|へ|を|で|の|が)?(?:直接|ちょくせつ)?"
    r"(?:お?話|お?はな|ご?相談|そうだん|お?問い?合わ?せ|といあわせ|ご?質問|ご?連絡|れんらく|つな|繋|かわ|代わ|替わ|変わ|"
    r"よん|呼ん|呼|よび|出し|だし|聞|きき|おねが|お願|願|ねが|対応|希望|きぼう|いま|いる|こーる)"
)
_SAID_POLITELY = (
    r"(?:し|い|ん|っ|き|く|せ|す|ぎ|げ|び|り|わり|て|で|を|が|に|たい|ほしい|欲しい|可能|いただけ|頂け|もらえ|る|れ|"
    r"ください|下さい|ませんか|ます|けど|か|な|の|よ|ね|いたし|致し|お願い|おねがい|お?話)*"
)
"""No word in it is made of others in it: 「ですか」 said ten times can be read in one way only."""
_ASKS = re.compile(
    rf"(?:{_CALLED}{_TITLE}(?:{_WISH})?{_SAID_POLITELY}|{_PEOPLE}{_TITLE}{_WISH}{_SAID_POLITELY}|"
    rf"(?:ご?お?問い?合わ?せ|といあわせ){_SAID_POLITELY}|"
    r"(?:talk|speak|chat)(?:to|with)?(?:a|an|the|your)?(?:staff|human|person|operator|agent))"
)


def asks_for_staff(text: str) -> bool:
    """Whether the customer wants a person, in these words alone."""
    if len(text) > LONGEST:
        return False
    plain = unicodedata.normalize("NFKC", text).lower().translate(_KATAKANA)
    letters = "".join(letter for letter in plain if letter.isalnum() or letter == "ー")
    return _ASKS.fullmatch(letters) is not None
