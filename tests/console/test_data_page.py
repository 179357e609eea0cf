"""The owner's page of the shop's data: exports, backups, erasures, and sending after a restore."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.backups import jobs, last
from bot.backups.jobs import DataJob, JobKind, JobState
from bot.backups.settings import BackupRules
from bot.config import settings, shop
from bot.db.database import write_transaction
from bot.files import storage
from bot.queue import sending_held
from console.auth.sessions import StaffSession
from console.data import whole_export, work
from console.data.fields import SECRET_COLUMNS
from tests import orders
from tests.console import chats
from tests.console.conftest import enter, get, post

DATA = "/console/data"


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    client = enter(app, "owner")
    StaffSession.update(confirmed_at=localtime.machine_now()).execute()
    return client


def done(kind: JobKind) -> DataJob:
    job = jobs.take(kind)
    assert job is not None
    work.do(job)
    return DataJob.get_by_id(job.id)


def test_an_owner_exports_the_whole_shop(owner: FlaskClient) -> None:
    who = chats.customer("=佐藤 美咲", "U" + "7" * 32)
    with write_transaction():
        orders.ordered(who, localtime.now(), 4_000)
    storage.put("media/5", b"picture", "image/png")
    assert post(owner, f"{DATA}/exports", page=DATA).status_code == 303
    assert "まもなく始まります" in get(owner, DATA).text
    job = done(JobKind.EXPORT)
    assert job.state == JobState.DONE
    answer = post(owner, f"{DATA}/exports/{job.id}/download", page=DATA)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        sheet = file.read("csv/customer.csv")
        assert sheet.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))
        lines = [json.loads(each) for each in file.read("jsonl/customer.jsonl").splitlines()]
        readme = file.read(whole_export.README).decode()
        staff = list(csv.DictReader(io.StringIO(file.read("csv/staff.csv").decode("utf-8-sig"))))
        assert file.read("files/media/5") == b"picture"
    assert "=佐藤 美咲" in {each["display_name"] for each in lines}
    assert not any(each["display_name"].startswith("=") for each in rows)  # Excel would take it for a formula
    assert "display_name: LINEでのお名前 / name on LINE" in readme
    assert not SECRET_COLUMNS & set(staff[0])


def test_a_large_table_is_read_in_pieces(
    owner: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(whole_export, "ROWS_AT_ONCE", 3)
    for number in range(10):
        chats.customer(f"客{number}", f"U{number:032d}")
    seen: list[tuple[int, int]] = []
    whole_export.write(tmp_path / "out.zip", lambda done_count, total: seen.append((done_count, total)))
    with zipfile.ZipFile(tmp_path / "out.zip") as file:
        assert len(file.read("jsonl/customer.jsonl").splitlines()) == 10
    assert seen[-1][0] == seen[-1][1]
    assert not list(tmp_path.glob("*.part"))


def test_an_export_that_a_crash_ended_is_begun_anew(owner: FlaskClient) -> None:
    with write_transaction():
        jobs.request(JobKind.EXPORT, 1)
    assert jobs.take(JobKind.EXPORT) is not None
    assert jobs.take(JobKind.EXPORT) is None
    DataJob.update(started_at=localtime.now() - timedelta(hours=1)).execute()
    assert done(JobKind.EXPORT).state == JobState.DONE


def test_a_backup_is_made_checked_and_shown(owner: FlaskClient) -> None:
    assert "まだバックアップがありません" in get(owner, DATA).text
    post(owner, f"{DATA}/backups", page=DATA)
    assert done(JobKind.BACKUP).state == JobState.DONE
    found = last.last()
    assert found is not None
    assert found.is_there
    assert found.checked_at is not None
    assert "こわれていないことを確かめました" in get(owner, DATA).text


def test_backups_beyond_the_number_and_old_exports_are_deleted(owner: FlaskClient) -> None:
    shop.use({"backups": {"stored_count": 1}})
    for kind in (JobKind.BACKUP, JobKind.BACKUP, JobKind.EXPORT):
        with write_transaction():
            jobs.request(kind, None)
        done(kind)
    DataJob.update(finished_at=localtime.now() - timedelta(days=30)).where(DataJob.kind == "export").execute()
    assert work.delete_old() == 2
    assert [each.state for each in jobs.latest(JobKind.BACKUP)] == [JobState.DONE, JobState.DELETED]
    assert not list(work.exports_folder().iterdir())


def test_the_clock_asks_for_one_backup_a_day(owner: FlaskClient, settings: settings.Settings) -> None:
    hour = shop.get(BackupRules).hour
    at = localtime.start_of(localtime.today()) + timedelta(hours=hour + 1)
    with localtime.fixed(at):
        work._ask_for_daily_backup()
        work._ask_for_daily_backup()
        assert DataJob.select().count() == 1


def test_staff_open_neither_the_page_nor_an_export(app: Flask) -> None:
    staff = enter(app, "staff")
    assert get(staff, DATA).status_code == 403
    assert post(staff, f"{DATA}/exports/1/download", page="/console/tickets").status_code == 403


def test_sending_is_held_until_an_owner_lets_it_go(owner: FlaskClient) -> None:
    with write_transaction():
        sending_held.hold(localtime.now() - timedelta(hours=2))
    assert "送信を止めています" in get(owner, "/console/tickets").text
    assert "送信を再開する" in get(owner, DATA).text
    post(owner, f"{DATA}/sending", page=DATA)
    assert not sending_held.is_held()
    assert "送信を止めています" not in get(owner, "/console/tickets").text
