"""LINE's error responses: status and body, in LINE's own words."""

from collections.abc import Sequence
from typing import Any

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
