"""What a well-formed request to redeem a coupon is. It asks no database."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from customers.orders.schema import number_field, shown


class RedeemIn(BaseModel):
    """For what a coupon is redeemed. The same order again, under whatever Idempotency-Key, is the same request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_number: Annotated[
        str, number_field(required=False), shown("order_number", "The order for which the coupon is used")
    ] = ""
