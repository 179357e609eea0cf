"""The whole shop goes into one file while it runs, and comes back: erased customers, points and pictures, on both
databases; nothing is sent before somebody lets it go."""

import zipfile
from datetime import timedelta
from pathlib import Path

import peewee
import pytest

from bot import conversations, localtime
from bot.backups import archive, restoring
from bot.backups.archive import DamagedBackup
from bot.backups.restoring import CannotRestore
from bot.config import settings
from bot.db import database as bot_database
from bot.db.database import write_transaction
from bot.files import storage
from bot.line import messages
from bot.line.delivery import DROPPED, DUE
from bot.queue import outbox, sending_held
from bot.queue.outbox import OutboxMessage
from bot.worker import worker
from bot.worker.heartbeat import beat
from console.data import held_sending
from customers.erasure import erasing
from customers.people import customer as customers
from customers.people.customer import Customer
from rewards.ledger import ledger
from rewards.ledger.reconciliation import reconcile
from tests import orders

LINE_ID, OTHER = "U" + "a" * 32, "U" + "b" * 32


@pytest.fixture
def shop(any_database: peewee.Database) -> int:
    """A shop with two customers, one of them erased, a picture and points; the id of the one who is left."""
    with write_transaction():
        first, second = (customers.follow(each, conversations.ensure(each)) for each in (LINE_ID, OTHER))
        for each in (first, second):
            orders.ordered(each, localtime.now() - timedelta(days=40), 4_000)
            ledger.adjust(each.id, 300, 1, "おわび", cause=f"staff:{each.id}")
        customers.learn_profile(second, "鈴木 花")
        erasing.erase(first.id, by=None)
    storage.put("media/1", b"a picture", "image/png")
    storage.put("imports/orders-1", b"a file that waits", "text/csv")
    return int(second.id)


def backed_up(tmp_path: Path) -> Path:
    return archive.make(tmp_path / "backups").path


def test_erased_backed_up_and_restored_the_shop_reconciles(shop: int, tmp_path: Path) -> None:
    path = backed_up(tmp_path)
    before = ledger.balance(shop)
    with write_transaction():
        Customer.update(display_name="あとから").execute()
        ledger.adjust(shop, 50, 1, "あとから", cause="staff:later")
    for key in ("media/1", "imports/orders-1"):
        storage.discard(key)
    put = restoring.restore(path, replace=True)
    assert put.file_count == 2
    assert set(storage.all_keys()) == {"media/1", "imports/orders-1"}
    assert Customer.get_by_id(shop).display_name == "鈴木 花"
    assert Customer.select().where(Customer.line_user_id == LINE_ID).count() == 0
    assert ledger.balance(shop) == before
    assert not reconcile().faults
    found = storage.find("media/1")
    assert found is not None
    with found.file:
        assert found.file.read() == b"a picture"
    with write_transaction():  # new rows get numbers of their own
        assert customers.follow("U" + "c" * 32, conversations.ensure("U" + "c" * 32)).id > shop
    assert not bot_database.pending_migrations()


def test_who_was_erased_since_the_backup_is_erased_again(shop: int, tmp_path: Path) -> None:
    path = backed_up(tmp_path)
    with write_transaction():
        erasing.erase(shop, by=None)
    erased = erasing.erased_ids()
    restoring.restore(path, replace=True)
    assert Customer.get_by_id(shop).display_name == "鈴木 花"
    assert erasing.erase_again(erased) == (1, [])
    assert Customer.get_by_id(shop).display_name == ""
    assert Customer.select().where(Customer.line_user_id == OTHER).count() == 0
    assert erasing.erased_ids() == erased
    assert not reconcile().faults


def test_a_database_with_customers_is_not_overwritten(shop: int, tmp_path: Path) -> None:
    path = backed_up(tmp_path)
    with pytest.raises(CannotRestore, match="not empty"):
        restoring.restore(path)
    assert sending_held.current() is None


def test_nothing_is_restored_under_running_processes(shop: int, tmp_path: Path) -> None:
    path = backed_up(tmp_path)
    beat("worker")
    with pytest.raises(CannotRestore, match="Stop all processes"):
        restoring.restore(path, replace=True)


@pytest.mark.parametrize("what", ["a byte", "the manifest"])
def test_a_damaged_file_is_recognised_before_anything_changes(shop: int, tmp_path: Path, what: str) -> None:
    path = backed_up(tmp_path)
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == archive.MANIFEST and what == "the manifest":
                continue
            if name == "files/media/1":
                content = b"a Picture"
            target.writestr(name, content)
    with pytest.raises(DamagedBackup):
        restoring.restore(damaged, replace=True)
    assert Customer.get_by_id(shop).display_name == "鈴木 花"


def test_a_whole_file_passes_its_check(shop: int, tmp_path: Path) -> None:
    manifest = archive.verify(backed_up(tmp_path))
    assert manifest["tables"]["customer"] == 2
    assert archive.made_at(manifest) <= localtime.now()


def test_no_file_is_stored_where_a_backup_does_not_reach(settings: settings.Settings) -> None:
    with pytest.raises(ValueError, match="FOLDERS"):
        storage.put("elsewhere/1", b"a picture", "image/png")


def waiting_message(cause: str) -> int:
    with write_transaction():
        return outbox.push(conversations.ensure(OTHER), [messages.text("こんにちは")], cause=cause)


class NoCalls:
    """Stands where the sender would call LINE; any call fails the test."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"LINE was called while sending is held: {name}")


def test_nothing_is_sent_while_sending_is_held(shop: int, tmp_path: Path) -> None:
    from bot.worker.sender import Sender

    old = waiting_message("old")
    restoring.restore(backed_up(tmp_path), replace=True)
    new = waiting_message("new")
    sender = Sender(NoCalls(), thread_count=1)  # type: ignore[arg-type]
    try:
        sender.presence.enter()
        assert worker.sweep(sender) == 0
        with outbox.collect(sender.presence.key) as rows, write_transaction():
            waiting_message_inside(rows)
        sender.send(rows)
    finally:
        sender.stop()
    states = {row.id: (row.state, row.leased_by) for row in OutboxMessage.select()}
    assert states[old] == states[new] == (DUE, None)
    assert {leased for _, leased in states.values()} == {None}


def waiting_message_inside(_rows: object) -> None:
    outbox.push(conversations.ensure(OTHER), [messages.text("こんにちは")], cause="handled")


def test_what_is_out_of_date_is_dropped_when_sending_goes_on(shop: int, tmp_path: Path) -> None:
    old = waiting_message("old")
    restoring.restore(backed_up(tmp_path), replace=True)
    new = waiting_message("new")
    found = held_sending.outlook()
    assert (found.stale_count, found.fresh_count) == (1, 1)
    with write_transaction():
        assert held_sending.release()
    states = {row.id: row.state for row in OutboxMessage.select()}
    assert (states[old], states[new]) == (DROPPED, DUE)
    assert not sending_held.is_held()


def test_backups_are_stored_where_the_settings_say(settings: settings.Settings) -> None:
    assert settings.backups_folder == settings.data_dir / "backups"
