"""The request bodies for a link code and for an account link nonce. It asks no database."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from customers.orders.schema import identity_field, number_field, shown, text_field
from customers.values import identities

_Number = Annotated[
    str | None,
    identity_field(identities.number),
    shown("customer_number", "The customer's number in the shop's system"),
]
_Email = Annotated[str | None, identity_field(identities.email), shown("email", "Kept only as a keyed hash")]
_Phone = Annotated[str | None, identity_field(identities.phone), shown("phone", "Kept only as a keyed hash")]


class _Named(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    customer_number: _Number = None
    email: _Email = None
    phone: _Phone = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Any:
        if not (self.customer_number or self.email or self.phone or getattr(self, "order_number", None)):
            raise PydanticCustomError("order_nobody", "refused")
        return self


class LinkCodeIn(_Named):
    """The customer for whom a code is requested, identified by an order, or by the fields that an order has."""

    order_number: Annotated[
        str, number_field(required=False), shown("order_number", "A known order of the customer")
    ] = ""


class AccountLinkIn(_Named):
    """The customer who has just signed in to the shop with LINE's linkToken in the address."""

    link_token: Annotated[
        str, text_field(512, required=True), shown("link_token", "The linkToken of the login page's address")
    ]
