"""The JSON bodies that the API answers with, for success and for errors. It asks no database."""

from typing import Any

from pydantic import BaseModel, Field


class OrderAnswer(BaseModel):
    """The state of an order."""

    order_number: str = Field(examples=["A-1001"])
    state: str = Field(
        description="received: stored, recorded within seconds; paid, cancelled, refunded: recorded",
        examples=["received"],
    )
    already_known: bool = Field(description="Whether it was known before; it counts once")


class ShipmentState(BaseModel):
    """One parcel as it is known."""

    carrier: str = Field(description="Its usual name, else as it was written", examples=["ヤマト運輸"])
    carrier_key: str = Field(description="For programs; empty for an unknown carrier", examples=["yamato"])
    tracking_number: str = Field(examples=["472575516733"])
    tracking_url: str | None = Field(
        description="Where it is tracked; null for an unknown carrier without tracking_url",
        examples=["https://member.kms.kuronekoyamato.co.jp/parcel/detail?pno=472575516733"],
    )
    dispatched_at: str | None = Field(examples=["2026-01-06T06:00:00+00:00"])
    delivered_at: str | None = Field(examples=["2026-01-08T02:40:00+00:00"])
    arrives_on: str | None = Field(examples=["2026-01-08"])


class ShipmentAnswer(BaseModel):
    """The parcel after the call."""

    order_number: str = Field(examples=["A-1001"])
    already_known: bool = Field(description="Whether nothing of it was new")
    shipment: ShipmentState


class OrderStateAnswer(OrderAnswer):
    """The state of an order and of its parcels."""

    arrives_on: str | None = Field(None, description="When it is expected", examples=["2026-01-08"])
    shipments: list[ShipmentState] = Field([], description="Its parcels, oldest report first")


class ReversalAnswer(BaseModel):
    """The result of a cancellation or a refund."""

    order_number: str = Field(examples=["A-1001"])
    state: str = Field(
        description="received: stored, acted on within seconds; otherwise the order's state",
        examples=["received"],
    )
    refund_id: str | None = Field(None, examples=["R-1"])
    already_known: bool = Field(description="Whether it was known before; it counts once")


class LinkCodeAnswer(BaseModel):
    """A code to print, to mail or to show. Whoever sends it on LINE is linked to this customer, once."""

    code: str = Field(examples=["K7MP-4XWD-9HQF"])
    chat_url: str = Field(description="Opens the shop's chat with the code typed; for a button in a mail")
    qr_url: str = Field(description="A PNG of that address; for a packing slip")
    expires_at: str = Field(examples=["2026-03-06T04:20:00+00:00"])


class AccountLinkAnswer(BaseModel):
    """The nonce for LINE's account link; send the customer's browser on to redirect_url."""

    nonce: str
    redirect_url: str
    expires_at: str = Field(examples=["2026-01-05T04:50:00+00:00"])


class CouponAnswer(BaseModel):
    """The coupon after the call."""

    code: str = Field(examples=["K7MP-4XWD-RT35"])
    state: str = Field(description="issued, redeemed, expired or cancelled", examples=["redeemed"])
    reward: str = Field(description="The reward's name", examples=["送料無料クーポン"])
    value: str = Field(description="What the customer gets", examples=["次のご注文の送料が無料になります"])
    value_yen: int = Field(description="What it is worth, in yen", examples=[500])
    valid_until: str = Field(description="The last day it can be used", examples=["2026-06-30"])
    redeemed_at: str | None = Field(None, examples=["2026-04-01T12:00:00+09:00"])


class Fault(BaseModel):
    """One error in a request, with a value that would be accepted."""

    code: str = Field(description="Stable, for programs", examples=["bad_date"])
    message: str = Field(description="For people; Japanese with Accept-Language: ja, else English")
    field: str | None = Field(
        None, description="The field's path in the body, or the header", examples=["ordered_at"]
    )
    example: Any = Field(
        None, description="A value that would be taken", examples=["2026-01-05T13:20:00+09:00"]
    )


class ErrorAnswer(BaseModel):
    """The errors of a refused request; `error` is the first of `errors`."""

    error: Fault
    errors: list[Fault]


def refusal(faults: list[Fault]) -> ErrorAnswer:
    """The answer that reports these errors."""
    return ErrorAnswer(error=faults[0], errors=faults)
