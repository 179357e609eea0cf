"""Cancellations and refunds over HTTP: new, known, contradicting, too much, of unknown orders; in any order of
events."""

import itertools
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from bot import localtime
from bot.config import shop
from bot.conversations import ensure
from bot.db import database
from bot.db.database import write_transaction
from bot.notices import Notice
from bot.queue import inbox
from bot.queue.inbox import InboxEvent
from bot.worker.worker import handle_next
from bot.worker.worker_processes import Presence
from customers.api import auth, keys
from customers.api import orders as orders_api
from customers.orders import purchases
from customers.orders.order import Order
from customers.orders.purchases import Purchase
from customers.orders.reversal_intake import ReversalOutcome, take
from customers.orders.reversals import PendingReversal, Reversal
from customers.people.customer import Customer, follow
from handlers import register
from rewards.ledger import ledger, reconciliation
from rewards.referrals import referrals
from rewards.referrals.tables import Referral, ReferralCode
from tests.storage.rewards.test_rewards_races import meeting

pytestmark = pytest.mark.usefixtures("any_database")

NOON = datetime(2026, 1, 6, 3, tzinfo=UTC)
HANAKO, TARO = "U" + "1" * 32, "U" + "2" * 32
ORDER = {
    "order_number": "A/1",
    "ordered_at": "2026-01-05T13:20:00+09:00",
    "total_yen": 5400,
    "line_user_id": HANAKO,
}


class Nobody:
    """A sender that sends nothing: messages are tested in the conversations."""

    def __init__(self) -> None:
        self.presence = Presence()

    def send(self, _rows: object) -> None:
        """Do nothing."""

    expect = check_commit = send


@pytest.fixture(autouse=True)
def shop_at_noon() -> Iterator[None]:
    register()
    shop.use({})
    with localtime.fixed(NOON):
        yield


@pytest.fixture
def client(any_database: object) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(orders_api.api)
    auth.rate.__init__(6000, 60)  # type: ignore[misc]
    return app.test_client()


@pytest.fixture
def token(any_database: object) -> str:
    with write_transaction():
        return keys.create("EC-CUBE")


def post(client: FlaskClient, token: str, path: str, content: Any = None, **headers: str) -> TestResponse:
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    body = "" if content is None else json.dumps(content)
    return client.post(f"/api/v1{path}", data=body, headers=sent)


def work() -> None:
    while handle_next(Nobody()):  # type: ignore[arg-type]
        pass
    assert not InboxEvent.select().where(InboxEvent.error.is_null(False)).count(), [
        row.error for row in InboxEvent.select() if row.error
    ]


def meets(line_user_id: str) -> Customer:
    with write_transaction():
        return follow(line_user_id, ensure(line_user_id, line_user_id))


def fault(answer: TestResponse) -> tuple[int, str | None, str]:
    assert answer.json is not None
    return answer.status_code, answer.json["error"]["field"], answer.json["error"]["code"]


@pytest.mark.parametrize("handled", [False, True])
def test_a_cancellation_is_stored_once_and_takes_the_points_back(
    client: FlaskClient, token: str, handled: bool
) -> None:
    hanako = meets(HANAKO)
    post(client, token, "/orders", ORDER)
    if handled:
        work()
        assert ledger.balance(hanako.id) == 54
    first = post(client, token, "/orders/A/1/cancel")
    again = post(client, token, "/orders/A/1/cancel", {"reason": "お客様都合"})
    work()
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json is not None and again.json["already_known"]
    assert Purchase.get().state == purchases.CANCELLED
    assert ledger.balance(hanako.id) == 0
    assert Customer.get_by_id(hanako.id).purchase_count == 0
    late = post(client, token, "/orders/A/1/cancel")
    assert (late.status_code, late.json and late.json["state"]) == (200, "cancelled")


def test_refunds_take_back_their_share_and_never_more_than_the_order(client: FlaskClient, token: str) -> None:
    hanako = meets(HANAKO)
    post(client, token, "/orders", ORDER)
    work()
    refund = {"refund_id": "R-1", "amount_yen": 1450}
    assert post(client, token, "/orders/A/1/refunds", refund).status_code == 202
    assert post(client, token, "/orders/A/1/refunds", refund).status_code == 200
    assert fault(post(client, token, "/orders/A/1/refunds", {**refund, "amount_yen": 9})) == (
        409,
        "amount_yen",
        "conflict",
    )
    # What waits in the inbox counts: 5,400 less 1,450 is left.
    too_much = post(client, token, "/orders/A/1/refunds", {"refund_id": "R-2", "amount_yen": 3951})
    assert fault(too_much) == (422, "amount_yen", "too_much")
    assert too_much.json is not None and too_much.json["error"]["example"] == 3950
    work()
    assert ledger.balance(hanako.id) == 39, "a point for each full ¥100 of the ¥3,950 that are left"
    post(client, token, "/orders/A/1/refunds", {"refund_id": "R-2", "amount_yen": 3950})
    work()
    assert (Purchase.get().state, ledger.balance(hanako.id)) == (purchases.REFUNDED, 0)
    assert post(client, token, "/orders/A/1/cancel").status_code == 202
    work()
    assert (Purchase.get().state, ledger.balance(hanako.id)) == (purchases.CANCELLED, 0)


def test_of_two_refunds_at_once_the_later_counts_the_earlier(client: FlaskClient, token: str) -> None:
    post(client, token, "/orders", ORDER)
    outcomes: list[ReversalOutcome] = []

    def refund(number: int) -> None:
        received = Reversal(order_number="A/1", kind="refund", refund_id=f"R-{number}", amount_yen=3000)
        outcomes.append(take(received).outcome)

    meeting(lambda: refund(1), lambda: refund(2))
    assert outcomes == [ReversalOutcome.NEW, ReversalOutcome.TOO_MUCH]


@pytest.mark.parametrize("other", ["a/1", "A/1:R"])
def test_refunds_of_an_order_that_is_called_almost_the_same_do_not_count(
    client: FlaskClient, token: str, other: str
) -> None:
    for number in ("A/1", other):
        post(client, token, "/orders", {**ORDER, "order_number": number})
        answer = post(client, token, f"/orders/{number}/refunds", {"refund_id": "1", "amount_yen": 5000})
        assert answer.status_code == 202
    answer = post(client, token, "/orders/A/1/refunds", {"refund_id": "2", "amount_yen": 400})
    assert answer.status_code == 202


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "refund_id", "missing"),
        ({"refund_id": "R", "amount_yen": "100"}, "amount_yen", "not_whole"),
        ({"refund_id": "R", "amount_yen": 0}, "amount_yen", "no_amount"),
        ({"refund_id": "R", "amount_yen": 1, "yen": 1}, "yen", "unknown"),
        ({"refund_id": "R", "amount_yen": 5401}, "amount_yen", "too_much"),
    ],
)
def test_a_refund_that_cannot_be_is_refused_by_field(
    client: FlaskClient, token: str, body: dict[str, Any], field: str, code: str
) -> None:
    post(client, token, "/orders", ORDER)
    answer = post(client, token, "/orders/A/1/refunds", body)
    assert answer.json is not None
    found = {(each["field"], each["code"]) for each in answer.json["errors"]}
    assert answer.status_code == 422 and (field, code) in found
    assert InboxEvent.select().where(InboxEvent.source == "order.refunded").count() == 0


def test_an_order_nobody_reported_cannot_be_reversed(client: FlaskClient, token: str) -> None:
    unknown = (404, "order_number", "unknown_order")
    assert fault(post(client, token, "/orders/B-9/cancel")) == unknown
    assert fault(post(client, token, "/orders/B-9/refunds", {"refund_id": "R", "amount_yen": 1})) == unknown


def test_an_idempotency_key_answers_again_and_only_for_its_own_request(
    client: FlaskClient, token: str
) -> None:
    post(client, token, "/orders", ORDER)
    key = {"Idempotency-Key": "k-1"}
    first = post(client, token, "/orders/A/1/cancel", {}, **key)
    again = post(client, token, "/orders/A/1/cancel", {}, **key)
    assert (again.status_code, again.data) == (202, first.data)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = post(client, token, "/orders/A/1/refunds", {"refund_id": "R", "amount_yen": 1}, **key)
    assert fault(other) == (409, "Idempotency-Key", "idempotency_key_reused")


def test_each_endpoint_has_its_scope(client: FlaskClient, token: str) -> None:
    with write_transaction():
        teller = keys.create("teller", (keys.ORDERS_WRITE,))
        reverser = keys.create("reverser", (keys.ORDERS_REVERSE,))
    assert post(client, teller, "/orders", ORDER).status_code == 202
    assert fault(post(client, teller, "/orders/A/1/cancel"))[0] == 403
    assert fault(post(client, reverser, "/orders", ORDER))[0] == 403
    assert post(client, reverser, "/orders/A/1/cancel").status_code == 202


def test_paths_and_methods_that_are_not_there_are_refused_in_json(client: FlaskClient) -> None:
    assert fault(client.get("/api/v1/nothing")) == (404, None, "unknown_path")
    wrong = client.delete("/api/v1/orders")
    assert fault(wrong) == (405, None, "wrong_method")
    assert "POST" in wrong.headers["Allow"]
    assert client.get("/elsewhere").content_type.startswith("text/html")


def test_more_refunds_than_the_order_cost_count_up_to_its_price_and_the_owner_is_notified() -> None:
    meets(HANAKO)
    put(_recorded("A", 1000))
    for number in (1, 2):
        put(Reversal(order_number="A", kind="refund", refund_id=str(number), amount_yen=700))
    work()
    assert (Purchase.get().state, Purchase.get().refunded_yen) == (purchases.REFUNDED, 1000)
    assert "超えています" in Notice.get().sentence


def _recorded(number: str, total_yen: int, line_user_id: str = HANAKO, **who: str) -> Order:
    return Order(
        source="api",
        order_number=number,
        ordered_at=NOON,
        ordered_on=NOON.date(),
        total_yen=total_yen,
        line_user_id=line_user_id or None,
        **who,  # type: ignore[arg-type]
    )


def put(received: Order | Reversal, key: str = HANAKO, again: int = 0) -> None:
    kind = (
        "order.received"
        if isinstance(received, Order)
        else {"cancel": "order.cancelled", "refund": "order.refunded"}[received.kind]
    )
    name = received.event_id if isinstance(received, Order) else received.cause
    with write_transaction():
        inbox.put(kind, f"{name}#{again}", key, received.as_data())


A_HISTORY = (
    _recorded("A", 5450),
    Reversal(order_number="A", kind="refund", refund_id="1", amount_yen=260),
    Reversal(order_number="A", kind="refund", refund_id="2", amount_yen=1333),
)


def end_state() -> dict[str, Any]:
    return {
        "purchases": sorted(
            Purchase.select(Purchase.order_number, Purchase.state, Purchase.refunded_yen).tuples()
        ),
        "customers": sorted(
            Customer.select(Customer.line_user_id, Customer.purchase_count, Customer.sales_yen).tuples()
        ),
        "points": {each.line_user_id: ledger.balance(each.id) for each in Customer.select()},
        "referrals": list(Referral.select(Referral.state, Referral.purchase_cause).tuples()),
        "bought": list(ReferralCode.select(ReferralCode.bought_count).tuples()),
        "waiting": PendingReversal.select().count(),
    }


@given(data=st.data())
@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_repetition_ends_the_same(any_database: Any, data: st.DataObject) -> None:
    """A referred friend's orders A and B, cancellations and refunds, shuffled and repeated, over two
    conversations."""
    cancelled = data.draw(st.booleans(), "A is cancelled")
    story: list[Order | Reversal] = [*A_HISTORY, _recorded("B", data.draw(st.sampled_from([90, 2000]), "B"))]
    if cancelled:
        story.append(Reversal(order_number="A", kind="cancel"))
    if data.draw(st.booleans(), "A is given back wholly"):
        story.append(Reversal(order_number="A", kind="refund", refund_id="3", amount_yen=5450))
    if data.draw(st.booleans(), "B is cancelled"):
        story.append(Reversal(order_number="B", kind="cancel"))
    repeated = story + data.draw(st.lists(st.sampled_from(story), max_size=4), "repeated")
    shuffled = data.draw(st.permutations(repeated), "in this order")
    ends = []
    for received in (story, shuffled):
        _empty(any_database)
        _befriend()
        for number, each in enumerate(received):
            put(
                each,
                data.draw(st.sampled_from([HANAKO, "buyer:x"])) if received is shuffled else HANAKO,
                number,
            )
            if data.draw(st.booleans()):
                work()
        work()
        assert reconciliation.reconcile().faults == ()
        ends.append(end_state())
    first, second = ends
    # Which of two remaining purchases completed the referral depends on which came first.
    for end in ends:
        end["referrals"] = [(state, cause is not None) for state, cause in end["referrals"]]
    assert first == second


def _befriend() -> None:
    taro, hanako = meets(TARO), meets(HANAKO)
    with write_transaction():
        referrals.join(referrals.get_or_create_code(taro.id), hanako.id, is_new=True)


def _empty(bound: Any) -> None:
    """Delete all rows; in no particular order, so without foreign keys."""
    off, on = (
        ("SET session_replication_role = replica", "SET session_replication_role = origin")
        if database.is_postgres()
        else ("PRAGMA foreign_keys = 0", "PRAGMA foreign_keys = 1")
    )
    names = [name for name in bound.get_tables() if "migration" not in name and name != "rule_version"]
    assert {"conversation", "customer", "purchase"} <= set(names)
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)
    filled = [name for (name,) in bound.execute_sql(asked).fetchall()]
    bound.execute_sql(off)
    for name in filled:
        bound.execute_sql(f'DELETE FROM "{name}"')
    bound.execute_sql(on)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_buyer_tied_in_between_ends_the_same(order: tuple[int, ...]) -> None:
    """The order, its refund and the link to a customer, in each order: 39 points."""
    hanako = meets(HANAKO)

    def tie() -> None:
        put(_recorded("B", 50, customer_number="C-1"), HANAKO)

    steps = [
        lambda: put(_recorded("A", 5400, "", customer_number="C-1"), "buyer:number:C-1"),
        lambda: put(
            Reversal(order_number="A", kind="refund", refund_id="1", amount_yen=1450), "buyer:number:C-1"
        ),
        tie,
    ]
    for step in order:
        steps[step]()
        work()
    assert ledger.balance(hanako.id) == 39
    assert not PendingReversal.select().exists()


def test_an_order_and_its_cancellation_handled_at_the_same_moment(any_database: Any) -> None:
    """They are in two conversations, so two threads handle them in parallel: the cancellation is never lost."""
    meets(HANAKO)
    for number in range(6):
        put(_recorded(f"A-{number}", 1000), HANAKO)
        put(Reversal(order_number=f"A-{number}", kind="cancel"), f"order:A-{number}")
    threads = [threading.Thread(target=_work_and_close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()
    assert {each.state for each in Purchase.select()} == {purchases.CANCELLED}
    assert PendingReversal.select().count() == 0
    assert [ledger.balance(each.id) for each in Customer.select()] == [0]


def _work_and_close() -> None:
    for _ in range(6):
        handle_next(Nobody())  # type: ignore[arg-type]
    database.close()
