"""The form of a rank simulation: which rules it offers as numbers, their labels, and which values it refuses.

Its result is the text of a shop.toml, which is checked there as at start-up.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.config import shop
from bot.config.shop import Section, ShopDraft
from console.shell.translation import N_, gettext
from rewards.ledger.settings import PointRules
from rewards.ranks.rules import WITHOUT_FRIENDS
from rewards.ranks.settings import RankSection

LARGEST_PART = 100
"""The greatest value of a part of a rule: what an action is worth, and how often it counts."""
RELATIONSHIP = 2
"""The third of the three axes."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the rules; `part` says which of a rule that has several."""

    model: type[Section]
    key: str
    part: int | None
    row: str
    column: str

    @property
    def name(self) -> str:
        """The field's name in the form."""
        return "-".join((self.model.__name__, self.key, *([] if self.part is None else [str(self.part)])))

    @property
    def limits(self) -> tuple[int, int]:
        """The least and the greatest value."""
        if self.part is not None:
            return 0, LARGEST_PART
        bounds = self.model.model_fields[self.key].metadata
        return (
            next(each.ge for each in bounds if hasattr(each, "ge")),
            next(each.le for each in bounds if hasattr(each, "le")),
        )

    def of(self, part: Section) -> int:
        """Its value in these rules."""
        value = getattr(part, self.key)
        return int(value if self.part is None else value[self.part])

    @property
    def label(self) -> str:
        """Its label, for readers who do not see its row and column."""
        return " · ".join(filter(None, (gettext(self.row), gettext(self.column) if self.column else "")))


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers shown as a table: a row for each rule, a column for each of its numbers."""

    words: str
    hint: str
    columns: tuple[str, ...]
    lines: tuple[tuple[Number, ...], ...]


def _table(
    words: str, hint: str, model: type[Section], columns: tuple[str, ...], rules: Mapping[str, str]
) -> Table:
    def line(key: str, row: str) -> tuple[Number, ...]:
        if not columns:
            return (Number(model, key, None, row, ""),)
        return tuple(Number(model, key, part, row, column) for part, column in enumerate(columns))

    return Table(words, hint, columns, tuple(line(key, row) for key, row in rules.items()))


TABLES = (
    _table(
        N_("ランクに必要な点"),
        N_("3つの軸（0〜100点）のすべてがそろうと、そのランクになります。"),
        RankSection,
        (N_("金額"), N_("行動"), N_("関係性")),
        {"active": N_("アクティブ"), "premium": N_("プレミアム"), "ambassador": N_("アンバサダー")},
    ),
    _table(
        N_("行動の点"),
        "",
        RankSection,
        (N_("1回の点"), N_("数える上限")),
        {
            "purchase": N_("お買い上げ"),
            "survey_answer": N_("アンケート"),
            "reply_day": N_("お話しした日"),
            "click_day": N_("リンクを開いた日"),
        },
    ),
    _table(
        N_("関係性の点"),
        "",
        RankSection,
        (N_("1回の点"), N_("数える上限")),
        {
            "referral": N_("ご紹介（お友達の購入）"),
            "testimonial": N_("感想の掲載"),
            "opinion": N_("ご意見"),
            "month": N_("出会ってからの月数"),
        },
    ),
    _table(
        N_("金額の点と期間"),
        "",
        RankSection,
        (),
        {
            "money_at_average": N_("平均LTVちょうどのときの点"),
            "average_ltv_yen": N_("購入者が少ないうちの平均LTV（円）"),
            "fewest_customers": N_("実際の平均LTVを使いはじめる購入者数"),
            "qualifying_months": N_("さかのぼって数える月数"),
        },
    ),
    _table(
        N_("お贈りするポイント"),
        N_("変えると、ポイントの増減も試算します。"),
        PointRules,
        (),
        {
            "purchase_per_100_yen": N_("お買い上げ100円ごと"),
            "registration": N_("友だち追加"),
            "survey_answer": N_("アンケート"),
            "comment": N_("ひとこと"),
            "testimonial": N_("感想"),
            "referrer": N_("紹介した方"),
            "referee": N_("紹介された方"),
            "birthday": N_("お誕生日"),
        },
    ),
)


def numbers() -> Iterator[Number]:
    """Every field, in the form's order."""
    return (number for table in TABLES for line in table.lines for number in line)


def values_of(draft: ShopDraft | None = None) -> dict[str, str]:
    """The fields' values: a draft's, else those in force."""
    return {
        each.name: str(each.of(draft.get(each.model) if draft else shop.get(each.model)))
        for each in numbers()
    }


def changes(draft: ShopDraft) -> list[tuple[str, int, int]]:
    """What the draft would change: the number, today's value, the new value."""
    both = ((each.label, each.of(shop.get(each.model)), each.of(draft.get(each.model))) for each in numbers())
    return [change for change in both if change[1] != change[2]]


def read(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed into each field; full-width digits are accepted."""
    return {each.name: unicodedata.normalize("NFKC", form.get(each.name, "")).strip() for each in numbers()}


def faults(typed: Mapping[str, str]) -> dict[str, str]:
    """Errors by field name."""
    return {
        each.name: fault for each in numbers() if (fault := _fault(each, typed[each.name]))
    } or _faults_together(typed)


def written(typed: Mapping[str, str]) -> str:
    """The valid values that differ from those in force, as a text of the shop's file."""
    rules: dict[type[Section], dict[str, Any]] = {RankSection: {}, PointRules: {}}
    for each in numbers():
        value, part = int(typed[each.name]), rules[each.model]
        part[each.key] = value if each.part is None else (*part.get(each.key, ()), value)
    points = shop.differing(PointRules, rules[PointRules])
    return shop.differing(RankSection, rules[RankSection]) + ("\n" + points if "=" in points else "")


def _fault(number: Number, typed: str) -> str:
    least, most = number.limits
    if typed.isdecimal() and len(typed) <= len(str(most)) and least <= int(typed) <= most:
        return ""
    return gettext("%(least)sから%(most)sの数字で入れてください。", least=f"{least:,}", most=f"{most:,}")


def _faults_together(typed: Mapping[str, str]) -> dict[str, str]:
    """Errors of values together: money and tenure alone must not reach Premium, nor anybody Ambassador without a
    referral."""
    names = {(each.key, each.part): each.name for each in numbers()}
    points, months = (int(typed[names["month", part]]) for part in (0, 1))
    premium, ambassador = names["premium", RELATIONSHIP], names["ambassador", RELATIONSHIP]
    wrong = {
        name: gettext(
            "出会ってからの月数だけで%(points)d点になります。それより大きくしてください。",
            points=points * months,
        )
        for name in (premium, ambassador)
        if int(typed[name]) <= points * months
    }
    if not wrong and int(typed[ambassador]) <= int(typed[premium]):
        wrong[ambassador] = gettext("プレミアムの関係性より大きくしてください。")
    alone = sum(int(typed[names[one.rule, 0]]) * int(typed[names[one.rule, 1]]) for one in WITHOUT_FRIENDS)
    if not wrong and int(typed[ambassador]) <= alone:
        wrong[ambassador] = gettext(
            "ご紹介がなくても%(points)d点になります。それより大きくしてください。", points=alone
        )
    return wrong
