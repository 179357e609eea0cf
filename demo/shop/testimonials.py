"""The picture of a sample testimonial. Their words are in `sentences/testimonials.py`."""

import io

from PIL import Image, ImageDraw

from bot import localtime
from bot.files import media, storage
from bot.files.content_types import JPEG
from bot.files.media import Media
from surveys.testimonials import pictures, published
from surveys.testimonials.tables import Testimonial


def add_picture_to_newest() -> None:
    """Add the picture to the newest published testimonial, as if the customer had sent it."""
    newest = published.published(1)
    if not newest:
        return
    found: Testimonial = Testimonial.get_by_id(newest[0].id)
    content, now = _soap(), localtime.now()
    stored: Media = Media.create(
        message_id="sample-picture",
        conversation=found.customer.conversation_id,
        kind="image",
        state=media.STORED,
        content_type=JPEG,
        byte_count=len(content),
        received_at=now,
        stored_at=now,
    )
    storage.put(stored.key, content, JPEG)
    Testimonial.update(
        picture_message_id=stored.message_id, public_picture=pictures.make_public(stored)
    ).where(Testimonial.id == found.id).execute()


def _soap() -> bytes:
    """A drawing of a bar of honey soap on a wooden dish."""
    image = Image.new("RGB", (1200, 900), "#f3eadb")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 1200, 900), fill="#d9c4a3")
    draw.ellipse((180, 470, 1020, 790), fill="#8a5f38")
    draw.ellipse((210, 470, 990, 740), fill="#a8784a")
    draw.rounded_rectangle((340, 380, 860, 650), 90, fill="#e2a93b")
    draw.rounded_rectangle((340, 350, 860, 600), 90, fill="#f2c560")
    draw.rounded_rectangle((420, 410, 780, 540), 50, outline="#d99a2b", width=8)
    for x, y, size in ((860, 330, 60), (930, 420, 36), (290, 360, 44), (800, 280, 24)):
        draw.ellipse((x, y, x + size, y + size), fill="#ffffff", outline="#dfe9ee", width=4)
    drawn = io.BytesIO()
    image.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()
