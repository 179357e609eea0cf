"""The drafts of individual messages, which staff change before they send one."""

from __future__ import annotations

from pydantic import Field

from bot.config import shop


@shop.section("contacts.words")
class ContactWords(shop.Words):
    """今日の連絡の下書き。スタッフが一人ずつ直してから送ります。
    {name} お客様、{product} 最後のお買い物、{shop} お店、{staff} 書く人。"""

    draft: str = Field(
        "{name}、こんにちは。{shop}の{staff}です。\n"
        "以前お届けした「{product}」は、その後いかがですか？\n"
        "使いごこちのことでも、そろそろなくなるころのご相談でも、このままお返事いただければ私がお答えします。",
        max_length=1000,
        description="アクティブ以上の方への下書き",
    )
    draft_for_basic: str = Field(
        "{name}、こんにちは。{shop}の{staff}です。\n"
        "以前お届けした「{product}」は、その後いかがですか？\n"
        "お困りのことや気になることがあれば、このままお返事ください。私がお答えします。",
        max_length=1000,
        description="ベーシックの方への下書き（商品はおすすめしません）",
    )
    draft_without_product: str = Field(
        "{name}、こんにちは。{shop}の{staff}です。\n"
        "お届けしたものは、その後いかがですか？\n"
        "お困りのことや気になることがあれば、このままお返事ください。私がお答えします。",
        max_length=1000,
        description="最後のお買い物の品名がわからないときの下書き",
    )
    name: str = Field("{name}さん", max_length=100, description="下書きでのお客様の呼びかた")
    no_name: str = Field("お客さま", max_length=100, description="お名前がわからないお客様の呼びかた")


def words() -> ContactWords:
    """The sentences with the owner's changes."""
    return shop.get(ContactWords)
