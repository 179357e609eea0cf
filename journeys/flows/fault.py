"""A fault of a flow, and the sentences of every kind of fault in Japanese and English. Pure."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """Whether a flow with the fault can be switched on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a flow."""

    step_key: str | None
    """None: the flow as a whole."""
    field: str
    """The name of the field in the file: `text`, `wait`, `trigger`."""
    code: str
    sentence_ja: str
    sentence_en: str
    severity: Severity = Severity.ERROR
    variant: str | None = None
    """The key of the step's variant that it is about; None: of the step itself."""


WARNINGS = {
    "basic-pass-over",
    "example-address",
    "no-history-product",
    "no-premium-product",
    "no-testimonial",
    "otherwise-unused",
    "unknown-product",
    "same-variant",
    "unused-tag",
    "waits-longer",
}
_SENTENCES = {
    # The way through the flow
    "loop": (
        "「{to}」へ戻るので、同じステップがくり返されます。{field} には、まだ通っていないステップか end を書きます。",
        'goes back to "{to}", so that steps repeat for ever. Let {field} name a step that has not come yet, or "end".',
    ),
    "unreachable": (
        "どのステップからもたどりつけません。前のステップの then か otherwise で指すか、消してください。",
        "no step leads here. Name it in then or otherwise of an earlier step, or remove it.",
    ),
    "dead-end": (
        "「{to}」というステップはありません。{hint_ja}{field} には、ステップの key か end を書いてください。",
        'there is no step "{to}". {hint_en}Let {field} name the key of a step, or "end".',
    ),
    "otherwise-unused": (
        "when も testimonial も、recommend だけのステップでもないので、otherwise は使われません。",
        "otherwise is never used, since the step has neither when nor testimonial, nor recommend alone.",
    ),
    # What a step says
    "unfinished": (
        "まだ中身がありません。文章・写真・カードなどを入れるか、つけるタグかメモを書いてください。",
        "is unfinished: it says and sets nothing. Add a text, a picture or a card, or a tag or a note to set.",
    ),
    "buttons-alone": (
        'ボタンだけで文章がありません。text かカードを入れてください。例：text = "いかがですか？"',
        'has buttons and no message above them. Add a text or a card, as in text = "いかがですか？"',
    ),
    "empty-text": (
        "文章が空です。名前のほかに、ひとこと書いてください。",
        "the text is empty. Write something besides the name.",
    ),
    "too-long": (
        "お名前を入れると{length:,}文字になります。LINEで送れるのは{longest:,}文字までです。",
        "with a name filled in, it is {length:,} characters long; LINE takes {longest:,}.",
    ),
    "too-many-parts": (
        "吹き出しが{count}個になります。{most}個までにしてください。",
        "becomes {count} messages; {most} are possible. Leave something out, or make two steps of it.",
    ),
    "unknown-placeholder": (
        "{written} には何も入りません。{hint_ja}使えるのは、半角の {{name}} と {{shop}} です。",
        "nothing is filled in for {written}. {hint_en}{{name}} and {{shop}} can be used.",
    ),
    "placeholder-not-here": (
        "ここでは {{{name}}} に何も入りません。文章（text）とカードだけで使えます。",
        "{{{name}}} is not filled in here, only in text and on the card.",
    ),
    "example-address": (
        "{url} は見本のアドレスです。お店のページのアドレスに書きかえてください。",
        "replace the example address {url} with one of your shop's.",
    ),
    "unknown-coupon": (
        "{coupon}番のクーポンはありません。管理画面の「特典」にある番号を書いてください。{known_ja}",
        "there is no coupon {coupon}. Use an id of the console's list of coupons. {known_en}",
    ),
    "stopped-coupon": (
        "{coupon}番のクーポンは、いまお渡しできません（停止中か、期間か在庫が終わりました）。",
        "coupon {coupon} cannot be given now: it is switched off, over, or out of stock.",
    ),
    "no-testimonial": (
        "掲載中のお客さまの声がまだありません。1つ掲載されるまで、このステップはとばされます。",
        "no testimonial is published yet: until one is, the step is passed over.",
    ),
    "no-history-product": (
        "おすすめできる商品がまだありません。「おすすめ商品」のページで、商品のページのアドレスを入れてください。",
        "no product can be recommended yet. Enter the addresses of products' pages on the page of products.",
    ),
    "no-premium-product": (
        "おすすめできるプレミアム商品がまだありません。「おすすめ商品」のページで、プレミアムの印とアドレスを入れてください。",
        "no premium product can be recommended yet. Mark one and enter its address on the page of products.",
    ),
    "variant-alone": (
        "別案（variant）だけがあって、ステップ自身の文面がありません。text などを入れてください。",
        "has variants and no message of its own to compare them with. Add a text.",
    ),
    "empty-variant": (
        '中身がありません。文章・写真・カードなどを入れるか、消してください。例：text = "ありがとうございます！"',
        'says nothing. Add a text, a picture or a card, or remove it, as in text = "ありがとうございます！"',
    ),
    "same-variant": (
        "ステップ自身の文面と同じです。くらべるところを変えてください。",
        "says what the step itself says. Change what you want to compare.",
    ),
    # Waits and conditions
    "date-past": (
        "{date} はもう過ぎています。これからの日付にしてください。",
        "{date} has passed. Use a day to come.",
    ),
    "waits-longer": (
        "このステップは{latest}日まで返信を待ちますが、次の「{next}」は{days}日後です。そのぶん次が遅れることがあります。",
        'may wait {latest} days for a reply, and "{next}" follows after {days}: that one may be late. '
        "Make latest_days {days} or less.",
    ),
    "never-happens": (
        "{field} の「{on}」は、シナリオの途中では起こりません。",
        'in {field}, "{on}" cannot happen to somebody who is inside the flow.',
    ),
    "nobody-sets-tag": (
        "タグ「{tag}」をつけるボタンもステップもありません。{hint_ja}",
        'no button and no step sets the tag "{tag}". {hint_en}',
    ),
    "unused-tag": (
        "タグ「{tag}」は、まだどのお客さまにもついておらず、つけるボタンもステップもありません。{hint_ja}",
        'no customer has the tag "{tag}" yet, and no button and no step sets it. {hint_en}',
    ),
    "unknown-step": (
        "「{to}」というステップはありません。{hint_ja}",
        'there is no step "{to}". {hint_en}',
    ),
    "later-step": (
        "「{to}」は、このステップより前には送られません。前に送るステップを書いてください。",
        '"{to}" is not sent before this step. Name one that is.',
    ),
    "no-link": (
        "「{to}」にはリンクがないので、開かれることがありません。",
        '"{to}" has no link, so nobody can open it.',
    ),
    "never-holds": (
        "{field} の条件は、どなたにも当てはまりません（{why}）。",
        "the condition in {field} can never hold ({why}).",
    ),
    "unused-field": (
        '{field} の {name} は、on = "{on}" では使われません。消してください。',
        '{name} in {field} means nothing with on = "{on}". Remove it.',
    ),
    "unknown-product": (
        "商品コード「{product}」の商品は、まだ売れたことがありません。{hint_ja}",
        'no product with the code "{product}" was sold yet. {hint_en}',
    ),
    "unknown-flow": (
        "「{to}」というシナリオはありません。{hint_ja}",
        'there is no flow "{to}". {hint_en}',
    ),
    "goal-reached-before": (
        "ゴールは、お客さまが入ったときにはもう過ぎています（trigger は{entered}回目、goal は{goal}回目のご注文）。",
        "the goal has passed when a customer enters: the trigger is order {entered}, the goal order {goal}.",
    ),
    # Classes
    "reaches-basic": (
        'ベーシックのお客さまに、ご案内（selling）は送られません。when = {{ min_rank = "active" }} を書いてください。',
        'sells, and Basic customers would come here; they get no offers. Add when = {{ min_rank = "active" }}.',
    ),
    "basic-pass-over": (
        "ベーシックのお客さまには、このご案内（selling）は送られません（とばします）。それでよければ、このままで使えます。",
        "sells, so it is not sent to Basic customers: they pass it over. If that is meant, leave it as it is.",
    ),
    "no-way-to-stop": (
        "ご案内（selling）のどのステップにも、配信の止めかたがありません。文章か shop.toml の [flow.words] stop に"
        "「配信停止」を入れてください。",
        "no selling step says how to stop. Put 「配信停止」 into its text, or into stop of [flow.words] in shop.toml.",
    ),
    "not-an-order": (
        'class = "order" は、ご注文の連絡だけに使えます（trigger が order・dispatch・delivery）。'
        "care か selling にしてください。",
        'class = "order" is for messages about an order alone (trigger order, dispatch or delivery). '
        "Use care or selling.",
    ),
}


def fault(code: str, step_key: str | None, field: str, **values: object) -> Fault:
    """The fault of that kind. Its sentences are filled in with the values."""
    ja, en = (template.format(field=field, **values).strip() for template in _SENTENCES[code])
    return Fault(step_key, field, code, ja, en, Severity.WARNING if code in WARNINGS else Severity.ERROR)


def of_variant(found: Fault, key: str) -> Fault:
    """The fault of a step's message as that of its variant, which the sentences then name."""
    return replace(
        found,
        variant=key,
        sentence_ja=f"別案「{key}」：{found.sentence_ja}",
        sentence_en=f'variant "{key}": {found.sentence_en}',
    )


def hints(word: str, known: Iterable[str]) -> dict[str, str]:
    """`hint_ja` and `hint_en`: the known word that is most alike; empty when none is."""
    near = difflib.get_close_matches(word, list(known), 1, 0.6)
    if not near:
        return {"hint_ja": "", "hint_en": ""}
    return {"hint_ja": f"「{near[0]}」でしょうか？", "hint_en": f'Did you mean "{near[0]}"? '}
