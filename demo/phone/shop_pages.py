"""Reads a page of the shop that leads into LINE, so that the phone page can show it.

On a real phone the page's button opens the LINE app. Here LINE is the phone page, so heading, text and button
are shown there. Other pages open in a tab of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

import urllib3

from demo.phone.controls import here

SHORT_LINKS = "/l/"
INTO_LINE = "https://line.me/R/"


@dataclass
class ShopPage:
    """A page of the shop that leads into LINE."""

    title: str = ""
    lead: str = ""
    button: str = ""
    link: str = ""
    login_button: str = ""
    login: str = ""
    """The shop's own link that leads to LINE Login."""


def destination(url: str, addresses: Sequence[tuple[str, str]], user_agent: str) -> str:
    """Where an address of the shop leads: a short link to the address on this machine behind it, opened as by the
    person's own browser, so that it counts. Any other address as it is."""
    if not any(url.startswith(f"{served}{SHORT_LINKS}") for _, served in addresses):
        return url
    try:
        headers = {"User-Agent": user_agent, "Accept": "text/html", "Accept-Language": "ja"}
        answer = urllib3.request("GET", url, headers=headers, retries=False, redirect=False, timeout=5)
    except urllib3.exceptions.HTTPError:
        return url
    return here(answer.headers.get("Location", url), addresses)


def read(url: str, addresses: Sequence[tuple[str, str]]) -> ShopPage | None:
    """The page at `url` if it is the shop's own and leads into LINE, else None."""
    if not any(url.startswith(f"{served}/") for _, served in addresses):
        return None
    try:
        answer = urllib3.request("GET", url, retries=False, redirect=False, timeout=5)
    except urllib3.exceptions.HTTPError:
        return None
    return page_in(answer.data.decode(errors="replace"), url) if answer.status == 200 else None


def page_in(content: str, url: str) -> ShopPage | None:
    """Heading, text and link of that HTML, if it leads into LINE, else None."""
    reader = _Reader(url)
    reader.feed(content)
    return reader.page if reader.page.link else None


class _Reader(HTMLParser):
    """Collects the heading, the first paragraph, the first link into LINE, and the one to LINE Login."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.page = ShopPage()
        self._into: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        place = {"h1": "title", "p": "lead", "a": "button"}.get(tag)
        if tag == "a":
            target = dict(attrs).get("href") or ""
            if target.startswith(INTO_LINE) and not self.page.link:
                self.page.link = target
            elif target.endswith("/login"):
                self.page.login, place = urljoin(self._url, target), "login_button"
            else:
                place = None
        elif place and getattr(self.page, place):
            place = None
        self._into = place

    def handle_endtag(self, _: str) -> None:
        self._into = None

    def handle_data(self, data: str) -> None:
        if self._into:
            setattr(self.page, self._into, getattr(self.page, self._into) + data)
