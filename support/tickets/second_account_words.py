"""Sentences of the second LINE account, which staff answer by themselves, and of the invitation to it. The owner
can change each in shop.toml; layout is in `messages.py`."""

from pydantic import Field

from bot.config import shop


@shop.section("support.second_account")
class SecondAccountWords(shop.Words):
    """個別連絡用のLINEアカウント（2つめ）の文面。使わないお店では送られません。"""

    greeting: str = Field(
        "{shop}の担当者です。追加してくださって、ありがとうございます🌿\n"
        "ご相談の続きも、気になることも、ここにそのまま書いてくださいね。",
        description="追加してくださったときのあいさつ",
    )
    received: str = Field(
        "ありがとうございます。担当者に届きました。\n{due}までに、このトークでお返事しますね。",
        description="メッセージが届いたとき（営業時間内）",
    )
    received_after_hours: str = Field(
        "ありがとうございます。担当者に届きました。\n"
        "今は営業時間の外なので、{opens_at}から順番に、{due}までにお返事しますね。",
        description="メッセージが届いたとき（営業時間外）",
    )
    closed: str = Field(
        "ご相談ありがとうございました。いったんここで区切りますね。\n"
        "続きがあれば、このトークにいつでも書いてください。",
        description="対応を終えたとき",
    )
    button: str = Field(
        "こちらは担当者がお返事するトークです。ポイントやお知らせは、お店のトークからどうぞ☺\n"
        "ご用件があれば、ここにそのまま書いてくださいね。",
        description="使えないボタンが押されたとき",
    )
    invitation: str = Field(
        "担当者のLINEを追加していただくと、お返事はそちらから直接お届けできます。",
        description="追加のご案内（30日に1回まで）",
    )
    invitation_button: str = Field("担当者のLINEを追加", max_length=20, description="追加のボタン")


def words() -> SecondAccountWords:
    """The sentences with the owner's changes."""
    return shop.get(SecondAccountWords)
