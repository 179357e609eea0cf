"""LINE's error responses: status and body, in LINE's own words; and the reading of bodies, which may end in one."""

from collections.abc import Sequence
from typing import Any

from flask import request

from demo.line.limits import refusal
from demo.line.shapes import Problem


class Refusal(Exception):
    """Ends a call with this error response."""

    def __init__(
        self, status: int, message: str | dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        self.status = status
        self.body = message if isinstance(message, dict) else {"message": message}
        self.headers = headers or {}
        super().__init__(f"{status} {self.body['message']}")


def bad_shape(found: Sequence[Problem]) -> Refusal:
    return Refusal(400, refusal(found))


def not_found() -> Refusal:
    return Refusal(404, "Not found")


def unauthorized() -> Refusal:
    return Refusal(
        401,
        "Authentication failed. Confirm that the access token in the authorization header is valid.",
        {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


def rate_limited() -> Refusal:
    return Refusal(429, "The API rate limit has been exceeded. Try again later.")


def monthly_limit() -> Refusal:
    return Refusal(429, "You have reached your monthly limit.")


def broken() -> Refusal:
    return Refusal(500, "Internal server error")


def json_body() -> dict[str, Any]:
    """The request's body, which must be a JSON object."""
    if not request.is_json:
        raise Refusal(415, "Unsupported media type")
    value = request.get_json(silent=True)
    if not isinstance(value, dict):
        raise Refusal(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
    return value
