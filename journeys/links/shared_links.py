"""Makes short links that all recipients of one text share, finds them by their code, and counts who opened them.

Who opened one is not known: those of a customer are in `short_links.py`. `page.py` opens both.
"""

import secrets

from bot import localtime
from bot.config import settings
from bot.db.database import execute, insert_once, require_transaction
from journeys.links.short_links import CODE_BYTES, NotAnAddress, has_form_of_a_code, is_address
from journeys.links.tables import SharedClick, SharedLink


def make(subject: str, url: str) -> str:
    """The address of the subject's short link to that address, always the same. Raises NotAnAddress."""
    require_transaction()
    if not is_address(url):
        raise NotAnAddress(f"a link leads to an address as https://shop.example/how-to, not {url[:80]!r}")
    code = secrets.token_urlsafe(CODE_BYTES)
    insert_once(SharedLink, code=code, subject=subject, url=url, created_at=localtime.now())
    link = SharedLink.get(SharedLink.subject == subject, SharedLink.url == url)
    return f"{settings.current().public_url}/l/{link.code}"


def find(code: str) -> SharedLink | None:
    """The link with that code, whatever somebody typed as one."""
    found: SharedLink | None = None
    if has_form_of_a_code(code):
        found = SharedLink.get_or_none(SharedLink.code == code)
    return found


def record(link: SharedLink) -> None:
    """Store that somebody opened it."""
    require_transaction()
    SharedClick.create(link=link.id, clicked_at=localtime.now())


def count(subject: str) -> int:
    """How often the subject's links were opened; somebody who opened one twice counts twice."""
    found = execute(
        "SELECT COUNT(*) FROM shared_link l JOIN shared_click c ON c.link_id = l.id WHERE l.subject = ?",
        subject,
    )
    return int(found.fetchone()[0])
