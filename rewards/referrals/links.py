"""The address of an invitation: the shop's chat with the code typed in."""

from bot.config import settings
from bot.line import messages as line
from rewards.referrals.words import words


def chat_link(code: str) -> str:
    """An address that opens the shop's chat with the code in a sentence, typed and not sent."""
    return line.prefilled_chat(settings.current().line_basic_id, words().prefilled.format(code=code))
