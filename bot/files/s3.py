"""Stores files in a bucket of S3-compatible storage; `bot/files/storage.py` calls it when MEDIA_STORE=s3.

Whatever goes wrong is an OSError, as with a disk.
"""

import errno
import io
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from bot.config import settings
from bot.config.settings import Settings

AMAZON = "https://s3.amazonaws.com"
TIMEOUT = urllib3.Timeout(connect=5, read=30)
TRIES = urllib3.Retry(total=2, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504])
GONE = {"NoSuchKey", "NoSuchObject"}
READ_AHEAD = 1 << 18


def put(key: str, content: bytes | Path, content_type: str) -> None:
    """Store these bytes, or this file's."""
    client, bucket = _client()
    with _as_disk_errors(key):
        if isinstance(content, Path):
            client.fput_object(bucket, key, str(content), content_type)
        else:
            client.put_object(bucket, key, io.BytesIO(content), len(content), content_type)


def find(key: str) -> tuple[BinaryIO, int] | None:
    """The object, open for reading from any place in it, and its size; None when there is none."""
    client, bucket = _client()
    try:
        with _as_disk_errors(key):
            size = client.stat_object(bucket, key).size or 0
    except FileNotFoundError:
        return None
    return cast(BinaryIO, io.BufferedReader(_Remote(key, size), READ_AHEAD)), size


def delete(key: str) -> None:
    """Delete the object; a missing one is no error."""
    client, bucket = _client()
    with _as_disk_errors(key):
        client.remove_object(bucket, key)


def all_keys(folder: str) -> Iterator[str]:
    """The keys of the objects in that folder; the bucket may hold what is not ours."""
    client, bucket = _client()
    with _as_disk_errors(bucket):
        for each in client.list_objects(bucket, prefix=f"{folder}/", recursive=True):
            if each.object_name and not each.is_dir:
                yield each.object_name


def refusal(config: Settings) -> str:
    """What the storage says to these settings, which need not be in force; empty when they open the bucket."""
    try:
        with _as_disk_errors(str(config.s3_bucket)):
            found = _client_of(config).bucket_exists(str(config.s3_bucket))
    except OSError as error:
        return str(error.strerror)
    return "" if found else "NoSuchBucket"


class _Remote(io.RawIOBase):
    """An object as a file: fetched from the place where reading begins, by one request for all that follows."""

    def __init__(self, key: str, size: int) -> None:
        self._key, self._size, self._place = key, size, 0
        self._answer: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if base + offset != self._place:
            self._end_request()
            self._place = base + offset
        return self._place

    def readinto(self, buffer: Any) -> int:
        if self._place >= self._size:
            return 0
        with _as_disk_errors(self._key):
            if self._answer is None:
                client, bucket = _client()
                self._answer = client.get_object(bucket, self._key, offset=self._place)
            read = self._answer.read(len(buffer))
        if not read:
            raise OSError(errno.EIO, f"{self._key} ended before its end")
        buffer[: len(read)] = read
        self._place += len(read)
        return len(read)

    def close(self) -> None:
        self._end_request()
        super().close()

    def _end_request(self) -> None:
        if self._answer is not None:
            self._answer.close()
            self._answer.release_conn()
            self._answer = None


def _client() -> tuple[Minio, str]:
    config = settings.current()
    return _client_of(config), str(config.s3_bucket)


@lru_cache(maxsize=1)
def _client_of(config: Settings) -> Minio:
    """One client for the process, whose connections are shared by its threads."""
    address = urlsplit(config.s3_endpoint_url or AMAZON)
    http = urllib3.PoolManager(
        maxsize=8, timeout=TIMEOUT, retries=TRIES, ssl_context=ssl.create_default_context()
    )
    return Minio(
        address.netloc,
        access_key=config.s3_access_key_id,
        secret_key=config.s3_secret_access_key,
        secure=address.scheme == "https",
        region=config.s3_region,
        http_client=http,
    )


@contextmanager
def _as_disk_errors(key: str) -> Iterator[None]:
    try:
        yield
    except S3Error as refused:
        if refused.code in GONE:
            raise FileNotFoundError(errno.ENOENT, "the bucket has no such file", key) from refused
        raise OSError(errno.EIO, f"the S3 storage refused: {refused.code}", key) from refused
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise OSError(errno.EIO, f"the S3 storage cannot be reached: {type(error).__name__}", key) from error
