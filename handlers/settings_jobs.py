"""Puts planned changes of the shop's settings in force on their day."""

from bot import notices, planned_shop_changes, shop_versions
from bot.config.shop_faults import ShopFileError
from bot.db.database import write_transaction
from bot.planned_shop_changes import PlannedShopChange
from rewards.ranks import versions


def put_due_in_force() -> int:
    """Make a version of every change whose day has come; how many. One that does not fit the settings of today any
    more is set aside, with a notice to the owner."""
    return sum(_settle(each) for each in planned_shop_changes.due())


def _settle(planned: PlannedShopChange) -> int:
    with write_transaction():
        if not planned_shop_changes.begin(planned.id):
            return 0
        try:
            version = shop_versions.change(planned.values(), planned.made_by_id, planned.note)
        except ShopFileError as unfit:
            planned_shop_changes.refuse(planned.id, str(unfit))
            notices.notify(
                f"planned-shop-change:{planned.id}",
                "予定していたお店の設定の変更が、いまの設定と合わないため、まだ効いていません。"
                "管理画面の「お店の設定」の変更の履歴でお確かめください。",
            )
            return 0
        planned_shop_changes.became(planned.id, version)
        versions.store_of(version)
    return 1
