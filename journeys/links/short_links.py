"""Makes short links to addresses that the shop stored, and finds them by their code.

`page.py` opens them; what a visit counts for is in `handlers/link_clicked.py`.
"""

import re
import secrets
from urllib.parse import urlsplit

from bot import localtime
from bot.config import settings
from bot.db.database import require_transaction
from journeys.links.tables import ShortLink

CODE_BYTES = 8
_CODE = re.compile(r"[A-Za-z0-9_-]{1,16}")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]")


class NotAnAddress(ValueError):
    """A short link may only lead to a page over https."""


def make(
    customer_id: int, url: str, cause: str, *, flow_key: str | None = None, step_key: str | None = None
) -> str:
    """The address of a short link of that customer in the message of that cause; the same one for the same
    address and cause. Raises NotAnAddress."""
    require_transaction()
    if not is_address(url):
        raise NotAnAddress(f"a link leads to an address as https://shop.example/how-to, not {url[:80]!r}")
    known = ShortLink.get_or_none(
        ShortLink.cause == cause, ShortLink.url == url, ShortLink.customer == customer_id
    )
    link = known or ShortLink.create(
        code=secrets.token_urlsafe(CODE_BYTES),
        customer=customer_id,
        url=url,
        cause=cause,
        flow_key=flow_key,
        step_key=step_key,
        created_at=localtime.now(),
    )
    return f"{settings.current().public_url}/l/{link.code}"


def find(code: str) -> ShortLink | None:
    """The link with that code, whatever somebody typed as one."""
    found: ShortLink | None = None
    if has_form_of_a_code(code):
        found = ShortLink.get_or_none(ShortLink.code == code)
    return found


def has_form_of_a_code(text: str) -> bool:
    """Whether the text can be the code of a link."""
    return _CODE.fullmatch(text) is not None


def is_address(url: str) -> bool:
    """Whether the text is an https address of a host. `javascript:` and the like, which a browser would run
    instead of opening, are none."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and not _SPACE.search(url)
    except ValueError:
        return False
