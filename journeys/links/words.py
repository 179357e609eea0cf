"""What a visitor reads whose short link leads nowhere (any more); the owner may override it. Layout: the template."""

from pydantic import Field

from bot.config import shop


@shop.section("short_links.words")
class ShortLinkWords(shop.Words):
    """The page of a short link that does not exist, or no longer."""

    unknown_title: str = Field("このリンクは開けませんでした", description="見出し")
    unknown: str = Field(
        "おそれいります。リンクが途中で切れているか、ご案内が終わったようです。"
        "お店のLINEから、いつでもお声がけください。",
        description="説明",
    )
    back: str = Field("お店のLINEをひらく", description="ボタン")


def words() -> ShortLinkWords:
    """The sentences in force."""
    return shop.get(ShortLinkWords)
