"""The controls beside the phone: buying, time travel, links to the console. `demo/setup.py` provides them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from demo.line.timeline import Entry
from demo.phone.tour import Tour


@dataclass(frozen=True)
class Product:
    """A product that can be bought in the demo."""

    code: str
    name: str
    price_yen: int


@dataclass(frozen=True)
class Arrived:
    """An unasked message that arrived: its first bubble in the chat, and the page that says why it was sent."""

    entry: str
    at_ms: int
    text: str
    why_url: str


@dataclass(frozen=True)
class Coming:
    """The next unasked message: when it comes at the latest, in words too, and how it begins. `may_ride`: it goes
    along with a reply if the person writes before."""

    at_ms: int
    when: str
    text: str
    may_ride: bool


@dataclass(frozen=True)
class Controls:
    """The functions behind the controls. They may be slow and may raise; the error's message is shown to the
    person."""

    now: Callable[[], datetime]
    """The shop's clock, timezone-aware; the phone shows it in its own time zone."""
    buy: Callable[[str, str], str]
    """Order a product (its code) for a person (LINE user id); returns a sentence to show."""
    travel: Callable[[int], str]
    """Advance the clock by so many days and do the scheduled work of each; returns a sentence to show."""
    arrived: Callable[[str, datetime, Sequence[Entry]], Sequence[Arrived]] = lambda *_: ()
    """The unasked messages that a person (LINE user id) got since that time, given the shop's new bubbles."""
    coming: Callable[[str], Coming | None] = lambda _: None
    """What the person gets next."""
    products: Sequence[Product] = ()
    console_links: Sequence[tuple[str, str]] = field(default=())
    """Label and address of each sign-in."""
    flow_links: Sequence[tuple[str, str]] = field(default=())
    """Label and address of the pages about flows."""
    addresses: Sequence[tuple[str, str]] = field(default=())
    """Pairs of a public address and where this machine serves it, which the phone opens instead."""
    tour: Tour | None = None
    restart_note: tuple[str, str] = ("", "")
    """What a restart leaves and what it discards, in Japanese and English."""
    timezone: str = "Asia/Tokyo"


def here(url: str, addresses: Sequence[tuple[str, str]]) -> str:
    """The address on this machine for a public one."""
    for public, served in addresses:
        if url.startswith(f"{public}/"):
            return served + url.removeprefix(public)
    return url
