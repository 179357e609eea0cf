"""The controls beside the phone: buying, time travel, links to the console. `demo/setup.py` provides them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Product:
    """A product that can be bought in the demo."""

    code: str
    name: str
    price_yen: int


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
    products: Sequence[Product] = ()
    console_links: Sequence[tuple[str, str]] = field(default=())
    """Label and address of each sign-in."""
    addresses: Sequence[tuple[str, str]] = field(default=())
    """Pairs of a public address and where this machine serves it, which the phone opens instead."""
    timezone: str = "Asia/Tokyo"


def here(url: str, addresses: Sequence[tuple[str, str]]) -> str:
    """The address on this machine for a public one."""
    for public, served in addresses:
        if url.startswith(f"{public}/"):
            return served + url.removeprefix(public)
    return url
