"""The sample shop's own system: it reports orders to the API, dispatches them the next day, and delivers the day
after."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import urllib3

from bot import localtime
from demo.phone.controls import Product

CARRIER = "ヤマト運輸"
DISPATCHED_AFTER = timedelta(days=1)
DELIVERED_AFTER = timedelta(days=2)


class Refused(Exception):
    """The API took neither the order nor the parcel. The text says why."""


class ShopSystem:
    """What the shop's own system does through the orders API: report orders and their parcels."""

    def __init__(self, http: urllib3.PoolManager, bot_url: str, api_key: str) -> None:
        self._http, self._api, self._key = http, f"{bot_url}/api/v1/orders", api_key
        self._ordered_at: dict[str, datetime] = {}

    def order(self, line_user_id: str, product: Product, **buyer: str) -> str:
        """Report an order of that product, placed now; `buyer` are further fields of the buyer. Returns its number."""
        number = f"D-{secrets.token_hex(4).upper()}"
        item = {"sku": product.code, "name": product.name, "quantity": 1, "unit_yen": product.price_yen}
        order = {
            "order_number": number,
            "ordered_at": localtime.now().isoformat(timespec="seconds"),
            "total_yen": product.price_yen,
            "line_user_id": line_user_id,
            **buyer,
            "items": [item],
        }
        self._post(self._api, order, number)
        self._ordered_at[number] = localtime.now()
        return number

    def expect(self, orders: Iterable[tuple[str, datetime]]) -> None:
        """Take over orders (number and time) that were placed before and whose parcels are still to be delivered."""
        self._ordered_at.update(orders)

    def report_parcels(self) -> None:
        """Report what has become of the parcels by today."""
        today = localtime.today()
        for number, ordered_at in list(self._ordered_at.items()):
            if today >= localtime.local_date(ordered_at + DELIVERED_AFTER):
                self._report(number, "delivered_at")
                del self._ordered_at[number]
            elif today >= localtime.local_date(ordered_at + DISPATCHED_AFTER):
                self._report(number, "dispatched_at")

    def _report(self, order_number: str, what: str) -> None:
        now = localtime.local(localtime.now()).isoformat(timespec="seconds")
        parcel = {"carrier": CARRIER, "tracking_number": tracking_number(order_number), what: now}
        address = f"{self._api}/{quote(order_number, safe='')}/shipments"
        self._post(address, parcel, f"{order_number}:{what}")

    def _post(self, address: str, content: dict[str, Any], idempotency_key: str) -> None:
        headers = {"Authorization": f"Bearer {self._key}", "Idempotency-Key": idempotency_key}
        answer = self._http.request("POST", address, json=content, headers=headers)
        if answer.status >= 300:
            raise Refused(
                f"お店のシステムからの知らせが受け付けられませんでした: {answer.data.decode()[:200]}"
            )


def tracking_number(order_number: str) -> str:
    """A tracking number of twelve digits, the same one for an order each time."""
    return f"{int(hashlib.sha256(order_number.encode()).hexdigest(), 16) % 10**12:012}"
