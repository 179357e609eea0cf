"""Distinguishes a person who opens a link from programs that open it first: previews, prefetching, crawlers.
Pure.

Chats, mail and search engines fetch the links that are sent through them, and browsers fetch what may be
opened next. A person comes with a browser that says so; what cannot be distinguished from a program counts as
one, since a visit counted wrongly raises a rank and one that is not counted can be made again. What a visit
is worth is left to `customers/people/active_days.py` and the ranks.
"""

from collections.abc import Callable

BROWSERS_BEGIN_WITH = "Mozilla/5.0 ("
"""Every browser that people use begins so, LINE's own too; the fetchers of libraries and of most apps do not."""
PROGRAMS = (
    *("bot", "crawl", "spider", "slurp", "preview", "scrap", "headless", "lighthouse", "phantomjs"),
    *("(compatible;", "http:", "https:", "www.", "@", "fetch", "prerender", "validator", "monitor"),
    *("facebookexternal", "facebookcatalog", "meta-external", "line-poker", "whatsapp", "google", "y!j-"),
    *("embedly", "iframely", "hatena", "ms-office", "microsoft office", "archive", "puppeteer", "playwright"),
    *("selenium", "imageproxy", "mailproxy", "safelinks", "python", "curl", "wget"),
)
"""Searched for in any letter case. Programs add `(compatible;` or an address to their names."""
NOT_PROGRAMS = ("cubot",)
"""Names of phones that contain one of those words."""
AHEAD_OF_A_PERSON = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz", "X-Fb-Crawlerbot", "From")
"""Headers of a request that nobody asked for yet, or of a program that names its maker."""
OPENED_BY_A_PERSON = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
"""What browsers send for a link that was followed, if they send these headers at all."""


def is_person(method: str, header: Callable[[str], str | None]) -> bool:
    """Whether a person opens a page with that request. `header` returns a value by its name in any letter
    case."""
    if method != "GET" or any(header(name) for name in AHEAD_OF_A_PERSON):
        return False
    if any((header(name) or value) != value for name, value in OPENED_BY_A_PERSON.items()):
        return False
    browser = (header("User-Agent") or "")[:1_000]
    if not browser.startswith(BROWSERS_BEGIN_WITH):
        return False
    name = browser.lower()
    for known in NOT_PROGRAMS:
        name = name.replace(known, "")
    return not any(program in name for program in PROGRAMS)
