"""The fields of a campaign's form: its own, and those of its audience. Those of its message are a step's."""

from collections.abc import Mapping

from console.journeys.flow_fields import GROUPS, MESSAGE_FIELDS, Field, Kind
from console.shell.translation import N_

CAMPAIGN_FIELDS = (
    Field("name", Kind.LINE, N_("名前"), N_("お客様には見えません"), longest=120),
    Field("class", Kind.CHOICE, N_("お知らせの種類")),
    Field("points", Kind.NUMBER, N_("いっしょに贈るポイント"), N_("届いた方に1回だけ。空欄は贈りません")),
    Field(
        "early_access_hours",
        Kind.NUMBER,
        N_("プレミアム以上の方に先に送る（何時間前か）"),
        N_("空欄は、みなさん同じ時刻"),
    ),
    Field("when_busy", Kind.CHOICE, N_("すぐに送れない方")),
    Field("defer_days", Kind.NUMBER, N_("待つ日数（長くて）")),
    Field(
        "holdout_percent",
        Kind.NUMBER,
        N_("送らずに比べる方の割合（パーセント）"),
        N_("空欄はおまかせ。0なら全員に送ります"),
    ),
    Field("outcome_days", Kind.NUMBER, N_("効果を見る日数"), N_("この日数のお買い上げを、結果に数えます")),
)
AUDIENCE_FIELDS = (
    Field("audience.ranks", Kind.TICKS, N_("ランク")),
    Field("audience.stages", Kind.TICKS, N_("段階")),
    Field("audience.segments", Kind.TICKS, N_("いちばん新しい回答")),
    Field("audience.silent", Kind.TICK, N_("まだ回答のない方も")),
    Field("audience.min_days_since_order", Kind.NUMBER, N_("最後のお買い上げから（何日以上）")),
    Field("audience.max_days_since_order", Kind.NUMBER, N_("最後のお買い上げから（何日以内）")),
    Field("audience.min_orders", Kind.NUMBER, N_("ご注文の回数（以上）")),
    Field("audience.max_orders", Kind.NUMBER, N_("ご注文の回数（以下）")),
    Field("audience.min_sales_yen", Kind.NUMBER, N_("お買い上げの合計（円以上）")),
    Field("audience.max_sales_yen", Kind.NUMBER, N_("お買い上げの合計（円以下）")),
    Field(
        "audience.bought_products",
        Kind.LINES,
        N_("買ったことのある商品"),
        N_("コードか商品名を1行に1つ。どれか"),
    ),
    Field(
        "audience.not_bought_products", Kind.LINES, N_("買ったことのない商品"), N_("コードか商品名を1行に1つ")
    ),
    Field("audience.tags", Kind.LINES, N_("タグがある"), N_("1行に1つ。どれか")),
    Field("audience.not_tags", Kind.LINES, N_("タグがない"), N_("1行に1つ")),
    Field("audience.clicked_within_days", Kind.NUMBER, N_("リンクを開いた（何日以内）")),
    Field("audience.not_clicked_within_days", Kind.NUMBER, N_("リンクを開いていない（何日のあいだ）")),
    Field("audience.joined_within_days", Kind.NUMBER, N_("友だちになって（何日以内）")),
    Field(
        "audience.not_in_campaigns_within_days", Kind.NUMBER, N_("キャンペーンが届いていない（何日のあいだ）")
    ),
    Field("audience.inside_flow", Kind.CHOICE, N_("途中のシナリオ")),
    Field(
        "audience.customer_ids",
        Kind.LINES,
        N_("お客様の番号"),
        N_("1行に1つ。入れると、この中の方だけになります"),
    ),
)
ALL_FIELDS = (*CAMPAIGN_FIELDS, *MESSAGE_FIELDS, *AUDIENCE_FIELDS)
WHEN = Field("at", Kind.LINE, N_("日時"))
"""Typed as `datetime-local`; `campaign_form.py` reads it."""
BY_PATH = {each.path: each for each in (*ALL_FIELDS, WHEN)}
FREQUENT = ("audience.ranks", "audience.stages", "audience.segments", "audience.silent")
FOLDED = {
    "buttons": GROUPS["buttons"],
    "media": GROUPS["media"],
    "orders": tuple(
        each.path
        for each in AUDIENCE_FIELDS
        if each.path.endswith(("_since_order", "_orders", "_sales_yen", "_products"))
    ),
    "contacts": tuple(
        each.path
        for each in AUDIENCE_FIELDS
        if each.path.endswith(("tags", "_within_days", "inside_flow", "customer_ids"))
    ),
    "ways": ("early_access_hours", "when_busy", "defer_days", "holdout_percent", "outcome_days"),
}
"""Fields that are folded away while they are empty."""
_USUALLY_FILLED = ("when_busy", "defer_days", "outcome_days")


def open_groups(form: Mapping[str, str], wrong: Mapping[str, str]) -> set[str]:
    """The folded groups that hold something, or an error."""
    filled = {path for path, value in form.items() if value and path not in _USUALLY_FILLED} | {*wrong}
    buttons = any(path.startswith("buttons.") and not path.endswith(".does") for path in filled)
    return {name for name, paths in FOLDED.items() if filled & {*paths} or (name == "buttons" and buttons)}
