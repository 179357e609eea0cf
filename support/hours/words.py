"""Sentences to customers about the staff's hours. The owner can change each in shop.toml; `opening_hours.py`
chooses them."""

from pydantic import Field

from bot.config import shop


@shop.section("support.hours_words")
class HoursWords(shop.Words):
    """「営業時間は？」への返事の文面。時間と休みは support.hours の設定から入ります。"""

    hours: str = Field(
        "スタッフがお返事する時間は、{weekdays}の{opens}〜{closes}です。", description="曜日と時間"
    )
    never: str = Field(
        "ただいま、スタッフのお返事をお休みしています。", description="お返事する日が一年のうちにないとき"
    )
    public_holidays: str = Field("祝日はお休みをいただきます。", description="祝日も休むとき")
    holidays: str = Field("お休みの予定: {days}", description="これから60日のうちのお休みの日")
    open_now: str = Field("今は受付中です（本日は{closes}まで）。", description="今が営業時間のとき")
    closed_now: str = Field(
        "今は時間外です。次は{opens_at}からお返事します。メッセージはいつでもお預かりできますよ😊",
        description="今が営業時間の外のとき",
    )
