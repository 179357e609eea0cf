"""Whether the month's report goes to the owner's own LINE; a setting of shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("reports")
class ReportRules(shop.Section):
    """月のまとめ。毎月1日に、管理画面の「月のまとめ」のページができます。"""

    to_own_line: bool = Field(
        True,
        description="まとめを、「自分のLINE」を選んだオーナーのLINEにも送るか（ひとりにつき1通を使います）",
    )
