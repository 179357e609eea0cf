"""The addresses at which LINE and customers fetch what staff sent: unguessable, and signed.

The token is random; the signature makes a request for any other one cost no query.
"""

import hashlib
import hmac
import re
import secrets

from bot.config import settings
from bot.files import content_types

PREFIX = "/f/"
VIDEO_PREVIEW = "video.jpg"
"""The picture that stands for every video until it is played."""
_TOKEN = re.compile(r"[0-9a-f]{32}")
_IN_MESSAGES = re.compile(r"/f/([0-9a-f]{32})\.[0-9a-f]{32}\.")


def new_token() -> str:
    """A random token of 128 bits."""
    return secrets.token_hex(16)


def address(token: str, content_type: str) -> str:
    """The public address of the file with that token."""
    ending = content_types.ENDINGS.get(content_type, "bin")
    return f"{settings.current().public_url}{PREFIX}{token}.{_signature(token)}.{ending}"


def video_preview() -> str:
    """The public address of the picture shown for a video."""
    return f"{settings.current().public_url}{PREFIX}{VIDEO_PREVIEW}"


def token_of(name: str) -> str | None:
    """The token in the last part of an address; None when its signature is wrong."""
    token, _, rest = name.partition(".")
    signature = rest.partition(".")[0]
    if not _TOKEN.fullmatch(token) or not signature.isascii():
        return None
    return token if hmac.compare_digest(_signature(token), signature) else None


def tokens_in(message: str) -> list[str]:
    """The tokens of the files that a stored message (its JSON) links to, each once."""
    return list(dict.fromkeys(_IN_MESSAGES.findall(message)))


def _signature(token: str) -> str:
    key = settings.current().secret_key.encode()
    return hmac.new(key, f"reply-attachment:{token}".encode(), hashlib.sha256).hexdigest()[:32]
