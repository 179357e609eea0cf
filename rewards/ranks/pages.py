"""Decides what the closed page of each rank says and who may open it: the holder of a signed link that expires.

The link names a customer and a rank. Whoever has it reads the page while that customer still holds the rank; below
it, the page says how to get there instead.
"""

from dataclasses import dataclass

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from bot import localtime
from bot.config import settings, shop
from rewards.ranks import customer_rank
from rewards.ranks.page_settings import RankPages
from rewards.ranks.rules import NextAction, Rank, Step

SALT = "rank-page"
SECONDS_A_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that was opened: what stands on the page, or how to get there."""

    customer_id: int
    rank: Rank
    held: Rank
    readable: list[Rank]
    """The ranks whose pages the customer may read now, the highest first."""
    next_action: NextAction | None


class LinkExpired(Exception):
    """The link was good once."""


def pages_up_to(rank: Rank) -> list[Rank]:
    """The ranks up to that one that have a page, the highest first."""
    section = shop.get(RankPages)
    return [each for each in sorted(Rank, reverse=True) if each <= rank and section.content(each)[1]]


def link(customer_id: int, rank: Rank) -> str:
    """The address of what that customer may read."""
    token = _serializer().dumps([customer_id, int(rank)])
    return f"{settings.current().public_url}/p/{token}"


def open_link(token: str) -> Opened | None:
    """What stands behind the link; None for one that we never made. Raises LinkExpired."""
    try:
        customer_id, rank = _serializer().loads(token, max_age=shop.get(RankPages).link_days * SECONDS_A_DAY)
        snapshot = customer_rank.snapshot(int(customer_id))
    except SignatureExpired as expired:
        raise LinkExpired from expired
    except (BadSignature, LookupError):
        return None
    # The page does not know whether the survey is open, so it offers what always is.
    closed = {Step.SURVEY_ANSWER: 0, Step.OPINION: 0}
    action = customer_rank.offer(int(customer_id), snapshot.rank, closed).action
    return Opened(int(customer_id), Rank(rank), snapshot.rank, pages_up_to(snapshot.rank), action)


class _ByTheShopsClock(TimestampSigner):
    """Signs with the time as the shop has it, which the demo and tests move."""

    def get_timestamp(self) -> int:
        return int(localtime.now().timestamp())


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.current().secret_key, salt=SALT, signer=_ByTheShopsClock)
