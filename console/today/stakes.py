"""Estimates what is at stake, in yen, and says how it was estimated.

Where the shop has measured nothing yet, a share is assumed; it is said on the page that it is an assumption, and which.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from bot import localtime
from console.shell.pages import yen as in_yen
from console.shell.translation import N_, gettext
from customers.orders import shop_sales
from journeys.contacts import outcomes

FEWEST_MEASURED = 30
"""Contacts that a measured share needs to rest on."""
MEASURED_DAYS = 90


class Chance(Enum):
    """An assumed share of a year's sales, and what it is the share of, in words."""

    LATE = 0.3, N_("約束が守られないと離れる方の割合（仮定）")
    PROMISED = 0.1, N_("きょう約束が守られないと離れる方の割合（仮定）")
    CONTACT = 0.1, N_("連絡で戻る方の割合（仮定。30人に連絡すると、お店の実績に変わります）")
    TESTIMONIAL = 0.05, N_("お返事がないと離れる方の割合（仮定）")
    REFERRAL = 0.1, N_("紹介の確認が止まると離れる方の割合（仮定）")
    FAILED = 0.05, N_("届かないままだと離れる方の割合（仮定）")
    EXPIRING = 0.05, N_("期限のお知らせで買う方の割合（仮定）")
    PRODUCT = 0.02, N_("おすすめでふえる割合（仮定）")

    @property
    def share(self) -> float:
        """The share, 0 to 1."""
        return self.value[0]

    @property
    def words(self) -> str:
        """What it is the share of, in the reader's language."""
        return gettext(self.value[1])


@dataclass(frozen=True, slots=True)
class Stake:
    """Yen at stake, and how they were estimated."""

    yen: int
    estimate: str


def of_customers(customer_ids: Collection[int], chance: Chance, on: date) -> Stake:
    """A share of what these customers bought in the last twelve months."""
    return of_year(shop_sales.year_of_customers(customer_ids, on), chance.share, chance.words)


def of_contacts(year_yen: int, now_on: date) -> Stake:
    """What contact may win of these customers' yearly sales: by the share of those contacted lately who came back,
    where there were enough."""
    since = localtime.start_of(now_on - timedelta(days=MEASURED_DAYS))
    totals = outcomes.totals(since)
    if totals.contacted_count < FEWEST_MEASURED:
        return of_year(year_yen, Chance.CONTACT.share, Chance.CONTACT.words)
    words = gettext(
        "連絡で戻った方の割合（この%(days)d日の実績: %(won)d人／%(all)d人）",
        days=MEASURED_DAYS,
        won=totals.won_count,
        all=totals.contacted_count,
    )
    return of_year(year_yen, totals.won_count / totals.contacted_count, words)


def of_year(year_yen: int, share: float, words: str) -> Stake:
    """A share of a year's sales."""
    return Stake(
        round(year_yen * share),
        gettext(
            "この12か月の売上 %(yen)s × %(percent)s%% — %(words)s",
            yen=in_yen(year_yen),
            percent=f"{share * 100:.0f}",
            words=words,
        ),
    )
