"""The tables of referral codes and referrals, and their states; `referrals.py`, `review.py` and `reversal.py`
write them."""

from enum import StrEnum

from peewee import CharField, DateField, ForeignKeyField, IntegerField

from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer


class ReferralState(StrEnum):
    """The state of a referral. An invitation that nobody followed has no row."""

    JOINED = "joined"
    BOUGHT = "bought"
    """The friend bought; both earn when the days of the hold are over."""
    REWARDED = "rewarded"
    HELD = "held"
    """Waits for staff: no points until then."""
    REJECTED = "rejected"


class ReferralOutcome(StrEnum):
    """The result of sending a code."""

    ATTRIBUTED = "attributed"
    OWN_CODE = "own_code"
    UNKNOWN_CODE = "unknown_code"
    ALREADY_CUSTOMER = "already_customer"
    ALREADY_JOINED = "already_joined"
    CIRCULAR = "circular"
    TOO_MANY = "too_many"


class Doubt(StrEnum):
    """Why a referral that was attributed is held when the friend buys."""

    BOUGHT_BEFORE = "bought_before_joining"
    SHARED_IDENTITY = "shared_identity"
    """The friend's orders and the referrer's have the same e-mail address or telephone."""
    SHARED_DELIVERY = "shared_delivery"
    """The friend's orders and the referrer's have the same address of delivery: one household, or one
    person."""
    KNOWN_BUYER = "known_buyer"
    """The friend's orders have the address or telephone of somebody else: they may be the same person."""
    RETURNED = "returned_after_erasure"
    """The friend was a customer before, whose data was erased on their wish (`customers/erasure/marks.py`)."""


class ReferralCode(Model):
    """A customer's own code, with cached counts for the owner's list."""

    customer = ForeignKeyField(Customer, unique=True)
    customer_id: int
    code = CharField(9, unique=True)
    made_at = UtcDateTimeField()
    invited_count = IntegerField(default=0)
    last_invited_at = UtcDateTimeField(null=True)
    joined_count = IntegerField(default=0)
    bought_count = IntegerField(default=0)

    class Meta:
        table_name = "referral_code"
        indexes = ((("bought_count", "joined_count", "invited_count"), False),)


class Referral(Model):
    """One person who joined by a code; a person joins once."""

    referrer = ForeignKeyField(Customer, backref="+", index=False)
    referrer_id: int
    referee = ForeignKeyField(Customer, unique=True, backref="+")
    referee_id: int
    code = CharField(9)
    state = CharField(16)
    reason = CharField(64, default="")
    invited_at = UtcDateTimeField(null=True)
    joined_at = UtcDateTimeField()
    bought_at = UtcDateTimeField(null=True)
    rewarded_at = UtcDateTimeField(null=True)
    purchase_cause = CharField(190, null=True)
    held_at = UtcDateTimeField(null=True)
    due_on = DateField(null=True)
    """When the days of the hold are over, counted from the purchase."""
    decided_at = UtcDateTimeField(null=True)
    decided_by = IntegerField(null=True)
    """The member of staff who decided."""

    class Meta:
        table_name = "referral"
        indexes = ((("referrer", "joined_at"), False),)


erasure.blanked(ReferralCode, lambda: {"code": erasure.code("#", ReferralCode.id)})
erasure.blanked(Referral, {"code": ""}, lambda who: Referral.referrer == who.customer_id)
