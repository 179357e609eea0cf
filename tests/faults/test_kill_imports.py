"""kill -9 of the clock in the middle of an import: no order is lost or taken twice, and the counts are true."""

import io
import json
import time
from pathlib import Path

import peewee
import pytest

from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from customers.imports import imports
from customers.imports.tables import DataImport, ImportKind, ImportOrder, ImportRow, ImportState
from handlers import register
from tests.faults.processes import Process, environment, wait_for

ORDERS, BAD, KILLS = 4_000, 40, 2


def content() -> bytes:
    rows = [
        f"A-{number},2026/1/{number % 28 + 1},{number + 100},C-{number % 500}" for number in range(ORDERS)
    ]
    rows += [f"bad-{number},昨日,1,C-1" for number in range(BAD)]
    return "\n".join(["注文番号,注文日時,お支払い合計,会員番号", *rows]).encode()


@pytest.mark.parametrize("database_fixture", ["database", "postgres_database"])
def test_a_clock_that_is_killed_goes_on_with_the_file(
    request: pytest.FixtureRequest, database_fixture: str, tmp_path: Path
) -> None:
    bound: peewee.Database = request.getfixturevalue(database_fixture)
    assert bound
    register()
    row = imports.receive(ImportKind.ORDERS, io.BytesIO(content()), "orders.csv", None)
    with write_transaction():
        imports.begin(row, {})
    environ = environment(bot_settings.current(), 8759, tmp_path)

    def done_count() -> int:
        return int(DataImport.get_by_id(row.id).done_count)

    for _ in range(KILLS):
        before = done_count()
        clock = Process("clock", environ, tmp_path)
        wait_for(lambda before=before: done_count() > before, "a part of the file", 90)  # type: ignore[misc]
        time.sleep(0.05)
        clock.kill()
        if done_count() >= ORDERS:
            break
    clock = Process("clock", environ, tmp_path)
    wait_for(lambda: DataImport.get_by_id(row.id).state == ImportState.DONE, "the import's end", 120)
    clock.kill()

    over = DataImport.get_by_id(row.id)
    assert json.loads(over.counts) == {"new_count": ORDERS, "bad_count": BAD}
    assert InboxEvent.select().where(InboxEvent.event_id.startswith("order:")).count() == ORDERS
    assert ImportOrder.select().count() == ORDERS
    assert ImportRow.select().count() == BAD
    assert over.file_key == "", "the file is deleted"
