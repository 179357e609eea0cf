"""The settings for the page of each rank in shop.toml: title, text, and how long a link to it is valid."""

from pydantic import Field

from bot.config import shop
from rewards.ranks.rules import Rank


@shop.section("ranks.pages")
class RankPages(shop.Section):
    """ランクごとの特典ページ。そのランクの方だけが開けるリンクで届きます。本文を空にすると、そのページはなくなります。"""

    link_days: int = Field(7, ge=1, le=90, description="特典ページのリンクが使える日数")
    active_title: str = Field("", max_length=60, description="アクティブのページの見出し")
    active_body: str = Field("", max_length=5000, description="アクティブのページの本文（改行は \\n）")
    premium_title: str = Field(
        "プレミアムの方へ、先にお伝えしたいこと", max_length=60, description="プレミアムの見出し"
    )
    premium_body: str = Field(
        "いつもほんとうにありがとうございます。\n"
        "次の季節の新商品は、一般のご案内より1週間早く、このページでお知らせします。",
        max_length=5000,
        description="プレミアムのページの本文（限定のお話・先行案内）",
    )
    ambassador_title: str = Field(
        "アンバサダーの部屋", max_length=60, description="アンバサダーのページの見出し"
    )
    ambassador_body: str = Field(
        "お店づくりの仲間でいてくださって、ありがとうございます。\n"
        "いま作っているもののこと、迷っていることを、ここでいちばんにお話しします。ご意見はトークへどうぞ。",
        max_length=5000,
        description="アンバサダーのページの本文（いっしょに作るお話）",
    )

    def content(self, rank: Rank) -> tuple[str, str]:
        """Title and text of that rank's page; without text there is no page."""
        name = rank.name.lower()
        return str(getattr(self, f"{name}_title", "")), str(getattr(self, f"{name}_body", ""))
