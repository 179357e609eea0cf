"""What an alert says, in both languages. Pure.

It may be read on a lock screen, so that no customer's name, no word and no figure of theirs is in it; only what kind
of chat it is.
"""

from support.alerts.rules import Kind, Occasion

JAPANESE, ENGLISH = "ja", "en"

_OF_OCCASIONS = {
    Occasion.ASSIGNED: ("チャットの担当になりました", "A chat was assigned to you"),
    Occasion.PROMISE: ("お返事の約束の時刻が近いチャットがあります", "A chat's promised answer is due soon"),
    Occasion.MENTION: ("メモで呼ばれています", "A note mentions you"),
}
_OF_KINDS = {
    Kind.URGENT: ("お急ぎのチャットが1件", "1 urgent chat"),
    Kind.MINE: ("あなたが担当のチャットにメッセージが届きました", "New message in a chat assigned to you"),
    Kind.UNASSIGNED: (
        "担当のいないチャットにメッセージが届きました",
        "New message in a chat without an assignee",
    ),
}
_TEST = ("通知のテストです。届いています", "This is a test notification. It works")


def sentence(occasion: Occasion, kind: Kind, language: str) -> str:
    """The alert's title."""
    is_urgent = kind is Kind.URGENT and occasion is not Occasion.PROMISE
    both = _OF_KINDS[kind] if is_urgent or occasion not in _OF_OCCASIONS else _OF_OCCASIONS[occasion]
    return both[1] if language == ENGLISH else both[0]


def sentence_of_a_check(language: str) -> str:
    """What a test says."""
    return _TEST[1] if language == ENGLISH else _TEST[0]
