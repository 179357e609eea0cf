"""What customers see of the sample shop's products when one is recommended: page, price, a drawn picture."""

import hashlib
import io

from PIL import Image, ImageDraw

from bot.config import settings
from bot.files import storage
from bot.files.content_types import JPEG
from customers.orders.tables import Product as ProductRow
from demo.phone.controls import Product

COLOURS = ("#e2a93b", "#c9d65b", "#f0e2c4", "#8fb996", "#c9705f")
BEST = "HD-301"
"""The premium product."""
REPURCHASE_DAYS = {"HD-101": 45, "HD-102": 60, "HD-103": 60}


def describe(products: tuple[Product, ...]) -> None:
    """Write what the owner would enter in the console."""
    for product, colour in zip(products, COLOURS, strict=True):
        ProductRow.update(
            price_yen=product.price_yen,
            url=f"{settings.current().public_url}/voices",
            picture_url=_picture(product.code, colour),
            premium=product.code == BEST,
            repurchase_days=REPURCHASE_DAYS.get(product.code),
        ).where(ProductRow.sku == product.code).execute()


def _picture(code: str, colour: str) -> str:
    """The address of a drawing: a jar on a table, with a paper label."""
    image = Image.new("RGB", (1200, 780), "#f3eadb")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 540, 1200, 780), fill="#d9c4a3")
    draw.ellipse((390, 610, 810, 690), fill="#bfa680")
    draw.rounded_rectangle((430, 190, 770, 650), 50, fill=colour)
    draw.rounded_rectangle((460, 120, 740, 210), 24, fill="#6b4a2f")
    draw.rounded_rectangle((470, 330, 730, 540), 12, fill="#fffdf7")
    draw.ellipse((560, 375, 640, 455), fill=colour)
    draw.rounded_rectangle((510, 485, 690, 500), 7, fill="#6b4a2f")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=85)
    name = hashlib.sha256(code.encode()).hexdigest()[:32]
    storage.put(f"voices/{name}.jpg", written.getvalue(), JPEG)
    return f"{settings.current().public_url}/voices/pictures/{name}.jpg"
