"""The addresses of a coupon: the page on which staff redeem it, its QR image, the shop with the code filled in."""

from urllib.parse import quote

from bot.config import settings, shop
from rewards.coupons.settings import CouponRules


def redeem_page(code: str) -> str:
    """The address in the QR: opened by staff who are signed in, it shows the coupon with a button to redeem
    it."""
    return f"{settings.current().public_url}/console/redeem?code={code}"


def shop_page(code: str) -> str:
    """The address that opens the shop with the code filled in; empty where the owner has set none."""
    return shop.get(CouponRules).shop_url.replace("{code}", quote(code))


def qr_image(code: str) -> str:
    """The address of the coupon's QR image."""
    return f"{settings.current().public_url}/c/{code}.png"
