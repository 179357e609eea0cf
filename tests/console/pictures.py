"""Media as customers send it, generated for tests: a picture of a jar with a broken lid, and silent audio."""

import io
import struct

from PIL import Image, ImageDraw

SIZE = (1200, 1600)


def broken_lid() -> bytes:
    """A JPEG of a phone held upright: a honey jar on a table, its lid cracked."""
    image = Image.new("RGB", SIZE, "#b9a58a")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 1050, *SIZE), fill="#8a6a4a")
    draw.rounded_rectangle((350, 520, 850, 1250), 70, fill="#d9962b", outline="#7a5210", width=10)
    draw.rectangle((430, 760, 770, 1060), fill="#fbf3df")
    draw.rounded_rectangle((330, 400, 870, 540), 30, fill="#e8e4dc", outline="#8d877c", width=8)
    draw.line(((560, 400), (600, 450), (570, 490), (620, 540)), fill="#3a3530", width=12)
    drawn = io.BytesIO()
    image.save(drawn, "JPEG", quality=80)
    return drawn.getvalue()


def silence(seconds: int = 1) -> bytes:
    """A silent WAV file."""
    rate, count = 8000, 8000 * seconds
    sound = struct.pack("<HHIIHH", 1, 1, rate, rate, 1, 8)
    head = b"RIFF" + struct.pack("<I", 36 + count) + b"WAVEfmt " + struct.pack("<I", 16) + sound
    head += b"data" + struct.pack("<I", count)
    return head + b"\x80" * count
