"""The tables of rewards and coupons; `reward_list.py` and `coupons.py` write them."""

from enum import StrEnum
from typing import Any

from peewee import (
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    SmallIntegerField,
    TextField,
    fn,
)

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer
from rewards.coupons.rules import Terms


class CouponState(StrEnum):
    """The state of a coupon."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Reward(Model):
    """Something the shop gives, for points or on an occasion. Switched off, never deleted: its coupons stay
    valid."""

    name = CharField(40)
    kind = CharField(16)
    points_price = IntegerField(default=0)
    stock = IntegerField(null=True)
    issued_count = IntegerField(default=0)
    starts_on = DateField(null=True)
    ends_on = DateField(null=True)
    per_customer = IntegerField(null=True)
    minimum_rank = SmallIntegerField(default=1)
    value_text = CharField(200)
    value_yen = IntegerField(default=0)
    is_discount = BooleanField(default=False)
    valid_days = IntegerField(default=90)
    active = BooleanField(default=True)
    made_at = UtcDateTimeField()
    version = IntegerField(default=1)
    """Counts its changes; `reward_versions.py` has each of them."""

    class Meta:
        table_name = "reward"

    def terms(self) -> Terms:
        """Its conditions, as the pure rules take them."""
        left = None if self.stock is None else self.stock - self.issued_count
        return Terms(
            self.points_price,
            left,
            self.starts_on,
            self.ends_on,
            self.per_customer,
            self.minimum_rank,
            self.active,
        )


class RewardVersion(Model):
    """The terms of a reward from one change to the next, as JSON."""

    reward = ForeignKeyField(Reward, on_delete="CASCADE", backref="+", index=False)
    number = IntegerField()
    terms = TextField()
    made_at = UtcDateTimeField()
    made_by_id = IntegerField(null=True)

    class Meta:
        table_name = "reward_version"
        indexes = ((("reward", "number"), True),)


class Coupon(Model):
    """One coupon of a reward, issued to a customer."""

    customer = ForeignKeyField(Customer, index=False)
    customer_id: int
    reward = ForeignKeyField(Reward, index=False)
    reward_id: int
    code = CharField(14, unique=True)
    state = CharField(16, default=CouponState.ISSUED)
    cause = CharField(190, unique=True)
    issued_at = UtcDateTimeField()
    valid_until = DateField()
    """The last day it can be used."""
    redeemed_at = UtcDateTimeField(null=True)
    redeemed_by = CharField(120, default="")
    """`staff:7` or `api:goen_…`."""
    redeemed_request = CharField(300, default="")
    """The request of a shop's system that redeemed it: `order:A-1001`, else `key:` with its
    Idempotency-Key."""
    cancelled_at = UtcDateTimeField(null=True)
    cancelled_by = IntegerField(null=True)
    """The member of staff who cancelled it; NULL where it was cancelled with an order."""
    cancel_reason = CharField(200, default="")
    issued_name = CharField(40, default="")
    issued_text = CharField(200, default="")
    issued_yen = IntegerField(null=True)
    """Name, description and value of the reward when it was issued: these hold though the reward changes."""

    class Meta:
        table_name = "coupon"
        indexes = ((("customer", "reward"), False),)

    @property
    def name(self) -> str:
        """What it is called: as the reward was called when it was issued."""
        return str(self.issued_name or self.reward.name)

    @property
    def value_text(self) -> str:
        """What it is good for, as the customer was promised."""
        return str(self.issued_text or self.reward.value_text)

    @property
    def value_yen(self) -> int:
        """What it is worth, as it was issued."""
        return int(self.reward.value_yen if self.issued_yen is None else self.issued_yen)

    @property
    def state_now(self) -> CouponState:
        """The state today: past its last day it is expired, even before the clock has stored that."""
        is_over = self.state == CouponState.ISSUED and self.valid_until < localtime.today()
        return CouponState.EXPIRED if is_over else CouponState(self.state)


def had_counts(customer_id: int) -> dict[int, int]:
    """How many coupons of each reward the customer had, by the reward's id; cancelled ones do not count."""
    rows: Any = (
        Coupon.select(Coupon.reward, fn.COUNT(Coupon.id))
        .where(Coupon.customer == customer_id, Coupon.state != CouponState.CANCELLED)
        .group_by(Coupon.reward)
        .tuples()
    )
    return {int(reward): int(count) for reward, count in rows}


erasure.nothing("It is what the shop gives.", Reward)
erasure.blanked(
    Coupon,
    lambda: {
        "code": erasure.code("erased:", Coupon.id),
        "redeemed_request": "",
        "cancel_reason": "",
    },
)
