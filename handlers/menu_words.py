"""The words on the rich menu below the chat. The owner can change each in shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("menu.words")
class MenuWords(shop.Words):
    """トーク画面の下のメニュー（リッチメニュー）の文字。変えると、1分ほどあとにLINEのメニューも自動で変わります。"""

    bar: str = Field("メニュー", max_length=14, description="メニューを開くバーの文字")
    orders: str = Field("お届けの様子", description="「ご注文」の下の文字")
    points: str = Field("たまり具合を見る", description="「ポイント」の下の文字")
    coupons: str = Field("特典と交換する", description="「クーポン」の下の文字")
    member_card: str = Field(
        "お店で見せる", description="「会員証」の下の文字（実店舗で会員証を使うときだけ出ます）"
    )
    referral: str = Field("おふたりに特典", description="「お友達を紹介」の下の文字")
    questions: str = Field("すぐに答えが出ます", description="「よくある質問」の下の文字")
    staff: str = Field("人がお答えします", description="「スタッフと話す」の下の文字")
