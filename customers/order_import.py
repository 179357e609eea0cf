"""Decides how a CSV file of orders gets into the inbox: in small transactions, repeatable without doubling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot import database, shop
from bot.database import write_transaction
from customers import intake, reversal_intake
from customers.intake import Outcome
from customers.order_csv import BadRow, GoodOrder, OrderFile, Unfinished
from customers.order_words import LABELS, Problem
from customers.reversals import CANCEL, Reversal
from customers.rules import OrderColumns

ORDERS_A_TRANSACTION = 200
# Of a file that is wrong throughout, this many rows are listed and the others counted.
MOST_LISTED = 1_000
SOURCE = "csv"


@dataclass
class ImportReport:
    """What became of the file's orders. `bad` and `conflicts` list the first 1,000 each."""

    encoding: str
    new_count: int = 0
    known_count: int = 0
    conflict_count: int = 0
    bad_count: int = 0
    cancelled_count: int = 0
    """Orders that the file has as cancelled: taken back where they were known, never counted where they were not."""
    unfinished_count: int = 0
    conflicts: list[BadRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)

    def summary(self) -> str:
        """One line for the owner."""
        return (
            f"新しい注文 {self.new_count:,}件・登録済み {self.known_count:,}件・"
            f"内容が違う注文 {self.conflict_count:,}件・読めない行 {self.bad_count:,}件"
            + (f"・取り消された注文 {self.cancelled_count:,}件" if self.cancelled_count else "")
            + (f"・まだ確定していない注文 {self.unfinished_count:,}件" if self.unfinished_count else "")
        )

    def lines(self) -> Iterator[str]:
        """Every listed bad row and conflict, by line."""
        for row in sorted(self.bad + self.conflicts, key=lambda each: each.line):
            yield f"{row.line}行目: {row.reason}" + (f" ［{row.shown}］" if row.shown else "")
        unlisted = self.bad_count + self.conflict_count - len(self.bad) - len(self.conflicts)
        if unlisted:
            yield f"ほか {unlisted:,}行"

    @property
    def is_clean(self) -> bool:
        return not (self.bad_count or self.conflict_count)


def run(path: Path, progress: Callable[[int, int], object] | None = None) -> ImportReport:
    """Reads the file and puts its orders into the inbox; `progress(bytes_done, bytes_of_file)` as it goes.

    Raises `csv_records.UnreadableFile` before anything is taken when the file as a whole cannot be read. A run
    that was broken off is simply repeated.
    """
    file = OrderFile(path, shop.get(OrderColumns).column_map())
    report = ImportReport(file.encoding)
    waiting: list[GoodOrder] = []
    for found in file.orders():
        if isinstance(found, BadRow):
            _list_bad(report, found)
            continue
        if isinstance(found, Unfinished):
            report.unfinished_count += 1
            continue
        waiting.append(found)
        if len(waiting) == ORDERS_A_TRANSACTION:
            _take(waiting, report)
            waiting.clear()
            if progress is not None:
                progress(file.bytes_read, file.size)
    _take(waiting, report)
    if progress is not None:
        progress(file.size, file.size)
    return report


def _take(found: list[GoodOrder], report: ImportReport) -> None:
    if not found:
        return
    cancelled = [each for each in found if each.is_cancelled]
    report.cancelled_count += len(cancelled)
    standing = [each for each in found if not each.is_cancelled]
    with write_transaction():
        database.queue_for("order-import")  # two files may hold the same orders in another order
        taken = intake.take([each.order for each in standing], SOURCE)
        for each in cancelled:
            reversal_intake.take(Reversal(order_number=each.order.order_number, kind=CANCEL, source=SOURCE))
    for good, result in zip(standing, taken, strict=True):
        match result.outcome:
            case Outcome.NEW:
                report.new_count += 1
            case Outcome.KNOWN:
                report.known_count += 1
            case Outcome.FUTURE:
                reason = Problem("ordered_at", "future_date").in_japanese()
                _list_bad(report, BadRow(good.line, reason, good.shown))
            case Outcome.CONFLICT:
                report.conflict_count += 1
                if len(report.conflicts) < MOST_LISTED:
                    report.conflicts.append(BadRow(good.line, _conflict(result.fields), good.shown))


def _conflict(fields: tuple[str, ...]) -> str:
    names = "・".join(LABELS[name] for name in fields)
    return f"登録済みの注文と{names}が違います。登録済みの内容のままにしました"


def _list_bad(report: ImportReport, row: BadRow) -> None:
    report.bad_count += 1
    if len(report.bad) < MOST_LISTED:
        report.bad.append(row)
