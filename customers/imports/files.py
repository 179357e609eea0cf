"""Stores the owner's files until they are imported, and opens them where they are read.

A file holds addresses: it is deleted when its import is over (`finish` in `progress.py`) or given up.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from bot.config import settings
from bot.files import storage

LARGEST_BYTES = 100_000_000
"""About 500,000 rows of a shop system's order file."""
CHUNK = 1 << 20


class TooLarge(Exception):
    """The file is larger than LARGEST_BYTES."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was received: its SHA-256 and size."""

    checksum: str
    byte_count: int


def receive(stream: IO[bytes], kind: str) -> tuple[Received, str]:
    """Store what is uploaded; the file's facts and the key it is stored under. Memory does not grow with it.

    Raises TooLarge, and OSError when the storage cannot be reached. Not inside a transaction.
    """
    folder = settings.current().data_dir
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with NamedTemporaryFile(dir=folder, prefix="import-", delete=False) as file:
        path = Path(file.name)
        try:
            while part := stream.read(CHUNK):
                size += len(part)
                if size > LARGEST_BYTES:
                    raise TooLarge
                digest.update(part)
                file.write(part)
        except BaseException:
            path.unlink()
            raise
    received = Received(digest.hexdigest(), size)
    key = f"imports/{kind}-{received.checksum}"
    storage.put(key, path, "text/csv")
    return received, key


@contextmanager
def opened(key: str, most_lines: int | None = None) -> Iterator[tuple[Path, bool]]:
    """A copy of the stored file on this machine, and whether it is whole: with `most_lines`, its first lines.

    Raises FileNotFoundError when it is gone, and OSError when the storage cannot be reached.
    """
    stored = storage.find(key)
    if stored is None:
        raise FileNotFoundError(key)
    with stored.file, NamedTemporaryFile(prefix="goen-import-") as copy:
        if most_lines is None:
            shutil.copyfileobj(stored.file, copy, CHUNK)
        else:
            for _ in range(most_lines):
                if not (line := stored.file.readline(CHUNK)):
                    break
                copy.write(line)
        copy.flush()
        yield Path(copy.name), not stored.file.read(1)
