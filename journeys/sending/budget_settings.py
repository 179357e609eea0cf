"""The owner's settings of the month's budget of pushes."""

from pydantic import Field

from bot.config import shop


@shop.section("sending", 1)
class BudgetRules(shop.Section):
    """1か月に送ってよい有料メッセージ（プッシュ）の予算です。"""

    month_limit: int = Field(
        0,
        ge=0,
        le=10_000_000,
        description="1か月のプッシュの上限（0は、LINEのプランの上限だけ）。足りないときは、大切でないお知らせから待ちます",
    )
    reserve_percent: int = Field(
        10,
        ge=0,
        le=90,
        description="残りのうち、ご注文の連絡とスタッフの返信のためにかならず残しておく割合（%）",
    )
