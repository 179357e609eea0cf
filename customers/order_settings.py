"""What of orders the owner tunes in shop.toml."""

from pydantic import Field

from bot import shop


@shop.section("orders")
class OrderRules(shop.Section):
    """注文の取り消し・返金の決まりごと。"""

    tell_points_taken_back: bool = Field(
        True,
        description="取り消しや返金でポイントやクーポンがなくなったとき、お客さまに知らせるか（知らせると1通分の送信になります）",
    )
    guest_numbers: tuple[str, ...] = Field(
        (),
        description="お店のシステムが会員ではない方に付ける会員番号（0・ゲスト・非会員 などは書かなくても見分けます）",
    )
