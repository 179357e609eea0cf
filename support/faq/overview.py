"""Lists FAQ entries for the console: filtered by words, tag, product and use, sorted, with figures; and those whose
shipped answers every shop must word itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot import facts
from bot.text.folding import folded
from support.faq import entries, questions_asked
from support.faq.questions_asked import Figures
from support.faq.tables import FaqEntry, FaqVersion

IN_USE, WITHDRAWN, ALL = "in_use", "withdrawn", "all"
STATES = (IN_USE, WITHDRAWN, ALL)
WRITTEN, CHANGED, ASKED, FAILED = "written", "changed", "asked", "failed"
SORTS = (WRITTEN, CHANGED, ASKED, FAILED)
PAGE_LENGTH = 50
SHOPS_OWN_QUESTIONS = (
    "送料はいくらですか？",
    "送料無料になる条件はありますか？",
    "注文した商品はいつ届きますか？",
    "お届け日時の指定はできますか？",
    "どんな支払い方法がありますか？",
    "返品はできますか？",
    "返品の送料は誰が払いますか？",
    "返金はいつになりますか？",
    "注文をキャンセルしたいです",
    "問い合わせ先を教えてください",
)
"""What only the shop can answer, as in `faq_stock.csv`; the shipped answers to them name no figure, day or address."""
_FINE = "faq-fine:"
"""Begins the key of the fact that an owner found the shipped answer right."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The list's filter, order and page. Empty means any; a product or tag `-` means none."""

    words: str = ""
    tag: str = ""
    product: str = ""
    state: str = IN_USE
    sort: str = WRITTEN
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the list."""

    entry: FaqEntry
    figures: Figures


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, how many entries match in all, and the tags and products in use."""

    rows: tuple[Listed, ...]
    count: int
    number: int
    last: int
    tags: tuple[str, ...]
    products: tuple[str, ...]


def page(wanted: Wanted) -> Page:
    """The page; one past the end is the last."""
    stock = list(FaqEntry.select().order_by(FaqEntry.id))
    fitting = [each for each in stock if _fits(each, wanted)]
    rows = sorted((Listed(each, questions_asked.figures(each)) for each in fitting), key=_order(wanted))
    last = max(1, -(-len(rows) // PAGE_LENGTH))
    number = min(max(1, wanted.page), last)
    tags = dict.fromkeys(tag for each in stock for tag in each.tag_list)
    products = sorted({each.product for each in stock if each.product})
    start = (number - 1) * PAGE_LENGTH
    return Page(
        tuple(rows[start : start + PAGE_LENGTH]), len(rows), number, last, tuple(tags), tuple(products)
    )


def _fits(each: FaqEntry, wanted: Wanted) -> bool:
    in_use = each.withdrawn_at is None
    if wanted.state != ALL and in_use != (wanted.state == IN_USE):
        return False
    if wanted.tag and wanted.tag not in (each.tag_list or ["-"]):
        return False
    if wanted.product and wanted.product != (each.product or "-"):
        return False
    text = folded("\n".join((each.question, each.paraphrases, each.answer, each.tags, each.product)))
    return all(word in text for word in folded(wanted.words).split())


def _order(wanted: Wanted) -> Any:
    def by(row: Listed) -> Any:
        match wanted.sort:
            case "asked":
                return -row.figures.asked_count, row.entry.id
            case "failed":
                return -row.figures.surely_failed, -row.figures.failed_count, row.entry.id
            case "changed":
                return -row.entry.changed_at.timestamp(), row.entry.id
        return row.entry.id

    return by


def answers_to_word() -> list[tuple[FaqEntry, bool]]:
    """The entries in the order of SHOPS_OWN_QUESTIONS, each with whether the shop has worded or confirmed it. One that
    the shop withdrew, or gave another question, is left out."""
    found = {
        str(each.question): each
        for each in entries.in_use().where(FaqEntry.question.in_(SHOPS_OWN_QUESTIONS))
    }
    worded = {
        each.entry_id
        for each in FaqVersion.select(FaqVersion.entry)
        .where(FaqVersion.entry.in_([each.id for each in found.values()]))
        .where(FaqVersion.changed_by_id.is_null(is_null=False))
    }
    fine = facts.keys(_FINE)
    return [
        (found[each], found[each].id in worded or f"{_FINE}{found[each].id}" in fine)
        for each in SHOPS_OWN_QUESTIONS
        if each in found
    ]


def confirm_answer(entry_id: int) -> None:
    """Record that the shipped answer holds for this shop."""
    facts.keep(f"{_FINE}{entry_id}", value=True)


def answers_left_count() -> int:
    """How many are neither worded nor confirmed."""
    return sum(not is_done for _, is_done in answers_to_word())
