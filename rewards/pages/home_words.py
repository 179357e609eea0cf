"""The sentences of the shop's front page and of the page for unknown addresses; the owner may override them."""

from pydantic import Field

from bot.config import shop


@shop.section("front_page.words")
class FrontPageWords(shop.Words):
    """The page at the server's address itself, and the page where there is none."""

    title: str = Field("{shop}のLINE", description="トップページの見出し")
    lead: str = Field(
        "ご注文のこと、商品のこと、ポイントのこと。LINEでお気軽にどうぞ。", description="トップページの説明"
    )
    button: str = Field("LINEで友だちになる", description="友だち追加のボタン")
    qr: str = Field(
        "パソコンの方は、スマートフォンのカメラで読み取ってください。", description="友だち追加のQRの説明"
    )
    testimonials: str = Field("お客様の声", description="お客様の声のページへのリンク")
    privacy: str = Field("プライバシーポリシー", description="プライバシーポリシーへのリンク")
    not_found_title: str = Field("ページが見つかりません", description="ないページを開いたときの見出し")
    not_found: str = Field(
        "アドレスが変わったか、期限が切れたのかもしれません。お困りのときは、LINEでお店にお声がけください。",
        description="ないページを開いたとき",
    )
    not_found_in_english: str = Field(
        "There is no page at this address. It may have moved or expired. Ask the shop on LINE if you need help.",
        description="おなじ案内の英語",
    )
    open_chat: str = Field("LINEのトークをひらく", description="ないページを開いたときのボタン")


def words() -> FrontPageWords:
    """The sentences in force."""
    return shop.get(FrontPageWords)
