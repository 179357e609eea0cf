"""Lists FAQ entries for the console: filtered by words, tag, product and use, sorted, with figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.text.folding import folded
from support.faq import questions_asked
from support.faq.questions_asked import Figures
from support.faq.tables import FaqEntry

IN_USE, WITHDRAWN, ALL = "in_use", "withdrawn", "all"
STATES = (IN_USE, WITHDRAWN, ALL)
WRITTEN, CHANGED, ASKED, FAILED = "written", "changed", "asked", "failed"
SORTS = (WRITTEN, CHANGED, ASKED, FAILED)
PAGE_LENGTH = 50


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
