"""Backup, restore and export of a shop whose files are in a bucket, against a fake that refuses unsigned requests."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import conversations, localtime
from bot.backups import archive, restoring
from bot.db.database import write_transaction
from bot.files import storage
from bot.queue import sending_held
from console.data import whole_export
from customers.people import customer as customers
from customers.people.customer import Customer
from rewards.ledger.reconciliation import reconcile
from tests import orders
from tests.s3_stand_in import Bucket
from tests.storage.bot.test_s3 import stored_in

LINE_ID = "U" + "a" * 32
FILES = {
    "media/1": (b"a picture", "image/png"),
    "media/staff-2.pdf": (b"%PDF-1.7 a guide", "application/pdf"),
    "media/3": (bytes(range(256)) * 40_000, "video/mp4"),
    "voices/4.jpg": (b"a public copy", "image/jpeg"),
    "imports/orders-5": (b"a file that waits", "text/csv"),
}
ELSEWHERE = "other-system/日報 1.csv"


@pytest.fixture
def bucket(any_database: object) -> Iterator[Bucket]:
    """A bucket with the shop's files, and one of somebody else."""
    made = Bucket()
    stored_in(made)
    with write_transaction():
        who = customers.follow(LINE_ID, conversations.ensure(LINE_ID))
        orders.ordered(who, localtime.now(), 4_000)
    for key, (content, content_type) in FILES.items():
        storage.put(key, content, content_type)
    made.objects[ELSEWHERE] = b"not ours", "text/csv"
    yield made
    made.close()


def contents(bucket: Bucket) -> dict[str, bytes]:
    return {key: content for key, (content, _) in bucket.objects.items()}


def test_our_files_are_listed_page_by_page_and_nobody_elses(bucket: Bucket) -> None:
    assert sorted(storage.all_keys()) == sorted(FILES)
    assert len([each for each in bucket.asked if each == "GET /goen-tests"]) > len(storage.FOLDERS)


def test_backed_up_and_restored_every_file_is_back(bucket: Bucket, tmp_path: Path) -> None:
    path = archive.make(tmp_path / "backups").path
    assert archive.verify(path)["tables"]["customer"] == 1
    before = contents(bucket)
    for key in FILES:
        del bucket.objects[key]
    with write_transaction():
        Customer.update(display_name="あとから").execute()
    put = restoring.restore(path, replace=True)
    assert put.file_count == len(FILES)
    assert contents(bucket) == before
    assert Customer.get(Customer.line_user_id == LINE_ID).display_name != "あとから"
    assert sending_held.is_held()
    assert not reconcile().faults


def test_a_shop_moves_from_a_disk_into_a_bucket(bucket: Bucket, tmp_path: Path) -> None:
    mine = contents(bucket)
    stored_in(bucket, media_store="disk")
    for key, (content, content_type) in FILES.items():
        storage.put(key, content, content_type)
    path = archive.make(tmp_path / "backups").path
    bucket.objects.clear()
    stored_in(bucket)
    restoring.restore(path, replace=True)
    assert contents(bucket) == {key: mine[key] for key in FILES}


def test_no_backup_is_made_while_the_bucket_is_away(bucket: Bucket, tmp_path: Path) -> None:
    bucket.refuses = True
    with pytest.raises(OSError, match="the S3 storage refused"):
        archive.make(tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_the_export_has_the_files_of_the_bucket(bucket: Bucket, tmp_path: Path) -> None:
    whole_export.write(tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as file:
        found = {name: file.read(name) for name in file.namelist() if name.startswith("files/")}
    assert found == {f"files/{key}": content for key, (content, _) in FILES.items()}
