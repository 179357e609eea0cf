"""Makes the public copy of a customer's picture, no larger than the page needs.

The picture is redrawn (`bot/files/pictures.py`), so that the metadata a phone adds (place, time, owner) is
gone.
"""

import secrets

from bot.files import content_types, media, pictures, storage
from bot.files.media import Media
from bot.files.pictures import Unfit

LARGEST_SIDE = 1280


def original(message_id: str | None) -> Media | None:
    """The customer's picture as received, if it is stored or still being fetched."""
    found = media.find(message_id) if message_id else None
    return None if found is None or found.state == media.GONE else found


def make_public(picture: Media) -> str:
    """Make the public copy under a random name; its storage key. Raises Unfit when it is no picture.

    Not inside a transaction: drawing takes time, and the storage may be remote.
    """
    stored = storage.find(picture.key) if picture.state == media.STORED else None
    if stored is None or picture.content_type not in content_types.PICTURES:
        raise Unfit
    with stored.file:
        content = pictures.redrawn(stored.file.read(), LARGEST_SIDE)
    key = f"voices/{secrets.token_hex(16)}.jpg"
    storage.put(key, content, content_types.JPEG)
    return key
