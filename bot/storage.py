"""Decides where files of ours are kept: what customers sent, and the public copies of their pictures.

On this machine's disk under DATA_DIR. A key is a path of our own making, such as `media/12`.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from bot import settings


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of ours, open for reading from any place in it."""

    file: BinaryIO
    byte_count: int


def put(key: str, content: bytes | Path) -> None:
    """Keep these bytes, or this finished file (which is gone from where it was), under that key."""
    path = _path(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if isinstance(content, Path):
        content.replace(path)
        return
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def find(key: str) -> Stored | None:
    """The file under that key; close it after reading. None when there is none."""
    try:
        file = _path(key).open("rb")
    except FileNotFoundError:
        return None
    return Stored(file, os.fstat(file.fileno()).st_size)


def discard(key: str) -> None:
    """Delete what is under that key."""
    _path(key).unlink(missing_ok=True)


def _path(key: str) -> Path:
    return settings.current().data_dir / key
