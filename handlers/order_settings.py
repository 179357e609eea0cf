"""Which messages about orders are sent; settings of shop.toml."""

from datetime import date

from pydantic import Field

from bot import localtime
from bot.config import shop
from handlers.chat_settings import ConversationRules


@shop.section("order_messages")
class OrderMessages(shop.Section):
    """ご注文についてのお知らせ。1通ずつの送信になります（お知らせを止めた方にもお送りします）。「注文状況」と聞かれたときの
    お返事は、ここで止めてもつづきます。"""

    received: bool = Field(
        True,
        description="注文を受けたことを知らせるか（お礼とポイントもいっしょです。止めてもポイントはつきます）",
    )
    dispatched: bool = Field(True, description="発送したことを、追跡のボタンといっしょに知らせるか")
    delivered: bool = Field(True, description="届いたことを知らせるか")


def is_recent(day: date) -> bool:
    """Whether an order or a parcel of that day is new enough for a message (`thank_within_days`); of older ones,
    as an import brings them, nothing is said."""
    return (localtime.today() - day).days <= shop.get(ConversationRules).thank_within_days
