"""The addresses of an invitation: the shop's chat with the code typed in, its QR image, and its page."""

from bot.config import settings
from bot.line import messages as line
from rewards.referrals.words import words


def chat_link(code: str) -> str:
    """An address that opens the shop's chat with the code in a sentence, typed and not sent."""
    return line.prefilled_chat(settings.current().line_basic_id, words().prefilled.format(code=code))


def qr_image(code: str) -> str:
    """The address of the invitation's QR image."""
    return f"{settings.current().public_url}/q/{code}.png"


def invitation_page(code: str) -> str:
    """The address of the invitation's page, short enough for any message."""
    return f"{settings.current().public_url}/r/{code}"
