"""Decides what of a customer's picture everybody may see: its sight alone, no larger than a page needs.

The picture is drawn anew (`bot/files/pictures.py`), so that nothing of what a phone writes into it (place,
time, owner) is left.
"""

import secrets

from bot.files import content_types, media, pictures, storage
from bot.files.media import Media
from bot.files.pictures import Unfit

LARGEST_SIDE = 1280


def original(message_id: str | None) -> Media | None:
    """The customer's picture as it came, if it is there to be seen or still on its way."""
    found = media.find(message_id) if message_id else None
    return None if found is None or found.state == media.GONE else found


def make_public(picture: Media) -> str:
    """Make the copy that everybody may see, under an address nobody can guess; its key. Raises Unfit.

    Not inside a transaction: drawing takes a while, and the storage may be far away.
    """
    stored = storage.find(picture.key) if picture.state == media.STORED else None
    if stored is None or picture.content_type not in content_types.PICTURES:
        raise Unfit
    with stored.file:
        content = pictures.redrawn(stored.file.read(), LARGEST_SIDE)
    key = f"voices/{secrets.token_hex(16)}.jpg"
    storage.put(key, content, content_types.JPEG)
    return key
