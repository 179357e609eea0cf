"""Which messages about orders are sent; settings of shop.toml."""

from pydantic import Field

from bot.config import shop


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
