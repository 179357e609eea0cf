"""One order through every channel, in any order and any number of times: one purchase, one final state."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot import localtime
from bot.config import settings, shop
from bot.db.database import write_transaction
from customers.api import auth, keys
from customers.api import orders as orders_api
from customers.csv import order_import
from customers.orders.purchases import Purchase
from customers.shopify.webhook import shopify_webhooks
from handlers import register
from rewards.ledger import ledger, reconciliation
from tests.storage.customers.test_order_cases import EC_CUBE, ORDER, SHOPIFY, refund, second_line, shopify_row
from tests.storage.customers.test_order_reversals import HANAKO, _empty, meets, post, work
from tests.storage.customers.test_shopify import hook
from tests.storage.order_scene import NOON, SECRET

API_ORDER = {
    "order_number": "#501",
    "ordered_at": "2026-11-20T10:00:00+09:00",
    "total_yen": 5400,
    "line_user_id": HANAKO,
    "email": "A1@example.jp",
    "items": [
        {"sku": "TEA", "name": "ほうじ茶", "quantity": 2},
        {"sku": "CUP", "name": "湯呑", "quantity": 1},
    ],
}
WHEN = "2026-11-10 10:00:00"
EC_ROWS = (
    "9,#501,,a1@example.jp,090-1234-5678,5400,5,{state},2026/11/20 10:00,ほうじ茶,TEA,1200,2,1,商品\n"
    "9,#501,,a1@example.jp,090-1234-5678,5400,5,{state},2026/11/20 10:00,湯のみ,CUP,3000,1,1,商品\n"
)


class Channels:
    """Every channel through which a report of the order can come."""

    def __init__(self, client: FlaskClient, token: str, folder: Path) -> None:
        self.client, self.token, self.folder = client, token, folder

    def api(self) -> None:
        assert post(self.client, self.token, "/orders", API_ORDER).status_code in (200, 202)

    def webhook(self) -> None:
        assert hook(self.client, "orders/create", ORDER).status_code == 200

    def updated(self) -> None:
        assert hook(self.client, "orders/updated", ORDER).status_code == 200

    def shopify_file(self) -> None:
        self._file(SHOPIFY + self._row("paid") + self._second())

    def ec_cube_file(self) -> None:
        self._file(EC_CUBE + EC_ROWS.format(state="発送済み"))

    def own_file(self) -> None:
        self._file(
            '注文番号,注文日,合計金額,メールアドレス\n＃501,2026/11/20,"5,400円",mailto:A1@example.jp\n'
        )

    def refunded_webhook(self) -> None:
        assert hook(self.client, "refunds/create", refund("1400")).status_code == 200

    def refunded_update(self) -> None:
        part = {
            "financial_status": "partially_refunded",
            "current_total_price": "4000",
            "refunds": [refund("1400")],
        }
        assert hook(self.client, "orders/updated", ORDER | part).status_code == 200

    def refunded_file(self) -> None:
        row = self._row("partially_refunded", refunded="1400")
        self._file(SHOPIFY + row + self._second())

    def cancelled_webhook(self) -> None:
        body = ORDER | {"cancelled_at": "2026-11-21T10:00:00+09:00", "financial_status": "refunded"}
        assert hook(self.client, "orders/cancelled", body).status_code == 200

    def work(self) -> None:
        work()

    def _row(self, state: str, refunded: str = "0") -> str:
        row = shopify_row("#501", state, "5400", refunded=refunded)
        return row.replace("2026-11-10", "2026-11-20").replace("k@example.jp", "a1@example.jp")

    def _second(self) -> str:
        line = second_line("#501")
        return line.replace("2026-11-10", "2026-11-20").replace("k@example.jp", "a1@example.jp")

    def _file(self, content: str) -> None:
        file = self.folder / "orders.csv"
        file.write_text(content, "utf-8")
        report = order_import.run(file)
        assert not report.bad_count and not report.conflict_count and not report.parked_count, list(
            report.lines()
        )


SOURCES = ["api", "webhook", "updated", "shopify_file", "ec_cube_file", "own_file"]
STORIES: dict[str, tuple[list[str], tuple[str, int, int]]] = {
    "paid": ([], ("paid", 0, 54)),
    "a part refunded": (["refunded_webhook", "refunded_update", "refunded_file"], ("paid", 1400, 40)),
    "cancelled": (["cancelled_webhook"], ("cancelled", 0, 0)),
}


@pytest.fixture
def channels(any_database: object, tmp_path: Path) -> Channels:
    register()
    shop.use({})
    settings.use(settings.current().model_copy(update={"shopify_webhook_secret": SECRET}))
    app = Flask(__name__)
    app.register_blueprint(orders_api.api)
    app.register_blueprint(shopify_webhooks)
    auth.rate.__init__(60_000, 60)  # type: ignore[misc]
    with write_transaction():
        token = keys.create("EC-CUBE")
    return Channels(app.test_client(), token, tmp_path)


def play(channels: Channels, steps: list[str]) -> tuple[str, int, int]:
    """The final state of the order and its points. The webhook that names the customer comes in any case."""
    with localtime.fixed(NOON):
        hanako = meets(HANAKO)
        for step in (*steps, "webhook", "work"):
            getattr(channels, step)()
        [purchase] = Purchase.select()
        assert purchase.customer_id == hanako.id
        assert reconciliation.reconcile().faults == ()
        return purchase.state, purchase.refunded_yen, ledger.balance(hanako.id)


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("first", SOURCES)
def test_two_channels_one_after_the_other(channels: Channels, story: str, first: str) -> None:
    events, end = STORIES[story]
    second = SOURCES[SOURCES.index(first) - 1]
    assert play(channels, [first, *events, "work", second, *events]) == end


@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_of_channels_ends_the_same(
    channels: Channels, any_database: Any, data: st.DataObject
) -> None:
    events, end = STORIES[data.draw(st.sampled_from(sorted(STORIES)), "story")]
    reports = data.draw(st.lists(st.sampled_from([*SOURCES, "work"]), min_size=1, max_size=5), "reports")
    again = data.draw(st.lists(st.sampled_from(events or ["work"]), max_size=2), "again")
    _empty(any_database)
    with write_transaction():
        channels.token = keys.create("EC-CUBE")
    assert play(channels, data.draw(st.permutations([*reports, *events, *again]), "in this order")) == end
