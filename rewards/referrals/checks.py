"""Finds referrals that staff must check: circles, too many in a day, and pairs that may be one person."""

from datetime import datetime, timedelta

from bot import localtime
from bot.config import shop
from bot.db.database import execute
from customers.erasure import marks
from customers.orders.buyers import Buyer
from customers.orders.purchases import Purchase
from rewards.referrals.settings import ReferralRules
from rewards.referrals.tables import Doubt, Referral, ReferralOutcome

CLOCKS_DIFFER = timedelta(minutes=5)
"""Allowed difference between a shop system's clock and ours; some systems write no seconds."""


def at_joining(referrer_id: int, referee_id: int) -> ReferralOutcome | None:
    """Why a friend who joined by a code is held; None when there is no doubt."""
    if _invited_by(referee_id, referrer_id):
        return ReferralOutcome.CIRCULAR
    today = localtime.start_of(localtime.today())
    lately = Referral.select().where(Referral.referrer == referrer_id, Referral.joined_at >= today).count()
    return ReferralOutcome.TOO_MANY if lately >= shop.get(ReferralRules).joined_a_day else None


def at_buying(referral: Referral) -> Doubt | None:
    """Why a friend who has bought is held: only their orders show who they are. None when there is no
    doubt."""
    if _bought_before(referral.referee_id, referral.joined_at):
        return Doubt.BOUGHT_BEFORE
    if shared := shared_with_referrer(referral.referrer_id, referral.referee_id):
        return Doubt.SHARED_DELIVERY if shared == ["delivery"] else Doubt.SHARED_IDENTITY
    if marks.knows(referral.referee_id):
        return Doubt.RETURNED
    return Doubt.KNOWN_BUYER if _is_known_by_another_name(referral.referee_id) else None


def shared_with_referrer(referrer_id: int, referee_id: int) -> list[str]:
    """What the orders of both have in common: `delivery`, `email`, `phone`."""
    theirs, others = _marks(referrer_id), _marks(referee_id)
    return sorted({what for what, _ in theirs & others})


def _bought_before(customer_id: int, moment: datetime) -> bool:
    """Whether an order of the customer's was made before that time. An order of that day without a time may
    be later."""
    earlier = Purchase.ordered_at < moment - CLOCKS_DIFFER
    with_its_time = Purchase.ordered_at != localtime.start_of(localtime.local_date(moment))
    return bool(Purchase.select().where(Purchase.customer == customer_id, earlier, with_its_time).exists())


def _is_known_by_another_name(referee_id: int) -> bool:
    """Whether somebody else has the same e-mail address or telephone: another customer, or a buyer not linked
    to LINE.

    The address of delivery is not compared: members of a household, colleagues and recipients of gifts share
    it with a customer and are new all the same. Between referrer and friend it is, since one household would
    reward itself.
    """
    mine = _buyers_of(referee_id)
    emails = _mailboxes(mine)
    phones = [buyer.phone_hash for buyer in mine if buyer.phone_hash]
    if not emails and not phones:
        return False
    same = Buyer.email_hash.in_(emails) | Buyer.mailbox_hash.in_(emails) | Buyer.phone_hash.in_(phones)
    ids = [buyer.id for buyer in Buyer.select(Buyer.id).where(same)]
    tied = Buyer.select().where(
        Buyer.id.in_(ids), Buyer.customer.is_null(False), Buyer.customer != referee_id
    )
    others = [each for each in ids if each not in {buyer.id for buyer in mine}]
    ordered = Purchase.select().where(
        (Purchase.buyer.in_(ids) & (Purchase.customer != referee_id))
        | (Purchase.buyer.in_(others) & Purchase.customer.is_null())
    )
    return bool(tied.exists() or ordered.exists())


def _buyers_of(customer_id: int) -> list[Buyer]:
    """The buyers linked to the customer, and those whose orders were the customer's."""
    ordered = Purchase.select(Purchase.buyer).where(
        Purchase.customer == customer_id, Purchase.buyer.is_null(False)
    )
    return list(Buyer.select().where((Buyer.customer == customer_id) | Buyer.id.in_(ordered)))


def _mailboxes(buyers: list[Buyer]) -> list[str]:
    """Hashes of their e-mail addresses, and of the mailboxes behind them (hana+2@gmail.com is
    hana@gmail.com)."""
    found = [each for buyer in buyers for each in (buyer.email_hash, buyer.mailbox_hash)]
    return [str(each) for each in found if each]


def _marks(customer_id: int) -> set[tuple[str, str]]:
    """The hashes by which the customer's orders identify them. Every address of delivery counts, not only the
    last."""
    buyers = _buyers_of(customer_id)
    orders = Purchase.select(Purchase.delivery_hash).where(Purchase.customer == customer_id)
    found: list[tuple[str, str | None]] = [("email", each) for each in _mailboxes(buyers)]
    found += [("phone", buyer.phone_hash) for buyer in buyers]
    found += [("delivery", order.delivery_hash) for order in orders]
    return {(what, value) for what, value in found if value}


def _invited_by(referee_id: int, referrer_id: int) -> bool:
    """Whether the would-be referee is among those who invited the referrer, directly or not: A invited B, who
    invited A."""
    sql = """
        WITH RECURSIVE above (customer_id) AS (
            SELECT referrer_id FROM referral WHERE referee_id = ?
            UNION
            SELECT referral.referrer_id FROM referral JOIN above ON referral.referee_id = above.customer_id
        )
        SELECT 1 FROM above WHERE customer_id = ?"""
    return execute(sql, referrer_id, referee_id).fetchone() is not None
