"""The tables of rewards and coupons; who gets one and when it is spent is decided in `coupons.py`."""

from enum import StrEnum
from typing import Any

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, SmallIntegerField, fn

from bot import localtime
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer
from rewards.coupons.rules import Terms


class CouponState(StrEnum):
    """What became of a coupon."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Reward(Model):
    """Something the shop gives: for points, or for an occasion. Stopped, never deleted: coupons of it stay good."""

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

    class Meta:
        table_name = "reward"

    def terms(self) -> Terms:
        """What it asks for, as the pure rules take it."""
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


class Coupon(Model):
    """One piece of a reward in a customer's hands."""

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
    """By which request of a shop's system: `order:A-1001`, else `key:` with its Idempotency-Key."""
    cancelled_at = UtcDateTimeField(null=True)
    cancelled_by = IntegerField(null=True)
    """The person of staff who took it back; nobody where it went with an order."""
    cancel_reason = CharField(200, default="")

    class Meta:
        table_name = "coupon"
        indexes = ((("customer", "reward"), False),)

    @property
    def state_now(self) -> CouponState:
        """Past its last day it has expired, whether or not the clock has written so yet."""
        is_over = self.state == CouponState.ISSUED and self.valid_until < localtime.today()
        return CouponState.EXPIRED if is_over else CouponState(self.state)


def had_counts(customer_id: int) -> dict[int, int]:
    rows: Any = (
        Coupon.select(Coupon.reward, fn.COUNT(Coupon.id))
        .where(Coupon.customer == customer_id, Coupon.state != CouponState.CANCELLED)
        .group_by(Coupon.reward)
        .tuples()
    )
    return {int(reward): int(count) for reward, count in rows}
