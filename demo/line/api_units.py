"""LINE's calls about aggregation units over HTTP: the names of the month, and the sums of each."""

from datetime import date, datetime

from flask import Blueprint, Response, jsonify, request

from demo.line import refusals
from demo.line.channel import Channel
from demo.line.refusals import Refusal
from demo.line.units import LONGEST_PERIOD, NAME

MOST_NAMES = 100


def add_unit_calls(api: Blueprint, channel: Channel) -> None:
    """Add the calls to the API's blueprint."""

    @api.get("/insight/message/event/aggregation")
    def unit_statistics() -> Response:
        unit = request.args.get("customAggregationUnit", "")
        first, last = _day("from"), _day("to")
        if not NAME.match(unit):
            raise Refusal(400, "Invalid customAggregationUnit")
        if not first <= last <= first + LONGEST_PERIOD:
            raise Refusal(400, "The period must be from 'from' to at most 30 days later")
        with channel.lock:
            if not channel.units.may_be_asked(channel.now()):
                raise refusals.rate_limited()
            return jsonify(channel.units.statistics(unit, first, last))

    @api.get("/message/aggregation/info")
    def unit_count() -> Response:
        with channel.lock:
            return jsonify(numOfCustomAggregationUnits=len(channel.units.names(channel.clock())))

    @api.get("/message/aggregation/list")
    def unit_names() -> Response:
        limit, start = _number("limit", MOST_NAMES), _number("start", 0)
        if not 1 <= limit <= MOST_NAMES:
            raise Refusal(400, f"limit must be between 1 and {MOST_NAMES}")
        with channel.lock:
            names = channel.units.names(channel.clock())
        more = {"next": str(start + limit)} if start + limit < len(names) else {}
        return jsonify(customAggregationUnits=names[start : start + limit], **more)


def _day(name: str) -> date:
    value = request.args.get(name, "")
    try:
        if len(value) != 8 or not (value.isascii() and value.isdigit()):
            raise ValueError
        return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 -- a day, in Japan
    except ValueError:
        raise Refusal(400, f"The value of '{name}' must be yyyyMMdd") from None


def _number(name: str, otherwise: int) -> int:
    value = request.args.get(name, str(otherwise))
    if not (value.isascii() and value.isdigit() and len(value) <= 6):
        raise Refusal(400, f"The value of '{name}' is invalid")
    return int(value)
