"""Separates pictures from the metadata in their files: place, time, camera, owner, comments. Pure.

Nothing is redrawn, so nothing of the picture is lost. What a viewer needs to show it right stays: colour
profile, transparency, animation, and orientation.
"""

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

UPRIGHT = 1
"""The orientation of a picture that is stored as it is to be shown; EXIF knows 1 to 8."""
_ORIENTATION = 0x0112


class Data(Protocol):
    """A file's bytes: `bytes`, or a file mapped into memory."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: slice, /) -> bytes: ...
    def find(self, what: bytes, start: int = ..., end: int = ..., /) -> int: ...


Part = bytes | slice
"""A piece of a cleaned file: bytes of our own, or a range of the original file, which may be large."""


class Unreadable(ValueError):
    """The file is not built as its format says."""


def length(part: Part) -> int:
    """The length of a part, in bytes."""
    return part.stop - part.start if isinstance(part, slice) else len(part)


def jpeg(data: Data) -> list[Part]:
    """The parts of a JPEG that make the picture. Raises Unreadable."""
    remaining: list[Part] = []
    orientation, seen_scan = UPRIGHT, False
    for segment in _segments(data):
        if segment.marker == 0xE1 and segment.body.startswith(b"Exif\0\0") and orientation == UPRIGHT:
            orientation = orientation_of(segment.body[6:])
        elif segment.marker == 0xE0 and segment.body.startswith(b"JFIF\0") and len(segment.body) >= 14:
            body = segment.body[:12] + b"\0\0"  # without the thumbnail that it may contain
            remaining.append(b"\xff\xe0" + struct.pack(">H", len(body) + 2) + body)
        elif _is_needed(segment):
            remaining.append(segment.whole)
        seen_scan = seen_scan or segment.marker == 0xDA
    if not seen_scan:
        raise Unreadable("no picture in the JPEG")
    if orientation != UPRIGHT:
        exif = b"Exif\0\0" + exif_of(orientation)
        remaining.insert(0, b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    return [b"\xff\xd8", *remaining]


class _Segment(NamedTuple):
    marker: int
    body: bytes
    whole: Part
    """The whole segment; for a scan, with its picture data."""


def _is_needed(segment: _Segment) -> bool:
    if segment.marker == 0xE2:
        return segment.body.startswith(b"ICC_PROFILE\0")
    if segment.marker == 0xEE:
        return segment.body.startswith(b"Adobe")
    return not (0xE0 <= segment.marker <= 0xEF or segment.marker == 0xFE)


_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def _segments(data: Data) -> Iterator[_Segment]:
    """The segments to the end of the first picture: phones append others. A file that breaks off in a scan
    ends there."""
    at = 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        head = data[at : at + 4]
        if head[:2] == b"\xff\xd9":
            yield _Segment(0xD9, b"", b"\xff\xd9")
            return
        if len(head) < 4 or head[0] != 0xFF or head[1] < 0xC0 or 0xD0 <= head[1] <= 0xD9:
            raise Unreadable(f"no segment at {at}")
        end = at + 2 + struct.unpack(">H", head[2:])[0]
        body = data[at + 4 : end]
        if end - at < 4 or len(body) != end - at - 4:
            raise Unreadable(f"a segment at {at} that does not end")
        if head[1] == 0xDA:
            following = _NEXT_MARKER.search(data, end)  # type: ignore[call-overload]
            end = following.start() if following else len(data)
        yield _Segment(head[1], body, slice(at, end))
        if end == len(data):
            if head[1] == 0xDA:
                return
            raise Unreadable("no picture in the JPEG")
        at = end


_PNG_NEEDS = {
    *(
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"cICP",
        b"mDCV",
        b"cLLI",
    ),
    *(b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"),
}


def png(data: Data) -> list[Part]:
    """The chunks of a PNG that make the picture. Raises Unreadable."""
    remaining: list[Part] = [data[:8]]
    at, name, orientation = 8, b"", UPRIGHT
    while name != b"IEND":
        head = data[at : at + 8]
        if len(head) < 8:
            break
        size, name = struct.unpack(">I4s", head)
        end = at + 12 + size
        if name == b"eXIf":
            orientation = orientation_of(data[at + 8 : at + 8 + size])
        elif name in _PNG_NEEDS:
            remaining.append(slice(at, min(end, len(data))))
        elif not name.isalpha():
            raise Unreadable(f"no chunk at {at}")
        at = end
    if len(remaining) < 3 or data[12:16] != b"IHDR":
        raise Unreadable("no picture in the PNG")
    if orientation != UPRIGHT:
        exif = exif_of(orientation)
        name_and_body = b"eXIf" + exif
        remaining.insert(
            2, struct.pack(">I", len(exif)) + name_and_body + struct.pack(">I", zlib.crc32(name_and_body))
        )
    return remaining


_WEBP_NEEDS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def webp(data: Data) -> list[Part]:
    """The chunks of a WebP that make the picture. Raises Unreadable."""
    remaining: list[Part] = []
    names: list[bytes] = []
    at, orientation = 12, UPRIGHT
    end = min(len(data), 8 + struct.unpack("<I", data[4:8])[0])
    while at + 8 <= end:
        name, size = struct.unpack("<4sI", data[at : at + 8])
        after = at + 8 + size + size % 2
        if name == b"EXIF":
            orientation = orientation_of(data[at + 8 : at + 8 + size].removeprefix(b"Exif\0\0"))
        elif name in _WEBP_NEEDS:
            remaining.append(slice(at, min(after, len(data))))
            names.append(name)
        at = after
    if not {b"VP8 ", b"VP8L", b"ANMF"} & set(names):
        raise Unreadable("no picture in the WebP")
    if names[0] == b"VP8X":
        turned = orientation != UPRIGHT
        extended = data[remaining[0]] if isinstance(remaining[0], slice) else remaining[0]
        flags = extended[8] & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if turned else 0)
        remaining[0] = extended[:8] + bytes([flags]) + extended[9:]
        if turned:
            exif = exif_of(orientation)
            remaining.append(b"EXIF" + struct.pack("<I", len(exif)) + exif)
    return [b"RIFF", struct.pack("<I", 4 + sum(map(length, remaining))), b"WEBP", *remaining]


_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def gif(data: Data) -> list[Part]:
    """The blocks of a GIF that make the picture: no comments, no data of other programs. Raises Unreadable."""
    at = 13 + _colours(data[10:11])
    remaining: list[Part] = [data[:at]]
    while True:
        sign = data[at : at + 1]
        if sign == b"\x3b":
            return [*remaining, sign]
        if sign == b"\x2c":
            end = _blocks_end(data, at + 11 + _colours(data[at + 9 : at + 10]))
            is_needed = True
        elif sign == b"\x21":
            end = _blocks_end(data, at + 2)
            kind = data[at + 1 : at + 2]
            is_needed = kind == b"\xf9" or (kind == b"\xff" and data[at + 3 : at + 14] in _LOOPS)
        else:
            raise Unreadable(f"no block at {at}")
        if is_needed:
            remaining.append(slice(at, end))
        at = end


def _colours(packed: bytes) -> int:
    """The length of the colour table that these flags announce."""
    if not packed:
        raise Unreadable("the GIF ends in its header")
    return 3 << ((packed[0] & 7) + 1) if packed[0] & 0x80 else 0


def _blocks_end(data: Data, at: int) -> int:
    while size := data[at : at + 1]:
        at += 1 + size[0]
        if size == b"\0":
            return at
    raise Unreadable("a block that does not end")


def orientation_of(exif: bytes) -> int:
    """The orientation in an EXIF block; UPRIGHT when there is none."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None or len(exif) < 8:
        return UPRIGHT
    at = struct.unpack(order + "I", exif[4:8])[0]
    entries = exif[at + 2 : at + 2 + 12 * struct.unpack(order + "H", exif[at : at + 2].ljust(2, b"\0"))[0]]
    for start in range(0, len(entries) - 11, 12):
        tag, kind, _, value = struct.unpack(order + "HHIH", entries[start : start + 10])
        if tag == _ORIENTATION and kind == 3 and 1 <= value <= 8:
            return int(value)
    return UPRIGHT


def exif_of(orientation: int) -> bytes:
    """An EXIF block with the orientation, and nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)


SIGNS: Sequence[bytes] = (
    b"Exif",
    b"EXIF",
    b"eXIf",
    b"xap/1.0",
    b"xpacket",
    b"Photoshop",
    b"tEXt",
    b"iTXt",
    b"zTXt",
)
"""How metadata begins. A malformed file that contains none of these has none to hide."""
