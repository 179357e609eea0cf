"""The addresses of a coupon: the page on which staff redeem it, and its QR image."""

from bot.config import settings


def redeem_page(code: str) -> str:
    """The address in the QR: opened by staff who are signed in, it shows the coupon with a button to redeem
    it."""
    return f"{settings.current().public_url}/console/redeem?code={code}"


def qr_image(code: str) -> str:
    """The address of the coupon's QR image."""
    return f"{settings.current().public_url}/c/{code}.png"
