"""What an enrolment remembers of its trigger: the order and its products."""

import json

from journeys.enrolments.tables import Enrolment


def products_of(enrolment: Enrolment) -> list[str]:
    """The product codes of the order by which the customer entered; empty where it was none."""
    return [str(code) for code in json.loads(enrolment.data).get("products", [])]


def order_of(enrolment: Enrolment) -> str | None:
    """The number of the order by which the customer entered."""
    number = json.loads(enrolment.data).get("order")
    return str(number) if number else None
