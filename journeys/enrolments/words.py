"""The answers to buttons of a flow's steps."""

from pydantic import Field

from bot.config import shop


@shop.section("flow.words", 1)
class EnrolmentWords(shop.Words):
    """ステップ配信のボタンへのお返事です。"""

    tag_received: str = Field(
        "教えてくださって、ありがとうございます。ほかにも何かあれば、このまま書いてくださいね。",
        max_length=500,
        description="シナリオのボタンを押していただいたときのお返事",
    )
    unknown_button: str = Field(
        "ごめんなさい、このボタンはもう使えなくなっていました。",
        max_length=500,
        description="シナリオのボタンがもう使えないとき",
    )


def words() -> EnrolmentWords:
    """The sentences with the owner's changes."""
    return shop.get(EnrolmentWords)
