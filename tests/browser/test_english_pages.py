"""Every page of the English console, in one walk on a phone: no axe violations, no overflow, readable in the dark, and
no Japanese but what customers and the shop wrote.

What is marked with lang="ja" is theirs, and so is what stands in the database or among the shop's words.
"""

import re
from pathlib import Path

from playwright.sync_api import Page

from bot.config import settings, shop
from bot.db import database
from support.faq import entries as faq_entries
from tests.browser.console_site import LARGE, SMALL, Server, violations
from tests.browser.test_every_page import every_page, fits, is_readable_in_the_dark

ROOT = Path(__file__).parents[2]
JAPANESE = re.compile(r"[\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff]{2,}")
"""Kana and kanji, two or more in a row: a single one is a weekday or the first letter of a name."""
QUOTED = {
    *("景品表示法", "総付景品"),  # a law without an English name
    *("クーポン", "ポイント", "会員証", "連携"),  # what customers send on LINE
    *("質問", "言い換え", "回答", "タグ", "商品", "カード"),  # the columns of a file
    *("シナリオ",),
}
"""Words that an English sentence quotes."""
TEXTS = r"""() => {
    const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (!text.parentElement.closest('[lang=ja], script, style, textarea, option, .notice')) found.push(text.data);
    }
    return found;
}"""
"""Without notices, which are written when something happens, in words of their own."""


def written_by_the_shop() -> str:
    """All texts of the database and of the flows that come along, the words of shop.toml and the shop's name."""
    tables = [name for name in database.database.obj.get_tables() if not name.startswith("sqlite")]
    cells = (
        cell if isinstance(cell, str) else bytes(cell).decode(errors="ignore")
        for table in tables
        for row in database.execute(f'SELECT * FROM "{table}"').fetchall()
        for cell in row
        if isinstance(cell, str | bytes | memoryview)
    )
    shipped = [each.read_text(encoding="utf-8") for each in (ROOT / "journeys/flows/shipped").glob("*.toml")]
    filled_in = [entry.spoken_answer for entry in faq_entries.in_use()]
    return "\n".join([*cells, *shipped, *filled_in, shop.as_toml(), settings.current().shop_name])


def is_in(texts: str, run: str) -> bool:
    """Whether it stands there, also as JSON writes it; a name may have the 「さん」 with which it is published."""
    run = run.removesuffix("さん")
    return run in texts or run.encode("unicode_escape").decode() in texts


def test_on_a_phone_in_english_axe_finds_nothing_and_no_page_holds_japanese_of_the_products_own(
    page: Page, server: Server, faults: list[str]
) -> None:
    page.goto(f"{server.address}/sign-in")
    page.get_by_role("button", name="English").click()
    assert violations(page) == []
    left: dict[str, set[str]] = {}
    for place in every_page(page, server, "en"):
        fits(page, LARGE)
        fits(page, SMALL)
        assert violations(page) == [], place
        is_readable_in_the_dark(page)
        left[place] = {run for text in page.evaluate(TEXTS) for run in JAPANESE.findall(text)}
    faults[:] = [fault for fault in faults if "404" not in fault]
    theirs = written_by_the_shop()
    own = {place: {run for run in runs - QUOTED if not is_in(theirs, run)} for place, runs in left.items()}
    assert {place: runs for place, runs in own.items() if runs} == {}
