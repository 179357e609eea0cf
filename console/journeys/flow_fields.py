"""The fields of the forms of a flow and of a step: each one's path in the definition, its kind and its label.

The path is the name of the field in the form (`wait.days`), so that an error of the definition is shown beside its
field. What is read from a form is in `flow_form.py`; the choices in words are in `flow_words.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from console.shell.translation import N_
from journeys.flows.definition import MOST_VARIANTS


class Kind(StrEnum):
    """How a field is typed, and how its text becomes a value of the definition."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    STEP = "step"
    """A choice of the flow's steps."""
    YES_NO = "yes-no"
    TICK = "tick"
    DAY = "day"
    TIME = "time"
    LINES = "lines"
    """A list, one value a line."""
    TICKS = "ticks"
    """Any number of choices; in a form's values one a line, as for a list."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    path: str
    kind: Kind
    label: str
    hint: str = ""
    longest: int = 0
    """The greatest number of characters, shown while typing; 0 for fields that need no count."""
    used_with: tuple[str, ...] = ()
    """Events that the field narrows; empty for all."""


def _event(name: str) -> tuple[Field, ...]:
    orders = ("order", "dispatch", "delivery")
    return (
        Field(f"{name}.on", Kind.CHOICE, N_("できごと")),
        Field(f"{name}.nth", Kind.NUMBER, N_("何回目のご注文か"), N_("空欄はすべて"), used_with=("order",)),
        Field(
            f"{name}.products",
            Kind.LINES,
            N_("商品コード"),
            N_("1行に1つ。どれかを含むご注文だけにします。空欄はすべて"),
            used_with=orders,
        ),
        Field(f"{name}.min_score", Kind.NUMBER, N_("点数（以上）"), used_with=("score",)),
        Field(f"{name}.max_score", Kind.NUMBER, N_("点数（以下）"), used_with=("score",)),
        Field(f"{name}.rank", Kind.CHOICE, N_("ランク"), N_("空欄はすべて"), used_with=("rank",)),
        Field(f"{name}.tag", Kind.LINE, N_("タグ"), used_with=("tag",)),
        Field(
            f"{name}.days",
            Kind.NUMBER,
            N_("日数"),
            N_("最後のお買い上げからの日数、または終わりまでの日数"),
            used_with=("recency", "coupon-ending", "points-expiring"),
        ),
        Field(
            f"{name}.flow",
            Kind.LINE,
            N_("リンクのあるシナリオのキー"),
            N_("空欄はこのシナリオ"),
            used_with=("click",),
        ),
        Field(f"{name}.step", Kind.LINE, N_("リンクのあるステップのキー"), used_with=("click",)),
    )


MESSAGE_FIELDS = (
    Field(
        "text", Kind.TEXT, N_("文"), N_("{name} はお客様のお名前、{shop} は店名になります。"), longest=5000
    ),
    Field("picture", Kind.LINE, N_("画像のアドレス"), N_("https:// ではじまるもの")),
    Field("card.title", Kind.LINE, N_("カードの題"), longest=60),
    Field("card.text", Kind.TEXT, N_("カードの文"), longest=500),
    Field("card.picture", Kind.LINE, N_("カードの画像のアドレス")),
    Field("link.label", Kind.LINE, N_("リンクのボタンの文字"), longest=20),
    Field("link.url", Kind.LINE, N_("リンク先")),
    Field("video.label", Kind.LINE, N_("動画のボタンの文字"), longest=20),
    Field("video.url", Kind.LINE, N_("動画のアドレス")),
    Field("coupon", Kind.CHOICE, N_("クーポン")),
    Field("testimonial", Kind.CHOICE, N_("お客様の声"), N_("掲載中のものがない間は送りません")),
    Field(
        "recommend",
        Kind.CHOICE,
        N_("おすすめ商品"),
        N_("おひとりずつに合う商品のカードを添えます。合うものがない方には、添えずに送ります"),
    ),
)
"""The fields of one message, of a step as of a campaign."""
FLOW_FIELDS = (
    Field("name", Kind.LINE, N_("名前"), longest=120),
    Field("class", Kind.CHOICE, N_("お知らせの種類")),
    *_event("trigger"),
    Field("entry.policy", Kind.CHOICE, N_("何度入れるか")),
    Field("entry.days", Kind.NUMBER, N_("あけておく日数"), N_("「日数をあけて何度でも」のときだけ")),
    *_event("goal"),
    Field("calm_days", Kind.NUMBER, N_("お問い合わせのあと、そっとしておく日数")),
    Field(
        "holdout_percent",
        Kind.NUMBER,
        N_("送らずに比べる方の割合（パーセント）"),
        N_(
            "空欄は自動です（効果がはっきりするまで多め、そのあとは少なめ）。"
            "0なら、お知らせ全体の効果を比べるために送らない方も含めて、全員に送ります"
        ),
    ),
    Field(
        "outcome_days",
        Kind.NUMBER,
        N_("効果として数えるご注文の日数"),
        N_("きっかけから、この日数のあいだのご注文で比べます"),
    ),
)
STEP_FIELDS = (
    Field("name", Kind.LINE, N_("ステップの名前"), N_("お客様には見えません"), longest=40),
    Field("key", Kind.LINE, N_("ステップのキー"), N_("半角の英小文字・数字・ハイフン")),
    Field("wait.days", Kind.NUMBER, N_("待つ日数"), N_("前のステップから。最初のステップは、きっかけから")),
    Field("wait.at", Kind.TIME, N_("送る時刻"), N_("空欄は、きっかけと同じ時刻")),
    Field(
        "wait.until",
        Kind.CHOICE,
        N_("次のことがあるまで待つ"),
        N_("なければ、上の日数が過ぎたときに進みます"),
    ),
    Field("wait.tag", Kind.LINE, N_("待つタグ"), used_with=("tag",)),
    Field(
        "wait.products",
        Kind.LINES,
        N_("待つ商品のコード"),
        N_("1行に1つ"),
        used_with=("order", "dispatch", "delivery"),
    ),
    Field("wait.step", Kind.STEP, N_("リンクを開くのを待つステップ"), used_with=("click",)),
    Field("wait.date", Kind.DAY, N_("この日まで待つ")),
    Field(
        "wait.repurchase", Kind.TICK, N_("商品ごとの買い替え日数だけ待つ"), N_("日数のない商品では、上の日数")
    ),
    Field("when.rank", Kind.CHOICE, N_("ランクがちょうど")),
    Field("when.min_rank", Kind.CHOICE, N_("ランクが（以上）")),
    Field("when.stage", Kind.CHOICE, N_("段階")),
    Field("when.segment", Kind.CHOICE, N_("いちばん新しい回答")),
    Field("when.min_score", Kind.NUMBER, N_("点数（以上）")),
    Field("when.max_score", Kind.NUMBER, N_("点数（以下）")),
    Field("when.tag", Kind.LINE, N_("タグがある")),
    Field("when.not_tag", Kind.LINE, N_("タグがない")),
    Field("when.clicked", Kind.STEP, N_("リンクを開いた")),
    Field("when.not_clicked", Kind.STEP, N_("リンクを開いていない")),
    Field("when.bought", Kind.YES_NO, N_("入ってからのお買い上げ")),
    Field("when.bought_products", Kind.LINES, N_("買ったことのある商品"), N_("コードを1行に1つ。どれか")),
    Field("when.not_bought_products", Kind.LINES, N_("買ったことのない商品"), N_("コードを1行に1つ")),
    Field("when.min_orders", Kind.NUMBER, N_("ご注文の回数（以上）")),
    Field("when.max_orders", Kind.NUMBER, N_("ご注文の回数（以下）")),
    *MESSAGE_FIELDS,
    Field("set_tags", Kind.LINES, N_("付けるタグ"), N_("1行に1つ")),
    Field("remove_tags", Kind.LINES, N_("外すタグ"), N_("1行に1つ")),
    Field("note", Kind.TEXT, N_("スタッフへのメモ"), N_("お客様には見えません"), longest=500),
    Field("class", Kind.CHOICE, N_("お知らせの種類"), N_("シナリオより厳しくするときだけ")),
    Field(
        "latest_days",
        Kind.NUMBER,
        N_("無料の返信に乗せるために待てる日数"),
        N_("0なら、時刻がきたらすぐに送ります"),
    ),
    Field("when_busy", Kind.CHOICE, N_("送れないとき")),
    Field("then", Kind.STEP, N_("次のステップ"), N_("空欄は、すぐ下のステップ")),
    Field("otherwise", Kind.STEP, N_("条件に合わないときの次のステップ"), N_("空欄は、次のステップと同じ")),
)
BUTTONS = 4
"""Buttons that a step may have: `buttons.0.label`, `buttons.0.does` (tag, url or say), `buttons.0.value`."""
VARIANTS = MOST_VARIANTS
"""Variants that a step may have: `variant.0.key` (unseen), `variant.0.text`, `variant.0.remove` (a tick)."""
GROUPS = {
    "waits": ("wait.until", "wait.tag", "wait.products", "wait.step", "wait.date", "wait.repurchase"),
    "conditions": tuple(each.path for each in STEP_FIELDS if each.path.startswith("when.")),
    "buttons": ("link.label", "link.url"),
    "media": tuple(
        each.path
        for each in MESSAGE_FIELDS
        if each.path in ("picture", "coupon", "testimonial", "recommend")
        or each.path.startswith(("card.", "video."))
    ),
    "marks": ("set_tags", "remove_tags", "note"),
    "ways": ("class", "latest_days", "when_busy", "then", "otherwise", "key"),
}
"""Fields of a step that are folded away while they are empty; buttons belong to their group."""
_ALWAYS_FILLED = ("latest_days", "when_busy", "key")
BY_PATH = {each.path: each for each in (*FLOW_FIELDS, *STEP_FIELDS)}


def open_groups(form: Mapping[str, str], wrong: Mapping[str, str]) -> set[str]:
    """The groups that hold something, or an error."""
    filled = {path for path, value in form.items() if value and path not in _ALWAYS_FILLED} | {*wrong}
    buttons = any(path.startswith("buttons.") and not path.endswith(".does") for path in filled)
    groups = {name for name, paths in GROUPS.items() if filled & {*paths} or (name == "buttons" and buttons)}
    return groups | ({"variants"} if any(path.startswith("variant.") for path in filled) else set())
