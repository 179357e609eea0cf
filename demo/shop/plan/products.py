"""The sample shop's products: what they cost, how long one lasts, which are bought after which and in which season;
and what customers see of them when one is recommended."""

import random
from collections.abc import Mapping

from bot.config import settings
from bot.db.database import insert_once
from customers.orders.tables import Product as ProductRow
from demo.phone.controls import Product

SOAP, LOTION, CREAM, PUMP, SET, GIFT = "HD-101", "HD-102", "HD-103", "HD-104", "HD-201", "HD-301"
PRODUCTS = (
    Product(SOAP, "はちみつ石けん", 1_680),
    Product(LOTION, "ゆずの化粧水", 3_480),
    Product(CREAM, "米ぬかクリーム", 4_280),
    Product(SET, "はじめてセット", 2_980),
    Product(GIFT, "季節のギフト箱", 8_800),
    Product(PUMP, "泡のハンドソープ（ポンプ）", 2_480),
)
BY_CODE = {each.code: each for each in PRODUCTS}
BEST = GIFT
"""The premium product."""
REPURCHASE_DAYS = {SOAP: 45, LOTION: 60, CREAM: 90, PUMP: 60}
LASTS_DAYS = {SOAP: (34, 8), LOTION: (57, 11), CREAM: (88, 15), PUMP: (60, 12), SET: (45, 12), GIFT: (80, 25)}
"""After how many days, and how different from person to person, a customer of this product buys again."""
FIRST = {SOAP: 23, LOTION: 15, CREAM: 10, PUMP: 11, SET: 40, GIFT: 2}
LIKED_NEXT = {
    SET: {SOAP: 2, LOTION: 7, CREAM: 2, SET: 1, GIFT: 1},
    SOAP: {SOAP: 5, LOTION: 2, CREAM: 6, GIFT: 1},
    CREAM: {SOAP: 3, LOTION: 4, CREAM: 4, GIFT: 3},
}
"""After one of these, others are liked more than in general: recommendations have something to find."""
NEXT = {SOAP: 5, LOTION: 4, CREAM: 4, PUMP: 1, SET: 1, GIFT: 1}
GIFT_SEASON = {6: 6, 7: 8, 11: 2, 12: 10}
"""How much more often gifts are bought in these months: midsummer (お中元) and the end of the year (お歳暮)."""
BUSY = {1: 0.9, 2: 0.45, 3: 0.9, 4: 1.0, 5: 1.0, 6: 1.25, 7: 1.25, 8: 0.8, 9: 0.95, 10: 1.0, 11: 1.1, 12: 1.5}
"""How busy each month is beside others: nobody buys much in February."""


def choose(before: str | None, month: int, chance: random.Random) -> str:
    """The code of what somebody buys in that month, after what they bought `before`; None: for the first time."""
    weights: Mapping[str, float] = FIRST if before is None else LIKED_NEXT.get(before, NEXT)
    codes = list(weights)
    in_season = [weights[code] * (GIFT_SEASON.get(month, 1) if code == GIFT else 1) for code in codes]
    return chance.choices(codes, weights=in_season)[0]


def describe(products: tuple[Product, ...]) -> None:
    """Write what the owner would import and enter in the console."""
    for product in products:
        insert_once(ProductRow, sku=product.code, name=product.name)
        ProductRow.update(
            price_yen=product.price_yen,
            url=f"{settings.current().public_url}/voices",
            premium=product.code == BEST,
            repurchase_days=REPURCHASE_DAYS.get(product.code),
        ).where(ProductRow.sku == product.code).execute()
