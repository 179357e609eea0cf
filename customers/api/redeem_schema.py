"""The request body for redeeming a coupon. It asks no database."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from customers.orders.schema import number_field, shown


class RedeemIn(BaseModel):
    """What the coupon is redeemed for. The same order again is the same request, whatever its Idempotency-Key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_number: Annotated[
        str, number_field(required=False), shown("order_number", "The order for which the coupon is used")
    ] = ""
