"""The request bodies for a cancellation and for a refund. It asks no database."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StrictInt

from customers.orders.schema import shown, text_field, whole_field
from customers.values.parsing import MAX_YEN


class CancelIn(BaseModel):
    """A cancellation of an order as a whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Annotated[
        str,
        text_field(255, required=False),
        shown("reason", "Why, in the shop's words; not shown to the customer"),
    ] = ""


class RefundIn(BaseModel):
    """A refund of part of an order's price. The same refund_id again is the same refund."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refund_id: Annotated[
        str,
        text_field(64, required=True),
        shown("refund_id", "The refund's own id in the shop's system; counted once for each order"),
    ]
    amount_yen: Annotated[
        StrictInt,
        whole_field(1, MAX_YEN, "no_amount", "too_much_yen"),
        shown("amount_yen", "What the customer gets back, in whole yen", minimum=1, maximum=MAX_YEN),
    ]
    reason: Annotated[
        str,
        text_field(255, required=False),
        shown("reason", "Why, in the shop's words; not shown to the customer"),
    ] = ""
