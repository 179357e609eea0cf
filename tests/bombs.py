"""Builds small files that decode to very many pixels or cost very much work. All are made here; none is a real
attack."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image


def solid(kind: str, width: int, height: int, mode: str = "RGB", **options: Any) -> bytes:
    """A picture of one colour, as small as its format allows."""
    drawn = io.BytesIO()
    Image.new(mode, (width, height)).save(drawn, kind, **options)
    return drawn.getvalue()


def png(width: int, height: int, *, colour: int = 6, depth: int = 8, extra: bytes = b"") -> bytes:
    """A PNG of zeros made chunk by chunk, so that making it takes no memory; `extra` are further chunks."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = b"\0" * (1 + (width * channels * depth + 7) // 8)
    squeeze = zlib.compressobj(9)
    body = b"".join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    palette = chunk(b"PLTE", b"\0\0\0") if colour == 3 else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + palette
        + extra
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def texts_of_a_gigabyte() -> bytes:
    """A PNG of one pixel with texts that unpack to a gigabyte."""
    text = zlib.compress(b"\0" * (16 << 20), 9)
    return png(1, 1, extra=b"".join(chunk(b"zTXt", b"k%d\0\0" % number + text) for number in range(64)))


def many_frames(kind: str) -> bytes:
    """An animation of 40 frames of 2,000 by 2,000 pixels."""
    first, second = (Image.new("RGB", (2000, 2000), colour) for colour in ("white", "black"))
    drawn = io.BytesIO()
    later = [second if number % 2 else first for number in range(1, 40)]
    first.save(drawn, kind, save_all=True, append_images=later, loop=0)
    return drawn.getvalue()


def many_scans() -> bytes:
    """A progressive JPEG whose last scan comes 20,000 times: each one goes through all of the picture again."""
    whole = solid("JPEG", 4000, 4000, progressive=True)
    at = whole.rindex(b"\xff\xda")
    return whole[:at] + whole[at:-2] * 20_000 + whole[-2:]


def webp(width: int, height: int) -> bytes:
    """A lossless WebP of one colour: a pixel takes no bits, so only the size in its header differs."""
    small = bytearray(solid("WEBP", 1, 1, lossless=True))
    at = small.index(b"VP8L") + 9  # name, length, the signature 0x2f
    sizes = struct.unpack_from("<I", small, at)[0] >> 28 << 28 | (height - 1) << 14 | (width - 1)
    struct.pack_into("<I", small, at, sizes)
    return bytes(small)


def jpeg(width: int, height: int) -> bytes:
    """A JPEG whose header claims that size, and that ends early."""
    small = bytearray(solid("JPEG", 8, 8, "L"))
    struct.pack_into(">HH", small, small.index(b"\xff\xc0") + 5, height, width)
    return bytes(small)


def gif(width: int, height: int) -> bytes:
    """A GIF whose header claims that size, and that ends early."""
    small = bytearray(solid("GIF", 8, 8, "P"))
    struct.pack_into("<HH", small, 6, width, height)
    struct.pack_into("<HH", small, small.index(b",\0\0\0\0") + 5, width, height)
    return bytes(small)


BOMBS: dict[str, Callable[[], bytes]] = {
    "webp": lambda: webp(16_000, 16_000),
    "webp below the former limit": lambda: webp(7_700, 7_700),
    "png": lambda: png(20_000, 20_000),
    "png of one bit": lambda: png(65_000, 65_000, colour=0, depth=1),
    "png below the former limit": lambda: png(7_700, 7_700, colour=6, depth=16),
    "png palette": lambda: png(7_700, 7_700, colour=3),
    "png texts": texts_of_a_gigabyte,
    "gif": lambda: gif(20_000, 20_000),
    "jpeg": lambda: jpeg(60_000, 60_000),
    "jpeg progressive": lambda: solid("JPEG", 7_700, 7_700, "L", progressive=True),
    "jpeg scans": many_scans,
    "tiff": lambda: solid("TIFF", 4_000, 4_000, "L", compression="tiff_deflate"),
    "avif": lambda: solid("AVIF", 2_000, 2_000),
    "bmp": lambda: solid("BMP", 8_000, 8_000, "1"),
    "ico": lambda: solid("ICO", 256, 256, "RGBA"),
    "largest webp": lambda: webp(3_464, 3_464),
    "largest png": lambda: png(4_472, 4_472, depth=16),
    "largest palette": lambda: png(4_472, 4_472, colour=3),
    "largest gif": lambda: solid("GIF", 4_472, 4_472, "P"),
    "animated webp": lambda: many_frames("WEBP"),
    "animated gif": lambda: many_frames("GIF"),
    "animated png": lambda: many_frames("PNG"),
}
