"""Removes metadata from files: place, time, camera, owner.

Media from LINE is cleaned before it is stored (`media.py`); files of earlier versions are cleaned by the
clock, a few at a time. The formats are left to `picture_metadata.py` and `box_metadata.py`. Documents and
archives stay as they were sent.
"""

import mmap
import os
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot import log
from bot.files import box_metadata, content_types, picture_metadata, pictures
from bot.files.picture_metadata import Part, Unreadable

LARGEST_REDRAWN_SIDE = 4096
LARGEST_REDRAWN_BYTES = 20 << 20
_PIECE_BYTES = 1 << 20
_PARTS: dict[str, Callable[[picture_metadata.Data], Sequence[Part]]] = {
    content_types.JPEG: picture_metadata.jpeg,
    content_types.PNG: picture_metadata.png,
    content_types.WEBP: picture_metadata.webp,
    content_types.GIF: picture_metadata.gif,
}
_BOXES = (content_types.MP4, content_types.M4A)


def clean(path: Path, content_type: str) -> str:
    """Clean that file in place; returns its content type afterwards. Raises OSError.

    A malformed picture is redrawn. One that cannot be redrawn either and contains metadata becomes a file of
    UNKNOWN type: staff can save it, no browser shows it.
    """
    if not path.stat().st_size:
        return content_type
    try:
        return _clean(path, content_type)
    except (Unreadable, struct.error) as broken:
        log.info("a file is not built as its format says", reason=str(broken), type=content_type)
    if content_type not in content_types.SHOWN:
        return content_type
    if content_type in _PARTS and path.stat().st_size <= LARGEST_REDRAWN_BYTES:
        try:
            _replace(path, [pictures.redrawn(path.read_bytes(), LARGEST_REDRAWN_SIDE)])
        except pictures.Unfit:
            pass
        else:
            return content_types.JPEG
    return content_types.UNKNOWN if _hides_something(path) else content_type


def _clean(path: Path, content_type: str) -> str:
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as data:
        if content_type in _PARTS:
            parts = _PARTS[content_type](data)
            if sum(map(picture_metadata.length, parts)) != len(data):
                _replace(path, _pieces(data, parts))
        elif content_type in _BOXES or content_types.is_still_in_boxes(data[: content_types.HEAD_BYTES]):
            box_metadata.blank(data)
            data.flush()
    return content_type


def _pieces(data: picture_metadata.Data, parts: Sequence[Part]) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, slice):
            for at in range(part.start, part.stop, _PIECE_BYTES):
                yield data[at : min(part.stop, at + _PIECE_BYTES)]
        else:
            yield part


def _replace(path: Path, parts: Iterable[bytes]) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=path.suffix, delete=False) as file:
        try:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
    Path(file.name).replace(path)


def _hides_something(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return any(data.find(sign) >= 0 for sign in picture_metadata.SIGNS)
