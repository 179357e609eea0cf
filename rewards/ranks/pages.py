"""The content of each rank's page, and the signed, expiring links to it.

A link names a customer and a rank. Its holder reads the page while that customer still holds the rank; below
it, the page shows the next step instead.
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
class OpenedLink:
    """A valid link: the pages that may be read, or the next step."""

    customer_id: int
    rank: Rank
    held: Rank
    readable: list[Rank]
    """The ranks whose pages the customer may read now, highest first."""
    next_action: NextAction | None


class LinkExpired(Exception):
    """The link was valid once."""


def pages_up_to(rank: Rank) -> list[Rank]:
    """The ranks up to that one that have a page, highest first."""
    section = shop.get(RankPages)
    return [each for each in sorted(Rank, reverse=True) if each <= rank and section.content(each)[1]]


def link(customer_id: int, rank: Rank) -> str:
    """The signed address of a rank's page for that customer."""
    token = _serializer().dumps([customer_id, int(rank)])
    return f"{settings.current().public_url}/p/{token}"


def open_link(token: str) -> OpenedLink | None:
    """The content behind the link; None for one that we never signed. Raises LinkExpired."""
    try:
        customer_id, rank = _serializer().loads(token, max_age=shop.get(RankPages).link_days * SECONDS_A_DAY)
        snapshot = customer_rank.snapshot(int(customer_id))
    except SignatureExpired as expired:
        raise LinkExpired from expired
    except (BadSignature, LookupError):
        return None
    # The page does not know whether the survey is open, so it leaves out the steps that need it.
    closed = {Step.SURVEY_ANSWER: 0, Step.OPINION: 0}
    action = customer_rank.offer(int(customer_id), snapshot.rank, closed).action
    return OpenedLink(int(customer_id), Rank(rank), snapshot.rank, pages_up_to(snapshot.rank), action)


class _ShopTimeSigner(TimestampSigner):
    """Signs with the time of `localtime`, which the demo and tests can set."""

    def get_timestamp(self) -> int:
        return int(localtime.now().timestamp())


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.current().secret_key, salt=SALT, signer=_ShopTimeSigner)
