"""The names of customers in lists of referrals, and the words for what became of a referral."""

from collections.abc import Collection
from typing import Any

from bot.db.value_lists import is_one_of
from console.shell.translation import N_, gettext
from customers.people.customer import Customer
from rewards.referrals.tables import ReferralState

STATES = {
    ReferralState.JOINED: N_("参加"),
    ReferralState.BOUGHT: N_("購入"),
    ReferralState.REWARDED: N_("お礼済み"),
    ReferralState.HELD: N_("確認待ち"),
    ReferralState.REJECTED: N_("お断り"),
}


def of(customer_ids: Collection[int]) -> dict[int, str]:
    """The display names of these customers, in one statement; empty where LINE has not given one."""
    rows: Any = Customer.select(Customer.id, Customer.display_name)
    return dict(rows.where(is_one_of(Customer.id, list(customer_ids))).tuples())


def state(name: str) -> str:
    """What became of a referral, in the reader's language."""
    return gettext(STATES[ReferralState(name)]) if name in set(ReferralState) else ""
