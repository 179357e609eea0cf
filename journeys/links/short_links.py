"""Makes short links to addresses that the shop stored."""

import secrets

from bot import localtime
from bot.config import settings
from bot.db.database import require_transaction
from journeys.links.tables import ShortLink

CODE_BYTES = 8


def make(
    customer_id: int, url: str, cause: str, *, flow_key: str | None = None, step_key: str | None = None
) -> str:
    """The address of a short link of that customer in the message of that cause; the same one for the same
    address and cause."""
    require_transaction()
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
