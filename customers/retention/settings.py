"""The settings in shop.toml of how long data is stored. 0 is for ever."""

from pydantic import Field

from bot.config import shop


@shop.section("retention")
class RetentionRules(shop.Section):
    """データを残す日数。0はずっと。過ぎたものは少しずつ消え、数えた数字（費用・NPSなど）は変わりません。"""

    transcript_days: int = Field(1095, ge=0, le=36500, description="チャットの内容を残す日数（0はずっと）")
    media_days: int = Field(
        1095, ge=0, le=36500, description="お客様から届いた写真・ファイルを残す日数（0はずっと）"
    )
    raw_event_days: int = Field(
        1095,
        ge=0,
        le=36500,
        description="チャットのほかに届いた出来事（友だち追加・注文の知らせなど）の元の内容を残す日数（0はずっと）",
    )
    send_record_days: int = Field(
        1095,
        ge=0,
        le=36500,
        description="送ったメッセージの内容を残す日数（0はずっと。通数と費用は残ります）",
    )
