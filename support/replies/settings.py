"""How long customers can open what staff sent; in shop.toml."""

from __future__ import annotations

from pydantic import Field

from bot.config import shop


@shop.section("support.attachments")
class AttachmentRules(shop.Section):
    """スタッフが返信に添えて送った写真・動画・書類。"""

    valid_days: int = Field(
        365,
        ge=7,
        le=3650,
        description="お客様が開ける日数。過ぎると、元のファイルを削除します（LINEのトークに届いた文はそのままです）",
    )
