"""The subjects by which the settings are shown, and the sections of each."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.config import shop
from bot.config.shop import Section
from console.shell.translation import N_


@dataclass(frozen=True, slots=True)
class Subject:
    """One page of settings. A table that several sections share is named with the section's place, as `table:1`."""

    key: str
    words: str
    tables: tuple[str, ...]


SUBJECTS = (
    Subject("greeting", N_("あいさつ・メニュー"), ("talk.words", "talk", "menu.words", "short_links.words")),
    Subject("hours", N_("営業時間・お休み"), ("support.hours", "support.hours_words")),
    Subject("survey", N_("アンケート"), ("survey", "survey.words", "survey.tags")),
    Subject("testimonials", N_("お客様の声"), ("testimonial.words",)),
    Subject("points", N_("ポイント"), ("points", "rewards.words:0", "rewards.words:3")),
    Subject(
        "ranks", N_("会員ランク・会員証"), ("ranks", "ranks.pages", "rewards.words:1", "member_card.words")
    ),
    Subject("referrals", N_("ご紹介"), ("referrals", "rewards.words:2")),
    Subject("coupons", N_("クーポン・景品の上限"), ("coupons", "coupons.words")),
    Subject("orders", N_("ご注文のお知らせ"), ("order_messages", "order_messages.words", "orders")),
    Subject("order_files", N_("注文ファイルの列と言葉"), ("orders.columns",)),
    Subject("links", N_("連携"), ("links", "links.words")),
    Subject(
        "support",
        N_("ご相談・FAQ"),
        (
            *("support.words", "support.promises", "support.satisfaction", "support.satisfaction.words"),
            *("support.faq", "support.rest"),
        ),
    ),
    Subject("bad_moments", N_("お困りごと・お怒り"), ("support.bad_moment.words",)),
    Subject(
        "contacts", N_("今日の連絡・個別のLINE"), ("contacts", "contacts.words", "support.second_account")
    ),
    Subject(
        "sending",
        N_("お知らせの時間と回数・配信"),
        ("sending", "campaigns", "campaigns.words", "flow.words", "proof", "reports"),
    ),
    Subject("recommendations", N_("おすすめ商品"), ("recommendations", "recommendations.words")),
)
OTHERS = Subject("others", N_("そのほか"), ())
"""The sections that no subject names."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is shown on a page."""

    table: str
    model: type[Section]


def all_subjects() -> list[Subject]:
    """The subjects that have a setting."""
    return [each for each in (*SUBJECTS, OTHERS) if any(parts_of(each))]


def find(key: str) -> Subject | None:
    """The subject of that key."""
    return next((each for each in all_subjects() if each.key == key), None)


def parts_of(subject: Subject) -> Iterator[Part]:
    """The sections on that page, in its order."""
    if subject is OTHERS:
        named = {(part.table, part.model) for each in SUBJECTS for part in parts_of(each)}
        for table, models in shop.models().items():
            yield from (Part(table, model) for model in models if (table, model) not in named)
        return
    known = shop.models()
    for named_table in subject.tables:
        table, _, place = named_table.partition(":")
        models = known.get(table, [])
        chosen = models[int(place) : int(place) + 1] if place else models
        yield from (Part(table, model) for model in chosen)


def of_key(table: str, key: str) -> Subject | None:
    """The subject on whose page that setting is."""
    return next(
        (
            each
            for each in all_subjects()
            if any(part.table == table and key in part.model.model_fields for part in parts_of(each))
        ),
        None,
    )
