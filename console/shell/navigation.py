"""The console's menu: its groups, pages and order. A new page adds its line here.

Whether a person may open a page is `access_control.py`'s; the menu leaves out what they may not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from console.shell.translation import N_


@dataclass(frozen=True)
class Entry:
    """A page in the menu: its endpoint without `console.`, and its label in Japanese."""

    page: str
    words: str


@dataclass(frozen=True)
class Group:
    """A group of pages under one label."""

    name: str
    words: str
    entries: tuple[Entry, ...]

    def holds(self, page: str) -> bool:
        """Whether that page is in the group."""
        return any(entry.page == page for entry in self.entries)


MENU = (
    Group(
        "figures",
        N_("数字"),
        (
            Entry("today", N_("きょう")),
            Entry("figures", N_("NPS")),
            Entry("ltv", N_("LTV")),
            Entry("stages", N_("ベルトコンベア")),
            Entry("rank_figures", N_("ランク")),
            Entry("rfm", N_("RFM")),
            Entry("recency", N_("休眠を防ぐ")),
            Entry("referrals", N_("紹介")),
            Entry("messages", N_("配信の費用")),
            Entry("satisfaction", N_("満足度")),
            Entry("reports", N_("月のまとめ")),
        ),
    ),
    Group(
        "chat",
        N_("チャット"),
        (
            Entry("tickets", N_("チャット")),
            Entry("customers", N_("お客様")),
            Entry("contacts", N_("今日の連絡")),
            Entry("search", N_("検索")),
            Entry("canned_texts", N_("定型文")),
        ),
    ),
    Group(
        "voices",
        N_("お客様の声・FAQ"),
        (
            Entry("answers", N_("回答")),
            Entry("testimonials", N_("お客様の声")),
            Entry("faq_stock", N_("FAQ")),
            Entry("faq_missing_questions", N_("次に書くと良いもの")),
        ),
    ),
    Group(
        "journeys",
        N_("配信"),
        (
            Entry("flows", N_("ステップ配信")),
            Entry("campaigns", N_("キャンペーン")),
            Entry("effects", N_("効果")),
            Entry("products", N_("おすすめ商品")),
        ),
    ),
    Group(
        "points",
        N_("ポイント・特典"),
        (
            Entry("redeem", N_("クーポン")),
            Entry("link_codes", N_("連携コード")),
            Entry("referrals_to_review", N_("紹介の確認")),
            Entry("rewards", N_("特典")),
            Entry("rank_simulations", N_("ランクの試算")),
        ),
    ),
    Group(
        "shop",
        N_("お店"),
        (
            Entry("settings", N_("お店の設定")),
            Entry("parked", N_("保留した注文")),
            Entry("imports", N_("取り込み")),
            Entry("failed_jobs", N_("止まった処理")),
            Entry("keys", N_("APIキー")),
            Entry("people", N_("スタッフ")),
            Entry("data", N_("データ")),
            Entry("audit_log", N_("変更の記録")),
            Entry("health", N_("動作の確認")),
        ),
    ),
)


def menu_for(may_open: Callable[[str], bool]) -> list[Group]:
    """The menu for somebody who may open these endpoints; empty groups are left out."""
    shown = (
        Group(
            group.name,
            group.words,
            tuple(entry for entry in group.entries if may_open(f"console.{entry.page}")),
        )
        for group in MENU
    )
    return [group for group in shown if group.entries]
