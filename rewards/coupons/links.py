"""Decides where a coupon's QR leads: the page on which staff redeem it. The code in it is all that it says."""

from bot.config import settings


def redeem_page(code: str) -> str:
    """What the QR says: opened by staff who are signed in, it shows the coupon with one button."""
    return f"{settings.current().public_url}/console/redeem?code={code}"


def qr_image(code: str) -> str:
    """The address of the coupon's QR image."""
    return f"{settings.current().public_url}/c/{code}.png"
