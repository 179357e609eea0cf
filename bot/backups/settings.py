"""The settings of backups and of stored exports in shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("backups")
class BackupRules(shop.Section):
    """お店のデータのバックアップ。置き場所は環境変数 BACKUP_DIR で決めます。"""

    daily: bool = Field(True, description="毎日ひとりでにバックアップを取るか")
    hour: int = Field(4, ge=0, le=23, description="バックアップを取る時刻（時）")
    stored_count: int = Field(
        7, ge=1, le=365, description="残すバックアップの数（これを超えると、古いものから消します）"
    )
    warn_after_days: int = Field(
        3, ge=1, le=30, description="よいバックアップが何日ないと、「きょう」のページでお知らせするか"
    )
    export_days: int = Field(3, ge=1, le=30, description="書き出したファイルを残す日数")
