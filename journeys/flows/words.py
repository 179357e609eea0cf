"""The sentences that flows add to the owner's own steps."""

from pydantic import Field

from bot.config import shop


@shop.section("flow.words")
class FlowWords(shop.Words):
    """ステップ配信で、シナリオの文章に添える言葉です。{ } の中はそのままの形で残してください。"""

    stop: str = Field(
        "配信をやめたいときは「配信停止」と送ってくださいね。",
        max_length=200,
        description="ご案内（販売）のステップに小さく添える、配信の止めかた",
    )
    nameless: str = Field(
        "お客さま", max_length=20, description="お名前がわからないときの、「お名前＋さん」の代わり"
    )
    voice_title: str = Field("お客さまの声", max_length=40, description="お客様の声のカードの題")
    video_mark: str = Field("▶ ", max_length=10, description="動画のボタンの頭につける印")
    picture: str = Field("写真", max_length=40, description="写真だけのとき、通知に出る言葉")


def words() -> FlowWords:
    """The sentences with the owner's changes."""
    return shop.get(FlowWords)
