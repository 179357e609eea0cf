"""Sentences to customers whose chat is with staff. The owner can change each in shop.toml; layout is in
`messages.py`."""

from pydantic import Field

from bot.config import shop


@shop.section("support.words", place=1)
class TicketWords(shop.Words):
    """Tickets: opened, still open, closed."""

    ticket_opened: str = Field(
        "スタッフにおつなぎしました。\nご用件をこのまま送ってください。{within}、{due}までに、このトークでお返事します。\n"
        "もう必要がなくなったら「解決しました」と送ってください。",
        description="スタッフにつないだとき（営業時間内）",
    )
    ticket_opened_after_hours: str = Field(
        "スタッフにお伝えしました。\n今は営業時間の外なので、{opens_at}から順番に、{due}までにお返事します。"
        "ご用件は、このまま送っておいてください。",
        description="スタッフにつないだとき（営業時間外）",
    )
    already_waiting: str = Field(
        "スタッフに届いています。順番にお返事しますので、もう少しお待ちくださいね。",
        description="もうつないであるとき（営業時間内）",
    )
    already_waiting_after_hours: str = Field(
        "スタッフに届いています。今は営業時間の外なので、{opens_at}から順番にお返事しますね。",
        description="もうつないであるとき（営業時間外）",
    )
    hours: str = Field(
        "営業時間で{hours}時間以内", description="お返事までの時間の言い方（営業時間だけを数えます）"
    )
    withdraw_button: str = Field(
        "やっぱりいいです", max_length=20, description="お待ちのあいだに、相談を取り下げるボタン"
    )
    no_opening_known: str = Field("次の営業日", description="お返事の日時がまだわからないときの言い方")
    follow_up: str = Field(
        "その後、いかがでしょうか。\n気になることがありましたら、このトークにいつでもお返事ください。",
        description="お返事がないときに自動で送るひとこと（スタッフが文を書かなかったとき）",
    )
    ticket_closed: str = Field(
        "ご相談ありがとうございました。いったんここで区切りますね。\n"
        "ここからは自動のご案内に戻ります。続きがあれば「スタッフと話す」と送ってください。",
        description="対応を終えたとき",
    )


def words() -> TicketWords:
    """The sentences with the owner's changes."""
    return shop.get(TicketWords)
