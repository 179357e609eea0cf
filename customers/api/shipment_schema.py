"""The request body for a parcel of an order. It asks no database."""

from datetime import date, datetime
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from customers.orders import carriers
from customers.orders.schema import (
    DAY_SCHEMA,
    MAX_ITEMS,
    ItemIn,
    fault,
    parsed_field,
    read_day,
    read_moment,
    shown,
    text_field,
)

_MOMENT = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "null"}]})


def _moment_or_none(value: object) -> datetime | None:
    return None if value is None or value == "" else read_moment(value)


class ShipmentIn(BaseModel):
    """One parcel of an order; report it again when it was delivered or when something changed.

    It is known by carrier and tracking number. Without any time it counts as dispatched now.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    carrier: Annotated[
        str,
        text_field(carriers.LONGEST_NAME, required=False),
        shown("carrier", "Who brings it, by any usual name; others are shown as written, without a link"),
    ] = ""
    tracking_number: Annotated[
        str,
        parsed_field(carriers.tracking_number),
        shown("tracking_number", "With or without hyphens"),
    ] = ""
    tracking_url: Annotated[
        str,
        parsed_field(carriers.web_address),
        shown("tracking_url", "The page that tracks it, https only; else the carrier's own, where known"),
    ] = ""
    dispatched_at: Annotated[
        datetime | None,
        BeforeValidator(_moment_or_none),
        _MOMENT,
        shown("dispatched_at", "When it left; ISO 8601 with a zone, or date (and time) on the shop's clock"),
    ] = None
    delivered_at: Annotated[
        datetime | None,
        BeforeValidator(_moment_or_none),
        _MOMENT,
        shown("delivered_at", "When it arrived"),
    ] = None
    arrives_on: Annotated[
        date | None,
        BeforeValidator(read_day),
        DAY_SCHEMA,
        shown("arrives_on", "The day on which it is expected to arrive"),
    ] = None
    items: Annotated[
        tuple[ItemIn, ...],
        Field(max_length=MAX_ITEMS),
        shown("items", "What is in this parcel, if not everything ordered"),
    ] = ()

    @field_validator("delivered_at")
    @classmethod
    def _left_before_it_arrived(cls, came: datetime | None, info: ValidationInfo) -> datetime | None:
        left = info.data.get("dispatched_at")
        if left and came and (left.tzinfo is None) == (came.tzinfo is None) and came.date() < left.date():
            raise fault("before_dispatch")
        return came
