"""The settings of individual contact in shop.toml: who appears in staff's queue, how many a day, and for how long."""

from __future__ import annotations

from pydantic import Field

from bot.config import shop

AUTOMATIC = -1
MOST_A_DAY = 500


@shop.section("contacts")
class ContactRules(shop.Section):
    """今日の連絡。しばらくお買い物のない、2回以上買ってくださった方に、スタッフがひとりずつ書くための一覧です。"""

    from_days: int = Field(
        30,
        ge=1,
        le=3650,
        description="最後のお買い物からこの日数がたったら一覧に出します（商品に買い替えの目安の日数があれば、そちら）",
    )
    until_days: int = Field(
        60, ge=2, le=3651, description="この日数がたったら一覧から外します（from_days より大きい数）"
    )
    a_day: int = Field(
        5,
        ge=0,
        le=MOST_A_DAY,
        description="一日に書ける人数（その日の人数は「今日の連絡」のページで変えられます）",
    )
    outcome_days: int = Field(
        30, ge=1, le=365, description="連絡から何日以内のお買い物を「戻ってきた」と数えるか"
    )
    answer_days: int = Field(
        7,
        ge=1,
        le=60,
        description="連絡から何日以内のお返事を、FAQではなくスタッフに届けるか",
    )
    holdout_percent: int = Field(
        AUTOMATIC,
        ge=AUTOMATIC,
        le=90,
        description="効果を確かめるために、連絡しないでおく方の割合（％）。-1なら自動、0なら全員に連絡します",
    )


@shop.check_together(ContactRules)
def _window_has_days() -> list[shop.Fault]:
    rules = shop.get(ContactRules)
    if rules.from_days < rules.until_days:
        return []
    return [
        shop.fault(
            "contacts",
            "until_days",
            f"must be greater than from_days, which is {rules.from_days}. "
            f"Example: until_days = {rules.from_days + 30}",
            f"from_days（{rules.from_days}）より大きい数にしてください（例：{rules.from_days + 30}）",
        )
    ]


def configured_percent() -> int | None:
    """The share held out as the owner set it; None where it is automatic."""
    percent = shop.get(ContactRules).holdout_percent
    return None if percent == AUTOMATIC else percent
