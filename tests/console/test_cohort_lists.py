"""The list behind a cell of the cohort triangle: in the order of the first purchase, page after page, each once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import localtime
from bot.db.database import write_transaction
from console.ltv import lists
from customers.orders import purchases
from customers.orders.order import Order
from customers.people.customer import Customer
from tests.console.conftest import SignIn, get

DAYS = (20, 3, 11, 3, 28, 3, 14)
"""On which day of January each customer bought first: by far not in the order of their ids."""


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_each_customer_is_on_one_page(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(lists, "PAGE", size)
    client = sign_in("owner")
    bought_again = [_buyer(number, day, again=number != 4) for number, day in enumerate(DAYS)]
    wanted = sorted(
        (day, one)
        for day, one, number in zip(DAYS, bought_again, range(len(DAYS)), strict=True)
        if number != 4
    )
    with localtime.fixed(datetime(2026, 4, 1, 3, tzinfo=UTC)):
        after, found = 0, []
        while True:
            page = get(
                client, f"/console/ltv/people?list=cohort&month=2026-01&since=2&after={after}"
            ).get_data(True)
            here = [one for one in (each for _, each in wanted) if f'/console/customers/{one}"' in page]
            found += sorted(here, key=lambda one: page.index(f'/console/customers/{one}"'))
            if f"after={found[-1]}" not in page:
                break
            after = found[-1]
    assert found == [one for _, one in wanted]


def _buyer(number: int, day: int, *, again: bool) -> int:
    first = datetime(2026, 1, day, 3, tzinfo=UTC)
    with localtime.fixed(first), write_transaction():
        line_user_id = f"Ucohort{number}"
        customer = Customer.create(line_user_id=line_user_id, display_name=f"客{number}", first_seen_at=first)
        for place, at in enumerate([first, *([first + timedelta(days=60)] if again else [])]):
            purchases.record(
                Order(
                    source="csv",
                    order_number=f"{number}-{place}",
                    ordered_at=at,
                    ordered_on=localtime.local(at).date(),
                    total_yen=3_000,
                    line_user_id=line_user_id,
                )
            )
    return int(customer.id)
