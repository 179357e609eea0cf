"""Decides what of a customer's picture everybody may see: its sight alone, no larger than a page needs.

The picture is drawn anew, so that nothing of what a phone writes into it (place, time, owner) is left.
"""

import io
import secrets
import struct

from bot import content_types, media, storage
from bot.media import Media

LARGEST_SIDE = 1280
MOST_PIXELS = 60_000_000
"""More is no photograph of a phone's, and would take all of a small machine's memory."""
QUALITY = 82


class Unfit(Exception):
    """This cannot be shown as a picture."""


def original(message_id: str | None) -> Media | None:
    """The customer's picture as it came, if it is there to be seen or still on its way."""
    found = media.find(message_id) if message_id else None
    return None if found is None or found.state == media.GONE else found


def make_public(picture: Media) -> str:
    """Make the copy that everybody may see, under an address nobody can guess; its key. Raises Unfit.

    Not inside a transaction: drawing takes a while, and the storage may be far away.
    """
    kept = storage.find(picture.key) if picture.state == media.KEPT else None
    if kept is None or picture.content_type not in content_types.PICTURES:
        raise Unfit
    with kept.file:
        content = redrawn(kept.file.read())
    key = f"voices/{secrets.token_hex(16)}.jpg"
    storage.put(key, content, content_types.JPEG)
    return key


def redrawn(content: bytes) -> bytes:
    """The same sight as a JPEG of our own making, upright, without anything that stood beside it. Raises Unfit."""
    # Whoever only reads the page need not pay for what draws.
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "GIF", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unfit
            image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))  # a large JPEG is read at a fraction of its size
            smooth = image if image.mode in {"L", "RGB", "RGBA"} else image.convert("RGBA")
            smooth.thumbnail((LARGEST_SIDE, LARGEST_SIDE))  # first of all: each copy of a large one is dear
            upright = ImageOps.exif_transpose(smooth).convert("RGBA")
    except (
        *(UnidentifiedImageError, OSError, ValueError, SyntaxError),
        *(struct.error, Image.DecompressionBombError),
    ) as error:
        raise Unfit from error
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    drawn = io.BytesIO()
    paper.save(drawn, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return drawn.getvalue()
