"""The settings for orders in shop.toml: reversals, numbers for guests, words for states."""

from pydantic import Field

from bot.config import shop
from customers.orders.states import OrderState, word_key


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


@shop.section("orders.columns", place=1)
class StateWords(shop.Section):
    """The shop's own words for states, in its files and in its other systems."""

    cancelled_words: tuple[str, ...] = Field(
        (),
        description="取り消された注文を表す、お店だけの言葉（ふつうの言葉は書かなくても読み取ります。下の3つも同じです）",
    )
    counted_words: tuple[str, ...] = Field((), description="購入として数えてよい注文を表す、お店だけの言葉")
    unpaid_words: tuple[str, ...] = Field((), description="まだお支払いのない注文を表す、お店だけの言葉")
    partly_words: tuple[str, ...] = Field(
        (), description="一部だけ返品・返金された注文を表す、お店だけの言葉"
    )

    def by_key(self) -> dict[str, OrderState]:
        """The meaning of these words, by `states.word_key`."""
        lists = (
            (OrderState.COUNTS, self.counted_words),
            (OrderState.UNPAID, self.unpaid_words),
            (OrderState.PARTLY, self.partly_words),
            (OrderState.REVERSED, self.cancelled_words),
        )
        return {word_key(word): state for state, words in lists for word in words if word_key(word)}
