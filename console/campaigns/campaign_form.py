"""Turns a campaign into the fields of its form, and a form back into the definition and the time it is meant for.

The time is typed and shown in the shop's zone, whatever the browser's. Nothing is written here; each error is named by
its field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from bot import localtime
from console.campaigns.campaign_fields import ALL_FIELDS, AUDIENCE_FIELDS, CAMPAIGN_FIELDS
from console.journeys import flow_faults, flow_form
from console.journeys.flow_fields import MESSAGE_FIELDS, Kind
from console.shell.translation import gettext
from customers.orders import product_codes
from journeys.audience.definition import Audience
from journeys.campaigns.definition import CampaignDefinition
from journeys.flows.message_content import MessageContent

NOW, LATER = "now", "at"
LONGEST_LIST = 1000
"""Numbers of customers that may be typed one below the other."""
_PAIRS = ("days_since_order", "orders", "sales_yen")
_USUAL_WHEN_EMPTY = ("points", "early_access_hours", "when_busy", "defer_days", "outcome_days")


@dataclass(frozen=True, slots=True)
class ReadCampaign:
    """What a form says of a campaign: the campaign and its time, or errors by field."""

    definition: CampaignDefinition | None
    at: datetime | None
    """None: as soon as it is confirmed."""
    faults: Mapping[str, str]


def stored(definition: CampaignDefinition) -> dict[str, object]:
    """The campaign as the database holds it: plain JSON without what is as usual."""
    return definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def of_campaign(definition: CampaignDefinition, at: datetime | None) -> dict[str, str]:
    """The fields of the campaign's form."""
    usual = {name: getattr(definition, name) for name in ("when_busy", "defer_days", "outcome_days")}
    values = {"class": definition.class_, **usual, **stored(definition)}
    form = flow_form.shown((*CAMPAIGN_FIELDS, *AUDIENCE_FIELDS), values)
    form |= flow_form.shown(MESSAGE_FIELDS, definition.message.model_dump(mode="json"))
    form |= flow_form.shown_buttons(definition.message)
    return form | {"when": LATER if at else NOW, "at": typed_time(at) if at else ""}


def typed(form: MultiDict[str, str]) -> dict[str, str]:
    """What was typed, to read it or to show it again; ticks of one field as its lines."""
    found = {
        each.path: "\n".join(form.getlist(each.path)) if each.kind is Kind.TICKS else form.get(each.path, "")
        for each in ALL_FIELDS
    }
    found |= {name: form.get(name, "") for name in flow_form.BUTTON_FIELDS}
    return found | {"when": form.get("when", NOW), "at": form.get("at", "")}


def read(form: Mapping[str, str]) -> ReadCampaign:
    """The campaign as the form says."""
    values, faults = flow_form.read((*CAMPAIGN_FIELDS, *AUDIENCE_FIELDS), form, {})
    for name in _USUAL_WHEN_EMPTY:
        if values.get(name) is None:
            values.pop(name, None)
    message, more = read_message(form)
    at, wrong = _time(form)
    faults |= _of_audience(values.get("audience", {})) | wrong
    definition = None
    try:
        definition = CampaignDefinition.model_validate({**values, "message": message or {}})
    except ValidationError as refused:
        faults = flow_faults.by_field(refused, ()) | faults
    faults = {**more, **faults}
    return ReadCampaign(None if faults else definition, at, faults)


def typed_audience(form: MultiDict[str, str]) -> dict[str, str]:
    """The filters alone that were typed, or that an address gives, by field; without empty ones."""
    return {
        path: value
        for path, value in typed(form).items()
        if value and path in {each.path for each in AUDIENCE_FIELDS}
    }


def shown_audience(audience: Audience) -> dict[str, str]:
    """The fields of these filters, without empty ones."""
    values = {"audience": audience.model_dump(mode="json", exclude_defaults=True)}
    return {path: value for path, value in flow_form.shown(AUDIENCE_FIELDS, values).items() if value}


def read_audience(form: Mapping[str, str]) -> tuple[Audience | None, dict[str, str]]:
    """The filters as the form says, whatever its other parts say; or errors by field."""
    values, faults = flow_form.read(AUDIENCE_FIELDS, form, {})
    faults |= _of_audience(values.get("audience", {}))
    try:
        audience = CampaignDefinition.model_validate({**values, "name": "-"}).audience
    except ValidationError as refused:
        faults = flow_faults.by_field(refused, ()) | faults
    return (None, faults) if faults else (audience, {})


def read_message(form: Mapping[str, str]) -> tuple[MessageContent | None, dict[str, str]]:
    """The message as the form says, whatever its other parts say; or errors by field."""
    values, faults = flow_form.read(MESSAGE_FIELDS, form, {})
    values["buttons"], places = flow_form.read_buttons(form)
    faults |= flow_faults.of_message(values)
    message = None
    try:
        message = MessageContent.model_validate(values)
    except ValidationError as refused:
        faults = flow_faults.by_field(refused, places) | faults
    return None if faults else message, faults


def typed_time(at: datetime) -> str:
    """The moment as a `datetime-local` field holds it, on the shop's clock."""
    return f"{localtime.local(at):%Y-%m-%dT%H:%M}"


def read_time(text: str) -> datetime:
    """The moment that was typed on the shop's clock. Raises ValueError for what is none, or is past."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None or not 2000 <= moment.year < 2100:
        raise ValueError(text)
    at = moment.replace(tzinfo=localtime.zone()).astimezone(UTC)
    if at <= localtime.now():
        raise PastTime(text)
    return at


class PastTime(ValueError):
    """A time that has passed."""


def fault_of_time(text: str) -> str:
    """What is wrong with a typed time; empty when nothing is."""
    try:
        read_time(text)
    except PastTime:
        return gettext("もう過ぎた時刻です。これからの日時を入れてください。")
    except ValueError:
        return gettext("日時を 2026-12-24 10:00 のように入れてください。")
    return ""


def _time(form: Mapping[str, str]) -> tuple[datetime | None, dict[str, str]]:
    if form.get("when", NOW) != LATER:
        return None, {}
    wrong = fault_of_time(form.get("at", ""))
    return (None, {"at": wrong}) if wrong else (read_time(form["at"]), {})


def _of_audience(values: dict[str, object]) -> dict[str, str]:
    """Errors of filters that belong together; turns the numbers of customers into numbers, and names of products into
    their codes."""
    faults = {}
    for name in ("bought_products", "not_bought_products"):
        typed = values.get(name)
        if isinstance(typed, list):
            values[name] = product_codes.codes_of(str(line) for line in typed)
    for pair in _PAIRS:
        least, most = values.get(f"min_{pair}"), values.get(f"max_{pair}")
        if isinstance(least, int) and isinstance(most, int) and least > most:
            faults[f"audience.max_{pair}"] = gettext("左の数より大きくしてください。")
    lines = values.get("customer_ids")
    if isinstance(lines, list):
        plain = [str(line).strip().removeprefix("#") for line in lines]
        if len(plain) > LONGEST_LIST:
            faults["audience.customer_ids"] = gettext(
                "%(most)s人までにしてください。", most=f"{LONGEST_LIST:,}"
            )
        elif not all(each.isascii() and each.isdecimal() and len(each) <= 9 for each in plain):
            faults["audience.customer_ids"] = gettext("数字で入れてください。")
        else:
            values["customer_ids"] = [int(each) for each in plain]
    return faults
