"""Decides whether a text is a plain wish that must be heard whatever else is going on: to be sent nothing more, or to
end something (an order, a subscription, the membership). Pure.

Only the whole text counts: 「返品がかんたんで助かりました」 is a comment and asks for nothing.
"""

import re
import unicodedata

LONGEST = 40

_POLITELY = (
    r"(?:を|は|が|の|に|と|も)?(?:し|て|で|い|っ|お|ご|たい|ほしい|欲しい|希望|思|願い|ねがい|方法|手続き|手続|を|"
    r"でき|可能|ください|下さい|頂け|いただけ|くれ|もらえ|ます|ませ|か|のですが|んですが|けど|んだ|な|よ|ね|"
    r"いたし|致し|す|り|う|る)*"
)
_STOPPED = (
    r"(?:停止|解除|拒否|不要|ストップ|やめ|止め|とめ|いらない|いりません|要らない|要りません|送らないで)"
)
_MESSAGES = r"(?:配信|お知らせ|通知|メッセージ|宣伝|広告|line)"
_DECLINES = re.compile(rf"\A(?:この|もう)?{_MESSAGES}(?:を|は|の)?(?:もう)?{_STOPPED}{_POLITELY}\Z")
_SUBSCRIPTION = r"(?:定期便|定期購入|定期|継続)"
_ENDS = re.compile(
    rf"\A(?:{_SUBSCRIPTION}(?:を|は|の)?(?:解約|停止|休止|キャンセル|やめ|止め)"
    r"|(?:この|ご|先ほどの|さっきの)?注文(?:を|は|の)?(?:取り消し|取消し?|キャンセル|やめ)"
    r"|(?:会員|アカウント|登録)(?:を|は|の)?(?:退会|解除|削除|やめ)"
    rf"|退会|解約|返品|返金){_POLITELY}\Z"
)


def declines_messages(text: str) -> bool:
    """Whether somebody wants to be sent nothing unasked any more."""
    return _is_whole(_DECLINES, text)


def ends_something(text: str) -> bool:
    """Whether somebody wants to leave, or to have an order or a subscription undone."""
    return _is_whole(_ENDS, text)


def _is_whole(pattern: re.Pattern[str], text: str) -> bool:
    if len(text) > LONGEST:
        return False
    plain = unicodedata.normalize("NFKC", text).lower()
    return (
        pattern.fullmatch("".join(letter for letter in plain if letter.isalnum() or letter == "ー"))
        is not None
    )
