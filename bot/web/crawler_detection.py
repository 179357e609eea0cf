"""Tells a person who opens a link from the programs that open it before them: previews, prefetches, crawlers. Pure.

Chats, mail and search engines fetch the links that are sent through them, and browsers fetch what may be opened next.
A person comes with a browser that says so; whatever cannot be told apart from a program counts as one, since a visit
that is counted wrongly moves a rank and one that is not counted can be made again. What a visit is worth is for others.
"""

from collections.abc import Callable

BROWSERS_BEGIN_WITH = "Mozilla/5.0 ("
"""Every browser that people use, LINE's own among them; the fetchers of libraries and most of apps do not."""
PROGRAMS = (
    *("bot", "crawl", "spider", "slurp", "preview", "scrap", "headless", "lighthouse", "phantomjs"),
    *("(compatible;", "http:", "https:", "www.", "@", "fetch", "prerender", "validator", "monitor"),
    *("facebookexternal", "facebookcatalog", "meta-external", "line-poker", "whatsapp", "google", "y!j-"),
    *("embedly", "iframely", "hatena", "ms-office", "microsoft office", "archive", "puppeteer", "playwright"),
    *("selenium", "imageproxy", "mailproxy", "safelinks", "python", "curl", "wget"),
)
"""Found in any letter case. `(compatible;` and an address are what programs give their names with."""
NOT_PROGRAMS = ("cubot",)
"""Names of telephones in which one of those words stands."""
AHEAD_OF_A_PERSON = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz", "X-Fb-Crawlerbot", "From")
"""Headers of a request that nobody asked for yet, or of a program that names its maker."""
OPENED_BY_A_PERSON = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
"""What browsers say of a link that was followed, if they say anything."""


def is_person(method: str, header: Callable[[str], str | None]) -> bool:
    """Whether that request is somebody who opens a page. `header` finds a value by its name in any letter case."""
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
