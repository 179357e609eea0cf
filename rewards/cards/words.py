"""The sentences to customers on the member card, which the owner may override in shop.toml. Layout:
`messages.py`."""

from pydantic import Field

from bot.config import shop


@shop.section("member_card.words")
class MemberCardWords(shop.Words):
    """会員証の文面。{ } の中はそのままの形で残してください。"""

    title: str = Field("{name}さんの会員証", description="会員証の見出し（通知にも表示されます）")
    title_nameless: str = Field("会員証", description="会員証の見出し（お名前がわからないとき）")
    how_to_use: str = Field("お店では、QRコードをスタッフにお見せください。", description="会員証の使い方")
    holds: str = Field("{rank}・{points}ポイント", description="ランクとポイント")
    code: str = Field("会員番号", description="会員番号の見出し")
