"""Files that staff attach, made for tests."""

import io
import struct
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (320, 240), exif: Any = None) -> bytes:
    """A picture of one colour."""
    drawn = io.BytesIO()
    Image.new("RGB", size, "#d9962b").save(drawn, kind, **({"exif": exif} if exif else {}))
    return drawn.getvalue()


def noise(side: int) -> bytes:
    """A PNG that no compression makes smaller."""
    drawn = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(drawn, "PNG")
    return drawn.getvalue()


def _box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


MP4 = (
    _box(b"ftyp", b"isom\0\0\0\0mp42") + _box(b"moov", _box(b"mvhd", bytes(100))) + _box(b"mdat", bytes(500))
)
"""A video without pictures: its boxes are in order, and it holds no metadata."""
