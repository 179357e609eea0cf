"""What the demo's side panel can do beside the phone; the demo's orchestration fills it in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Product:
    code: str
    name: str
    price_yen: int


@dataclass(frozen=True)
class Controls:
    """Callables that may take a while and may raise; the message of what they raise is shown to the person."""

    now: Callable[[], datetime]
    """The shop's clock, aware; the phone shows it in its own time zone."""
    buy: Callable[[str, str], str]
    """A person (LINE user id) buys a product (its code); returns a sentence to show."""
    travel: Callable[[int], str]
    """So many days pass, and the clock's work of these days is done; returns a sentence to show."""
    products: Sequence[Product] = ()
    console_links: Sequence[tuple[str, str]] = field(default=())
    """Label and address of each sign-in."""
    addresses: Sequence[tuple[str, str]] = field(default=())
    """Public addresses, and where on this machine each is served: the phone goes there instead."""
    timezone: str = "Asia/Tokyo"


def here(url: str, addresses: Sequence[tuple[str, str]]) -> str:
    """A public address as it is served on this machine."""
    for public, served in addresses:
        if url.startswith(f"{public}/"):
            return served + url.removeprefix(public)
    return url
