"""Files of the owner: each imported once, in parts that survive a killed process, and undone where nothing followed."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.files import storage
from bot.queue.inbox import InboxEvent
from customers.csv import order_import
from customers.imports import files, imports, progress
from customers.imports.imports import AlreadyImported
from customers.imports.progress import OrderRun, OvertakenError
from customers.imports.tables import DataImport, ImportKind, ImportOrder, ImportRow, ImportState
from customers.orders.buyers import Buyer
from customers.orders.purchases import Purchase
from customers.orders.tables import Product
from handlers import import_jobs, register
from rewards.ledger import ledger
from tests.storage.customers.test_order_reversals import meets, work
from tests.storage.order_scene import NOON

pytestmark = pytest.mark.usefixtures("any_database")
HEADER = "注文番号,注文日時,お支払い合計,会員番号,LINEユーザーID"
HANAKO = "U" + "a" * 32


@pytest.fixture(autouse=True)
def _shop(any_database: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(import_jobs, "SECONDS_AT_ONCE", 600.0)  # so that one call is enough on a busy machine
    register()
    shop.use({})
    with localtime.fixed(NOON):
        yield
    import_jobs._close()


def give(*rows: str, header: str = HEADER, kind: ImportKind = ImportKind.ORDERS) -> DataImport:
    content = "\n".join([header, *rows]) + "\n"
    return imports.receive(kind, io.BytesIO(content.encode()), r"C:\Desktop\十一月.csv", 7)


def begin(row: DataImport) -> DataImport:
    with write_transaction():
        assert imports.begin(row, {})
    return row


def run(row: DataImport) -> DataImport:
    import_jobs.run_imports()
    return again(row)


def again(row: DataImport) -> DataImport:
    found = imports.find(row.id)
    assert found is not None
    return found


def undo(row: DataImport) -> DataImport:
    with write_transaction():
        assert imports.ask_to_undo(row, 7)
    return run(row)


def counts(row: DataImport) -> dict[str, int]:
    return dict(json.loads(again(row).counts))


GOOD = ("A-1,2026/11/5 13:20,5400,C-1,", "A-2,2026/11/6,¥800,C-2,")


def test_a_file_is_stored_for_its_preview_then_taken_in_and_deleted() -> None:
    row = give(*GOOD, "A-3,昨日,100,C-1,")
    assert (row.state, row.file_name, row.made_by_id) == (ImportState.PREVIEW, "十一月.csv", 7)
    assert run(row).state == ImportState.PREVIEW, "nobody said yes yet"
    assert InboxEvent.select().count() == 0

    row = run(begin(row))

    assert row.state == ImportState.DONE
    assert counts(row) == {"new_count": 2, "bad_count": 1}
    assert storage.find(f"imports/orders-{row.checksum}") is None, "it holds addresses"
    (bad,) = imports.rows_of(row, 10)
    assert (bad.line, bad.kind) == (4, "bad")
    assert "日付として読めません" in bad.reason
    assert bad.reason_en.startswith("ordered at: cannot be read as a date")
    assert bad.shown_en.startswith("order number A-3")


def test_the_same_file_is_imported_once() -> None:
    row = give(*GOOD)
    assert give(*GOOD).id == row.id, "the same preview"
    run(begin(row))
    with pytest.raises(AlreadyImported) as refused:
        give(*GOOD)
    assert refused.value.earlier.id == row.id
    with write_transaction():
        assert not imports.begin(row, {}) and not imports.discard(row)


def test_other_files_with_the_same_orders_double_nothing() -> None:
    run(begin(give(*GOOD)))
    second = run(begin(give(*GOOD, "A-4,2026/11/7,100,C-1,", "A-1,2026/11/5 13:20,5401,C-1,")))
    assert counts(second) == {"new_count": 1, "known_count": 1, "bad_count": 1}, "two totals of one order"
    third = run(begin(give("A-1,2026/11/5 13:20,5401,C-1,")))
    assert counts(third) == {"conflict_count": 1}


def rows(count: int) -> list[str]:
    return [f"A-{number:04},2026/11/5,100,C-{number}," for number in range(count)]


def test_a_process_killed_between_two_parts_is_taken_up_with_true_counts() -> None:
    row = begin(give(*rows(450), "bad,昨日,1,C-1,"))
    killed = OrderRun(row)
    assert killed.step()
    assert again(row).done_count == 200

    row = run(row)

    assert row.state == ImportState.DONE
    assert counts(row) == {"new_count": 450, "bad_count": 1}
    assert InboxEvent.select().count() == 450
    assert ImportOrder.select().count() == 450
    assert ImportRow.select().count() == 1
    with pytest.raises(OvertakenError):
        killed.step()
    assert counts(row) == {"new_count": 450, "bad_count": 1}
    killed.close()


def test_a_part_that_fails_leaves_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    row = begin(give(*rows(450)))
    real, taken = progress.add_counts, []

    def fails_once(row: DataImport, part: dict[str, int]) -> None:
        taken.append(part)
        if len(taken) == 2:
            raise OSError("the database is away")
        real(row, part)

    monkeypatch.setattr(progress, "add_counts", fails_once)
    with pytest.raises(OSError, match="is away"):
        import_jobs.run_imports()
    assert (again(row).done_count, InboxEvent.select().count()) == (200, 200)
    assert counts(run(row)) == {"new_count": 450}
    assert InboxEvent.select().count() == 450


def test_a_file_that_cannot_be_read_says_why_and_may_be_given_again() -> None:
    row = run(begin(give("x", header="なにか")))
    assert row.state == ImportState.FAILED
    assert "必要な列がありません" in row.fault
    assert row.fault_en.startswith("Columns are missing: order number, ordered at, total yen")
    assert give("x", header="なにか").state == ImportState.PREVIEW


def test_columns_that_the_owner_chose_hold_for_the_file_and_for_the_next_with_its_header() -> None:
    header = "番号らしきもの,いつ,いくら,だれ"
    row = give("A-1,2026/11/5,5400,C-1", header=header)
    columns = {"order_number": "番号らしきもの", "ordered_at": "いつ", "total_yen": "いくら"}
    with write_transaction():
        imports.choose_columns(row, columns | {"customer_number": "だれ"}, header.split(","), 7)
    run(begin_with_its_columns(row, header))
    second = run(begin_with_its_columns(give("A-2,2026/11/6,900,C-1", header=header), header))
    assert counts(row) == counts(second) == {"new_count": 1}


def begin_with_its_columns(row: DataImport, header: str) -> DataImport:
    with write_transaction():
        imports.begin(row, imports.columns_of(again(row), header.split(",")))
    return again(row)


def test_what_nobody_imports_is_deleted_after_a_day() -> None:
    row = give(*GOOD)
    assert imports.discard_old() == 0
    with localtime.fixed(NOON + imports.PREVIEW_LASTS * 1.01):
        assert imports.discard_old() == 1
    assert again(row).state == ImportState.DISCARDED
    assert storage.find(row.file_key) is None
    assert give(*GOOD).id != row.id


def test_the_file_of_a_failed_import_is_deleted_too_and_the_reason_stays() -> None:
    row = give(*GOOD)
    DataImport.update(state=ImportState.FAILED, fault="読めません").where(DataImport.id == row.id).execute()
    with localtime.fixed(NOON + imports.PREVIEW_LASTS * 1.01):
        assert (imports.discard_old(), imports.discard_old()) == (1, 0)
    assert (again(row).state, again(row).fault) == (ImportState.FAILED, "読めません")
    assert storage.find(row.file_key) is None


def test_a_failed_file_that_is_given_again_has_its_day_from_then_on() -> None:
    row = give(*GOOD)
    DataImport.update(state=ImportState.FAILED).where(DataImport.id == row.id).execute()
    with localtime.fixed(NOON + imports.PREVIEW_LASTS * 1.01):
        assert imports.discard_old() == 1
        assert give(*GOOD).id == row.id
        assert imports.discard_old() == 0
        assert storage.find(again(row).file_key) is not None


def test_a_file_that_is_too_large_is_not_stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "LARGEST_BYTES", 50)
    with pytest.raises(files.TooLarge):
        give(*GOOD)
    assert DataImport.select().count() == 0
    assert not list((tmp_path / "data").rglob("import-*"))


def test_orders_that_brought_nothing_are_deleted_and_can_be_imported_again() -> None:
    header = HEADER + ",送り状番号,返金額"
    row = run(begin(give("A-1,2026/11/5,5400,C-1,,4725-7551-6733,1000", header=header)))
    work()
    assert Purchase.select().count() == 1

    row = undo(row)

    assert (row.state, row.undone_by_id) == (ImportState.UNDONE, 7)
    assert counts(row)["removed_count"] == 1
    assert Purchase.select().count() == 0
    assert InboxEvent.select().where(InboxEvent.event_id.startswith("order:")).count() == 0
    second = run(begin(give("A-1,2026/11/5,540,C-1,,4725-7551-6733,1000", header=header)))
    third = run(begin(give("A-1,2026/11/5,5400,C-1,,4725-7551-6733,1000", header=header)))
    work()
    assert (counts(second), counts(third)) == ({"cancelled_count": 1}, {"new_count": 1})
    assert Purchase.get().total_yen == 5_400
    assert Purchase.get().refunded_yen == 1_000
    assert Buyer.select().count() == 1


def test_an_order_that_gave_points_is_cancelled_by_a_reversal() -> None:
    hanako = meets(HANAKO)
    row = run(begin(give(f"A-1,2026/11/5,5400,,{HANAKO}", "A-2,2026/11/6,¥800,C-2,")))
    work()
    assert ledger.balance(hanako.id) == 54

    row = undo(row)
    work()

    assert row.state == ImportState.UNDONE
    assert counts(row) == {"new_count": 2, "removed_count": 1, "reversed_count": 1}
    assert ledger.balance(hanako.id) == 0
    assert [(each.order_number, each.state) for each in Purchase.select()] == [("A-1", "cancelled")]


def test_an_import_stays_while_the_worker_is_not_through_and_where_points_were_spent() -> None:
    hanako = meets(HANAKO)
    row = run(begin(give(f"A-1,2026/11/5,5400,,{HANAKO}")))
    row = undo(row)
    assert (row.state, row.refusal) == (ImportState.DONE, '{"pending": 1}')
    work()
    with write_transaction():
        ledger.burn(hanako.id, 10, "coupon:1")
    row = undo(row)
    assert (row.state, row.refusal, row.undone_by_id) == (ImportState.DONE, '{"points": 1}', None)
    assert ledger.balance(hanako.id) == 44


def test_an_import_stays_that_changed_orders_which_were_there_before() -> None:
    header = HEADER + ",ステータス"
    run(begin(give("A-1,2026/11/5,5400,C-1,,", header=header)))
    work()
    row = run(begin(give("A-1,2026/11/5,5400,C-1,,キャンセル", "A-2,2026/11/5,1,C-1,,", header=header)))
    work()
    row = undo(row)
    assert (row.state, row.refusal) == (ImportState.DONE, '{"others": 1}')
    assert Purchase.select().count() == 2


def test_products_are_taken_in_and_put_back_as_they_were() -> None:
    with write_transaction():
        Product.create(sku="TEA", name="緑茶", price_yen=800)
        Product.create(sku="POT", name="急須")
    lines = ("TEA,緑茶 50g,900", "CUP,湯のみ,1200", "POT,急須,", "X,x,高い", "TEA,緑茶 100g,900")
    header = "商品コード,商品名,価格"
    row = run(begin(give(*lines, header=header, kind=ImportKind.PRODUCTS)))
    assert counts(row) == {"new_count": 1, "changed_count": 2, "known_count": 1, "bad_count": 1}
    assert imports.rows_of(row, 5)[0].reason_en.startswith("the price must be yen")
    with write_transaction():
        Product.update(premium=True).where(Product.sku == "CUP").execute()

    row = undo(row)

    assert counts(row) == {
        **{"new_count": 1, "changed_count": 2, "known_count": 1, "bad_count": 1},
        **{"removed_count": 1, "restored_count": 1},
    }
    found = {each.sku: (each.name, each.price_yen) for each in Product.select()}
    assert found == {"TEA": ("緑茶", 800), "POT": ("急須", None)}


def test_a_product_changed_since_or_ordered_stays() -> None:
    row = run(begin(give("CUP,湯のみ", "TEA,緑茶", header="sku,name", kind=ImportKind.PRODUCTS)))
    with write_transaction():
        Product.update(name="湯のみ（白）").where(Product.sku == "CUP").execute()
    header = HEADER + ",商品コード,商品名"
    run(begin(give("A-1,2026/11/5,5400,C-1,,TEA,緑茶", header=header)))
    work()
    row = undo(row)
    assert counts(row)["left_count"] == 2
    assert Product.select().count() == 2


def test_a_command_s_import_is_recorded_and_left_to_the_command(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([HEADER, *GOOD]), encoding="utf-8")
    with write_transaction():
        row = imports.begin_command(ImportKind.ORDERS, path.name, path.stat().st_size)
    assert import_jobs.run_imports() == 0
    mine = OrderRun(row, path)
    while mine.step():
        pass
    mine.close()
    assert (again(row).state, counts(row)) == (ImportState.DONE, {"new_count": 2})
    assert mine.report.new_count == 2
    assert order_import.run(path).known_count == 2
