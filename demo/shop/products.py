"""What customers see of the sample shop's products when one is recommended: page, price, and how long one lasts."""

from bot.config import settings
from customers.orders.tables import Product as ProductRow
from demo.phone.controls import Product

BEST = "HD-301"
"""The premium product."""
REPURCHASE_DAYS = {"HD-101": 45, "HD-102": 60, "HD-103": 60}


def describe(products: tuple[Product, ...]) -> None:
    """Write what the owner would enter in the console."""
    for product in products:
        ProductRow.update(
            price_yen=product.price_yen,
            url=f"{settings.current().public_url}/voices",
            premium=product.code == BEST,
            repurchase_days=REPURCHASE_DAYS.get(product.code),
        ).where(ProductRow.sku == product.code).execute()
