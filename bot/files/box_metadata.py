"""Blanks metadata (place, time, camera) that is stored beside the pictures in MP4 and HEIC files. Pure.

Both formats are boxes within boxes, and some boxes say where in the file the pictures begin. So nothing is
moved: a box of metadata becomes a `free` box of the same length, filled with zeros.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from bot.files.picture_metadata import UPRIGHT, Unreadable, exif_of

_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"edts"}
_BESIDE = {b"udta", b"uuid", b"XMP_", b"meta"}
_WITH_TIMES = {b"mvhd", b"tkhd", b"mdhd"}
_DEEPEST = 8
_EMPTY_EXIF = b"\0\0\0\0" + exif_of(UPRIGHT)
"""As an item of a HEIC: the offset of the block, then the block."""
_LONGEST_INDEX = 1 << 20
"""Limit of the boxes that say where a HEIC's items are: a picture has a few dozen of them."""


class Data(Protocol):
    """A file mapped into memory, to be changed in place."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: slice, /) -> bytes: ...
    def __setitem__(self, place: slice, value: bytes, /) -> None: ...


class _Box(NamedTuple):
    name: bytes
    start: int
    body: int
    end: int


def blank(data: Data) -> None:
    """Blank the file's metadata in place. Raises Unreadable."""
    boxes = list(_boxes(data, 0, len(data)))
    if not boxes or boxes[0].name != b"ftyp":
        raise Unreadable("no MP4")
    for box in boxes:
        if box.name == b"meta" and (index := _items(data, box)):
            _blank_items(data, *index)
        elif box.name in _BESIDE:
            _free(data, box)
        elif box.name in _CONTAINERS:
            _blank_inside(data, box.body, box.end, 1)


def _blank_inside(data: Data, start: int, end: int, depth: int) -> None:
    if depth > _DEEPEST:
        raise Unreadable("boxes in boxes without end")
    for box in _boxes(data, start, end):
        if box.name in _BESIDE or (box.name == b"trak" and _is_of_metadata(data, box)):
            _free(data, box)
        elif box.name in _CONTAINERS:
            _blank_inside(data, box.body, box.end, depth + 1)
        elif box.name in _WITH_TIMES:
            times = 16 if data[box.body : box.body + 1] == b"\1" else 8
            data[box.body + 4 : box.body + 4 + times] = b"\0" * times


def _is_of_metadata(data: Data, track: _Box) -> bool:
    """Whether it is a track of metadata, such as places along a video."""
    for media in _boxes(data, track.body, track.end):
        if media.name == b"mdia":
            handlers = (box for box in _boxes(data, media.body, media.end) if box.name == b"hdlr")
            return any(data[box.body + 8 : box.body + 12] == b"meta" for box in handlers)
    return False


def _free(data: Data, box: _Box) -> None:
    data[box.start + 4 : box.start + 8] = b"free"
    _zero(data, box.body, box.end)


def _zero(data: Data, start: int, end: int) -> None:
    for at in range(start, end, 1 << 20):
        upto = min(end, at + (1 << 20))
        data[at:upto] = b"\0" * (upto - at)


def _boxes(data: Data, start: int, end: int) -> Iterator[_Box]:
    while start < end:
        head = data[start : start + 16]
        if len(head) < 8 or start + 8 > end:
            raise Unreadable(f"no box at {start}")
        size, name = struct.unpack(">I4s", head[:8])
        body = start + 8
        if size == 1 and len(head) == 16:
            size, body = struct.unpack(">Q", head[8:])[0], start + 16
        box_end = end if size == 0 else start + size
        if box_end < body or box_end > end:
            raise Unreadable(f"a box at {start} that does not fit")
        yield _Box(name, start, body, box_end)
        start = box_end


def _items(data: Data, meta: _Box) -> tuple[_Box, _Box, int] | None:
    """Of a HEIC: the boxes with the kinds and the places of its items, and where items inside begin."""
    try:
        inside = {box.name: box for box in _boxes(data, meta.body + 4, meta.end)}
    except Unreadable:
        return None  # another kind of metadata
    if b"iinf" not in inside or b"iloc" not in inside:
        return None
    return inside[b"iinf"], inside[b"iloc"], inside[b"idat"].body if b"idat" in inside else 0


def _blank_items(data: Data, iinf: _Box, iloc: _Box, shift: int) -> None:
    """Zero a HEIC's Exif and XMP, which are items beside the picture; their places are in another box."""
    secret = _items_of_metadata(data, iinf)
    for item, method, start, length in _extents(_index(data, iloc)):
        if item in secret and method in (0, 1):
            place = start + (shift if method == 1 else 0)
            if place + length > len(data):
                raise Unreadable("an item outside of the file")
            _zero(data, place, place + length)
            if secret[item] == b"Exif" and length >= len(_EMPTY_EXIF):  # viewers refuse an invalid one
                data[place : place + len(_EMPTY_EXIF)] = _EMPTY_EXIF


def _index(data: Data, box: _Box) -> bytes:
    if box.end - box.body > _LONGEST_INDEX:
        raise Unreadable("an index without end")
    return data[box.body : box.end]


def _items_of_metadata(data: Data, iinf: _Box) -> dict[int, bytes]:
    """The kinds of metadata items, by their numbers."""
    version = data[iinf.body : iinf.body + 1]
    found = {}
    for entry in _boxes(data, iinf.body + (6 if version == b"\0" else 8), iinf.end):
        head = data[entry.body : entry.body + 1]
        wide = 4 if head == b"\3" else 2
        item = int.from_bytes(data[entry.body + 4 : entry.body + 4 + wide], "big")
        kind = data[entry.body + 6 + wide : entry.body + 10 + wide]
        if kind in (b"Exif", b"mime", b"uri "):
            found[item] = kind
    return found


def _extents(iloc: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Of each item: its number, how its offset is counted, its offset, its length."""
    reader = _Reader(iloc)
    version = reader.whole(1)
    reader.whole(3)
    sizes, more = reader.whole(1), reader.whole(1)
    offset_size, length_size = sizes >> 4, sizes & 15
    base_size, index_size = more >> 4, (more & 15 if version in (1, 2) else 0)
    for _ in range(reader.whole(4 if version == 2 else 2)):
        item = reader.whole(4 if version == 2 else 2)
        method = reader.whole(2) & 15 if version in (1, 2) else 0
        reader.whole(2)
        base = reader.whole(base_size)
        for _ in range(reader.whole(2)):
            reader.whole(index_size)
            offset = reader.whole(offset_size)
            yield item, method, base + offset, reader.whole(length_size)


class _Reader:
    """Reads whole numbers, one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def whole(self, size: int) -> int:
        part = self._content[self._at : self._at + size]
        if len(part) != size:
            raise Unreadable("an index that breaks off")
        self._at += size
        return int.from_bytes(part, "big")
