"""Files in a bucket instead of on the disk: the same functions, against a fake that refuses unsigned requests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from bot.files import storage
from bot.files.storage import FileToDelete
from tests.s3_stand_in import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Bucket

JPEG = "image/jpeg"


def stored_in(bucket: Bucket, **other: Any) -> None:
    """The shop's settings name that bucket."""
    values = {"media_store": "s3", "s3_bucket": BUCKET, "s3_endpoint_url": bucket.url, "s3_region": REGION}
    keys = {"s3_access_key_id": ACCESS_KEY, "s3_secret_access_key": SECRET_KEY}
    bot_settings.use(bot_settings.current().model_copy(update=values | keys | other))


@pytest.fixture
def bucket(any_database: object) -> Iterator[Bucket]:
    made = Bucket()
    stored_in(made)
    yield made
    made.close()


def read(key: str) -> bytes | None:
    found = storage.find(key)
    if found is None:
        return None
    with found.file:
        return found.file.read()


def test_what_is_put_is_found_with_its_type_and_size(bucket: Bucket) -> None:
    storage.put("voices/12.jpg", b"picture", JPEG)
    assert bucket.objects == {"voices/12.jpg": (b"picture", JPEG)}
    found = storage.find("voices/12.jpg")
    assert found is not None
    with found.file:
        assert (found.byte_count, found.file.read()) == (7, b"picture")
    assert storage.find("voices/13.jpg") is None


def test_a_file_is_moved_there(bucket: Bucket, tmp_path: Path) -> None:
    file = tmp_path / "part"
    file.write_bytes(b"video")
    storage.put("media/1", file, "video/mp4")
    assert (read("media/1"), file.exists()) == (b"video", False)


def test_a_long_video_goes_in_parts_and_is_read_from_any_place(bucket: Bucket, tmp_path: Path) -> None:
    content = bytes(range(256)) * 50_000
    file = tmp_path / "part"
    file.write_bytes(content)
    storage.put("media/1", file, "video/mp4")
    assert bucket.objects["media/1"][0] == content
    assert len([each for each in bucket.asked if each.startswith("PUT")]) > 1
    found = storage.find("media/1")
    assert found is not None
    with found.file as video:
        assert video.seek(12_000_001) == 12_000_001
        assert video.read(1_000) == content[12_000_001:12_001_001]
        assert video.seek(-3, 2) == len(content) - 3
        assert video.read() == content[-3:]
        assert video.read(1) == b""
    assert "GET /goen-tests/media/1 bytes=12000001-" in bucket.asked, "what stands before it is not fetched"


def test_what_is_discarded_goes_soon_after_the_transaction(bucket: Bucket) -> None:
    storage.put("media/1", b"picture", JPEG)
    with write_transaction():
        storage.discard("media/1")
        storage.discard("media/1")
        storage.discard("media/never-there")
    assert read("media/1") == b"picture", "no network inside a transaction"
    assert storage.delete_discarded() == 2
    assert (bucket.objects, FileToDelete.select().count()) == ({}, 0)
    assert storage.delete_discarded() == 0


def test_what_was_rolled_back_is_still_there(bucket: Bucket) -> None:
    storage.put("media/1", b"picture", JPEG)
    with pytest.raises(ZeroDivisionError), write_transaction():
        storage.discard("media/1")
        _ = 1 / 0
    assert storage.delete_discarded() == 0
    assert read("media/1") == b"picture"


def test_what_is_discarded_again_while_it_is_deleted_is_deleted_again(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.files import s3

    with write_transaction():
        storage.discard("media/1")

    def arrives_meanwhile(key: str) -> None:
        storage.put(key, b"late", JPEG)
        with write_transaction():
            storage.discard(key)

    monkeypatch.setattr(s3, "delete", arrives_meanwhile)
    storage.delete_discarded()
    monkeypatch.undo()
    assert storage.delete_discarded() == 1
    assert bucket.objects == {}


@pytest.mark.parametrize("wrong", [{"s3_secret_access_key": "guessed"}, {"s3_access_key_id": "AKOTHER"}])
def test_nothing_goes_in_or_out_without_the_right_keys(bucket: Bucket, wrong: dict[str, str]) -> None:
    storage.put("media/1", b"picture", JPEG)
    stored_in(bucket, **wrong)
    with pytest.raises(OSError, match="the S3 storage refused"):
        storage.put("media/2", b"picture", JPEG)
    with pytest.raises(OSError, match="S3"):
        storage.find("media/1")
    assert list(bucket.objects) == ["media/1"]


def test_a_storage_that_is_away_is_as_a_disk_that_is(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.put("media/1", b"picture", JPEG)
    with write_transaction():
        storage.discard("media/1")
    stored_in(bucket, s3_endpoint_url="http://127.0.0.1:9")
    for do in (
        lambda: storage.put("media/2", b"picture", JPEG),
        lambda: storage.find("media/1"),
        storage.delete_discarded,
    ):
        with pytest.raises(OSError, match="cannot be reached"):
            do()
    stored_in(bucket)
    assert storage.delete_discarded() == 1, "tried until it succeeds"
