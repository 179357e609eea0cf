"""Importing a CSV file of orders: new, known, contradictory and unreadable rows; repeated without doubling."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import localtime
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from customers.csv import order_import
from customers.csv.records import UnreadableFile
from customers.orders import order, purchases
from customers.orders.purchases import Purchase
from customers.people.customer import Customer

pytestmark = pytest.mark.usefixtures("any_database")

HEADER = "注文番号,注文日時,お支払い合計,会員番号,メールアドレス"
NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.csv"


def run(path: Path, *rows: str) -> order_import.ImportReport:
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    with localtime.fixed(NOW):
        return order_import.run(path)


def work() -> None:
    """What the worker does with the events, without the messages."""
    with write_transaction():
        for event in InboxEvent.select().order_by(InboxEvent.id):
            purchases.record(order.Order.model_validate(json.loads(event.body)))


def counts(report: order_import.ImportReport) -> tuple[int, int, int, int]:
    return report.new_count, report.known_count, report.conflict_count, report.bad_count


GOOD = ["A-1,2026/1/5 13:20,5400,C-1,", "A-2,2026/1/6,¥800,,hanako@example.jp"]


def test_good_rows_are_stored_and_bad_ones_named(file: Path) -> None:
    report = run(file, *GOOD, "A-3,昨日,100,C-1,", "A-4,2027/1/1,100,C-1,")
    assert counts(report) == (2, 0, 0, 2)
    assert list(report.lines()) == [
        "4行目: 注文日: 日付として読めません（例: 2026-01-05 13:20）"
        " ［注文番号 A-3、注文日 昨日、合計金額 100、顧客番号 C-1］",
        "5行目: 注文日: 未来の日付です（例: 2026-01-05 13:20）"
        " ［注文番号 A-4、注文日 2027/1/1、合計金額 100、顧客番号 C-1］",
    ]
    assert InboxEvent.select().count() == 2


@pytest.mark.parametrize("worked", [False, True])
def test_a_repeated_import_doubles_nothing(file: Path, worked: bool) -> None:
    run(file, *GOOD)
    if worked:
        work()
    again = run(file, *GOOD, "A-3,2026/1/7,100,C-1,")
    assert counts(again) == (1, 2, 0, 0)
    assert again.is_clean
    work()
    assert Purchase.select().count() == 3


@pytest.mark.parametrize("worked", [False, True])
def test_a_changed_total_is_shown_and_changes_nothing(file: Path, worked: bool) -> None:
    run(file, *GOOD)
    if worked:
        work()
    report = run(file, "A-1,2026/1/5 13:20,5401,C-1,")
    assert counts(report) == (0, 0, 1, 0)
    [line] = report.lines()
    assert line.startswith("2行目: 登録済みの注文と合計金額が違います")
    work()
    assert {each.total_yen for each in Purchase.select()} == {5400, 800}


@pytest.mark.parametrize("worked", [False, True])
def test_line_ids_added_to_the_file_later_find_their_customers(file: Path, worked: bool) -> None:
    run(file, *GOOD)
    if worked:
        work()
    header, line_user_id = HEADER + ",LINE ID", "U" + "1" * 32
    file.write_text(f"{header}\nA-1,2026/1/5 13:20,5400,C-1,,{line_user_id}\n", encoding="utf-8")
    with localtime.fixed(NOW):
        assert [counts(order_import.run(file)) for _ in range(2)] == [(0, 1, 0, 0)] * 2
    assert InboxEvent.select().count() == 3
    work()
    assert Customer.get().purchase_count == 1


def test_one_number_twice_in_a_file_is_one_order(file: Path) -> None:
    report = run(file, "A-1,2026/1/5,5400,C-1,", "A-2,2026/1/6,800,C-1,", "A-1,2026/1/5,5400,C-1,")
    assert counts(report) == (2, 0, 0, 0)


def test_days_are_the_shop_s_own(file: Path) -> None:
    run(file, "A-1,2026/1/5,100,C-1,", "A-2,2026-01-05T20:00:00Z,100,C-1,")
    work()
    first, second = Purchase.select().order_by(Purchase.order_number)
    assert (first.ordered_on, first.ordered_at) == (date(2026, 1, 5), datetime(2026, 1, 4, 15, tzinfo=UTC))
    assert second.ordered_on == date(2026, 1, 6)


def test_no_address_reaches_the_database(file: Path) -> None:
    run(file, *GOOD)
    assert all("hanako" not in event.body for event in InboxEvent.select())


def test_an_unreadable_file_takes_nothing(file: Path) -> None:
    file.write_bytes(b"\x00\x01")
    with pytest.raises(UnreadableFile):
        order_import.run(file)
    assert InboxEvent.select().count() == 0


def test_progress_ends_at_the_file_s_size(file: Path) -> None:
    file.write_text(
        HEADER + "\n" + "".join(f"A-{n},2026/1/5,100,C-{n},\n" for n in range(450)), encoding="utf-8"
    )
    seen: list[tuple[int, int]] = []
    with localtime.fixed(NOW):
        report = order_import.run(file, lambda done, total: seen.append((done, total)))
    assert report.new_count == 450
    assert seen == sorted(seen)
    assert len(seen) == 3
    assert seen[-1] == (file.stat().st_size, file.stat().st_size)


def test_a_file_of_nothing_but_bad_rows_is_counted_not_piled_up(file: Path) -> None:
    report = run(file, *(f"A-{n},昨日,1,C-1," for n in range(1_500)))
    assert (report.bad_count, len(report.bad)) == (1_500, 1_000)
    assert list(report.lines())[-1] == "ほか 500行"
