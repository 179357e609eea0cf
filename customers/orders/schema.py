"""Validates orders from the API, CSV files and webhooks. It asks no database.

`OrderIn` is an order as a source reports it; `customers.orders.order.Order` is its stored form, without
addresses.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from customers.values import identities, model_fields, parsing, postal
from customers.values.faults import EXAMPLES, Problem
from customers.values.parsing import MAX_YEN, BadValue

MAX_ITEMS = 200
LONGEST_COUPON_CODE = 64
MAX_QUANTITY = 999_999
MAX_DAYS = 3650

# Pydantic's error types, and our codes.
_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_type": "not_text",
    "int_type": "not_whole",
    "bool_type": "not_bool",
    "int_from_float": "not_whole",
    "list_type": "not_list",
    "tuple_type": "not_list",
    "too_long": "too_many",
    "model_type": "not_object",
    "model_attributes_type": "not_object",
    "dict_type": "not_object",
    "string_unicode": "bad_character",
}


def text_field(longest: int, *, required: bool) -> BeforeValidator:
    """A validator for a text of at most so many characters."""

    def read(value: Any) -> str:
        if value is None and not required:
            return ""
        if not isinstance(value, str):
            raise fault("not_text")
        cleaned = _parsed(parsing.clean, value, longest)
        if required and not cleaned:
            raise fault("empty")
        return str(cleaned)

    return BeforeValidator(read)


def number_field(*, required: bool) -> BeforeValidator:
    """A validator for an order's number."""

    def read(value: Any) -> str:
        if value is None and not required:
            return ""
        if not isinstance(value, str):
            raise fault("not_text")
        number = str(_parsed(identities.number, value))
        if required and not number:
            raise fault("empty")
        return number

    return BeforeValidator(read)


def identity_field(reader: Any) -> BeforeValidator:
    """A validator for an optional identity, which `reader` brings into normal form."""

    def read(value: Any) -> str | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if not isinstance(value, str):
            raise fault("not_text")
        return str(_parsed(parsing.clean, value, 255) and _parsed(reader, value))

    return BeforeValidator(read)


def read_moment(value: Any) -> datetime:
    """A date and time, or a day on the shop's clock, as pydantic's validator."""
    if isinstance(value, datetime):
        moment: datetime = _parsed(parsing.within_reason, value)
        return moment
    if not isinstance(value, str):
        raise fault("not_text")
    moment = _parsed(parsing.moment, value)
    return moment


def read_day(value: Any) -> date | None:
    """A calendar day or nothing, as pydantic's validator."""
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise fault("not_text")
    found: date = _parsed(parsing.day, value)
    return found


def parsed_field(reader: Callable[[str], str]) -> BeforeValidator:
    """A validator for an optional text that `reader` brings into normal form."""

    def read(value: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            raise fault("not_text")
        return str(_parsed(reader, value)) if value.strip() else ""

    return BeforeValidator(read)


def whole_field(lowest: int, highest: int, low: str, high: str) -> BeforeValidator:
    """A validator for a whole number; `low` and `high` are the codes of the errors."""

    def read(value: Any) -> Any:
        if type(value) is int and value < lowest:
            raise fault(low)
        if type(value) is int and value > highest:
            raise fault(high)
        return value

    return BeforeValidator(read)


def shown(name: str, description: str, **schema: Any) -> Any:
    """The field's description and example in the API's documentation."""
    return Field(description=description, examples=[EXAMPLES[name]], json_schema_extra=schema or None)


MOMENT_SCHEMA = WithJsonSchema({"type": "string"})
DAY_SCHEMA = WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]})


class ItemIn(BaseModel):
    """One item of an order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: Annotated[str, text_field(64, required=False), shown("sku", "The product's code in the shop")] = ""
    name: Annotated[str, text_field(255, required=False), shown("name", "The product's name")] = ""
    quantity: Annotated[
        StrictInt,
        whole_field(1, MAX_QUANTITY, "bad_quantity", "bad_quantity"),
        shown("quantity", "Pieces", minimum=1, maximum=MAX_QUANTITY),
    ] = 1
    unit_yen: Annotated[
        StrictInt | None,
        whole_field(-MAX_YEN, MAX_YEN, "too_much_yen", "too_much_yen"),
        shown("unit_yen", "Price of one in yen, tax included; negative for a discount"),
    ] = None
    repurchase_days: Annotated[
        StrictInt | None,
        whole_field(1, MAX_DAYS, "bad_days", "bad_days"),
        shown("repurchase_days", "How long one lasts; kept with the product", minimum=1, maximum=MAX_DAYS),
    ] = None
    premium: Annotated[
        StrictBool | None, shown("premium", "Whether it is a premium product; kept with the product")
    ] = None


class OrderIn(BaseModel):
    """One order as a shop's system reports it. At least one field names the customer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_number: Annotated[
        str,
        number_field(required=True),
        shown("order_number", "The shop's number of the order; counted once ever"),
    ]
    ordered_at: Annotated[
        datetime,
        BeforeValidator(read_moment),
        MOMENT_SCHEMA,
        shown("ordered_at", "ISO 8601 with a zone, or date (and time) on the shop's clock: 2026-01-05 13:20"),
    ]
    total_yen: Annotated[
        StrictInt,
        whole_field(0, MAX_YEN, "negative_yen", "too_much_yen"),
        shown(
            "total_yen",
            "What the customer pays in whole yen, with tax and postage",
            minimum=0,
            maximum=MAX_YEN,
        ),
    ]
    line_user_id: Annotated[
        str | None,
        identity_field(parsing.line_user_id),
        shown("line_user_id", "The customer's LINE user id, when the shop knows it"),
    ] = None
    customer_number: Annotated[
        str | None,
        identity_field(identities.number),
        shown("customer_number", "The customer's number in the shop's system"),
    ] = None
    email: Annotated[
        str | None,
        identity_field(identities.email),
        shown("email", "Kept only as a keyed hash, to recognise the buyer"),
    ] = None
    phone: Annotated[
        str | None,
        identity_field(identities.phone),
        shown("phone", "Kept only as a keyed hash, to recognise the buyer"),
    ] = None
    postal_code: Annotated[
        str | None,
        identity_field(postal.code),
        shown("postal_code", "Where it is delivered to in Japan; together with address"),
    ] = None
    address: Annotated[
        str | None,
        identity_field(lambda text: parsing.clean(text, postal.LONGEST)),
        shown(
            "address",
            "Where it is delivered to; together with postal_code. Both are kept only as one keyed hash",
        ),
    ] = None
    arrives_on: Annotated[
        date | None,
        BeforeValidator(read_day),
        DAY_SCHEMA,
        shown("arrives_on", "The day on which it is expected to arrive; the customer reads it"),
    ] = None
    coupon_code: Annotated[
        str,
        text_field(LONGEST_COUPON_CODE, required=False),
        shown("coupon_code", "The code of a coupon that the customer used with the order; redeems it, once"),
    ] = ""
    items: Annotated[tuple[ItemIn, ...], Field(max_length=MAX_ITEMS), shown("items", "What was bought")] = ()

    @model_validator(mode="after")
    def _names_somebody(self) -> "OrderIn":
        if not (self.line_user_id or self.customer_number or self.email or self.phone):
            raise fault("nobody")
        if bool(self.postal_code) != bool(self.address):
            raise fault("half_address")
        return self


M = TypeVar("M", bound=BaseModel)


def read(values: Any) -> OrderIn | list[Problem]:
    """The order, or everything that is wrong with it."""
    return read_as(OrderIn, values)


def read_as(model: type[M], values: Any) -> M | list[Problem]:
    """The values as that model, or everything that is wrong with them."""
    try:
        return model.model_validate(values)
    except ValidationError as invalid:
        return problems_of(invalid, model)


def problems_of(invalid: ValidationError, model: type[BaseModel] | None = None) -> list[Problem]:
    """Pydantic's errors as problems, one a field; with the model, they name the fields there may be."""
    found: dict[str, Problem] = {}
    for error in invalid.errors(include_url=False, include_input=False, include_context=False):
        field = ".".join(str(part)[:64] for part in error["loc"])
        kind = error["type"]
        code = kind.removeprefix("order_") if kind.startswith("order_") else _CODES.get(kind, "invalid")
        known: tuple[str, ...] = ()
        if model and code in ("unknown", "not_object"):
            known = model_fields.fields_at(model, error["loc"][:-1] if code == "unknown" else error["loc"])
        found.setdefault(field, Problem(field, code, known))
    return list(found.values())


def read_leniently(values: dict[str, Any]) -> tuple[OrderIn | list[Problem], list[Problem]]:
    """Like `read`, for sources that cannot be asked to correct an order (a file, a webhook): an address that
    cannot be read is left out when something else names the customer. Also returns what was left out."""
    order = read(values)
    left_out: list[Problem] = []
    for name in ("phone", "email"):
        faults = [each for each in order if each.field == name] if isinstance(order, list) else []
        others = {"line_user_id", "customer_number", "email", "phone"} - {name}
        if faults and any(values.get(other) for other in others):
            left_out += faults
            values = {key: value for key, value in values.items() if key != name}
            order = read(values)
    return order, left_out


def fault(code: str) -> PydanticCustomError:
    """The error of that code, for a validator to raise."""
    return PydanticCustomError("order_" + code, "refused")


def _parsed(reader: Any, *arguments: Any) -> Any:
    try:
        return reader(*arguments)
    except BadValue as bad:
        raise fault(bad.code) from None
