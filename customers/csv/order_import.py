"""Imports a CSV file of orders into the inbox, in small transactions; importing the same file again changes
nothing.

Orders with an unknown state or currency are parked for the owner. Reading the file is `orders.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from bot import localtime
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from customers.csv.import_report import ImportReport
from customers.csv.orders import BadRow, GoodOrder, OrderFile, UnfinishedOrder
from customers.csv.parcels import CsvParcel
from customers.csv.presets import ColumnMap
from customers.csv.settings import OrderColumns
from customers.orders import intake, parked, reversal_intake, reversals, shipments, state_meanings, states
from customers.orders.intake import OrderOutcome, TakenOrder
from customers.orders.parked import Question, Reason
from customers.orders.reversal_intake import ReversalOutcome
from customers.orders.reversals import CANCEL, Reversal
from customers.orders.settings import StateWords
from customers.orders.shipments import ShipmentOutcome, ShipmentReport
from customers.orders.states import OrderState
from customers.values.faults import LABELS, Problem
from customers.values.sentence import Sentence

__all__ = ["ImportReport", "run"]

ORDERS_A_TRANSACTION = 200
SOURCE = "csv"
NEW, KNOWN, CHANGED, PARKED = "new", "known", "changed", "parked"
"""What an import did to an order; `changed`: to one that was there before (a cancellation, a refund, a parcel)."""
Found = GoodOrder | BadRow | UnfinishedOrder


def run(path: Path, progress: Callable[[int, int], object] | None = None) -> ImportReport:
    """Reads the file and stores its orders in the inbox; calls `progress(bytes_done, bytes_of_file)` now and
    then.

    Raises `csv.records.UnreadableFile`, before anything is stored, when the file as a whole cannot be read.
    An interrupted run is simply repeated.
    """
    file = OrderFile(path, column_map())
    report = ImportReport(file.encoding)
    for found in batched(file.orders(), ORDERS_A_TRANSACTION):
        part = Batch(path.name, ImportReport(file.encoding))
        with write_transaction():
            part.take(found)
        report.add(part.report)
        if progress is not None and len(found) == ORDERS_A_TRANSACTION:
            progress(file.bytes_read, file.size)
    if progress is not None:
        progress(file.size, file.size)
    return report


def batched(found: Iterable[Found], size: int) -> Iterator[list[Found]]:
    """The rows of a file in lists of that size."""
    rest = iter(found)
    while part := list(islice(rest, size)):
        yield part


def column_map() -> ColumnMap:
    """The shop's columns and words for states, from shop.toml and from the owner's answers in the console."""
    return replace(
        shop.get(OrderColumns).column_map(),
        cancelled_words=shop.get(StateWords).cancelled_words,
        words=state_meanings.states(),
    )


@dataclass
class Batch:
    """Stores some orders of one file, in the open transaction."""

    file_name: str
    report: ImportReport
    outcomes: dict[str, str] = field(default_factory=dict)
    """What became of each order that was stored or found, by its number."""

    def take(self, rows: Sequence[Found]) -> None:
        """Stores these orders and counts the other rows."""
        found = [each for each in rows if isinstance(each, GoodOrder)]
        for each in rows:
            if isinstance(each, BadRow):
                self.report.add_bad(each)
            elif isinstance(each, UnfinishedOrder):
                self.report.unfinished_count += 1
        if found:
            self._take_orders(found)

    def _take_orders(self, found: Sequence[GoodOrder]) -> None:
        for each in found:
            for problem in each.left_out:
                reason = _without(
                    problem.in_words(), "この項目は使わずに取り込みました", "imported without it"
                )
                self.report.add_note(BadRow(each.line, reason, each.shown))
        cancelled = [each for each in found if each.is_cancelled and not each.currency]
        unclear = [each for each in found if each.currency or each.state is None]
        counting = [each for each in found if each not in cancelled and each not in unclear]
        self.report.cancelled_count += len(cancelled)
        # Two files may hold the same orders in a different sequence.
        database.advisory_lock("order-import")
        taken = intake.take([each.order for each in counting], SOURCE)
        for each in cancelled:
            self._cancel(each)
        for each in unclear:
            self._park(each)
        for each, result in zip(counting, taken, strict=True):
            self._settle(each, result)
        if unclear or any(each.state is OrderState.PARTLY for each in counting):
            parked.refresh_notice()

    def _note_change(self, number: str) -> None:
        """An order that this file did not bring was changed by it."""
        if self.outcomes.get(number) != NEW:
            self.outcomes[number] = CHANGED

    def _cancel(self, found: GoodOrder) -> None:
        number = found.order.order_number
        taken = reversal_intake.take(Reversal(order_number=number, kind=CANCEL, source=SOURCE))
        if taken.outcome is ReversalOutcome.NEW:
            self._note_change(number)
        parked.close({number}, (Reason.STATE, Reason.PARTLY, Reason.REFUND, Reason.AGAIN))

    def _park(self, found: GoodOrder) -> None:
        if found.currency:
            question = self._question(found, Reason.CURRENCY, found.currency, found.currency.casefold())
            reason = Sentence(
                f"通貨「{found.currency}」は円ではないため、保留にしました",
                f"the currency “{found.currency}” is not yen: parked",
            )
        else:
            question = self._question(found, Reason.STATE, found.word, states.word_key(found.word))
            reason = Sentence(
                f"状態「{found.word}」の意味が分からないため、保留にしました（数えていません）",
                f"the state “{found.word}” is not known: parked, not counted",
            )
        if state_meanings.is_left_out(question):
            self.report.known_count += 1
            return
        order = intake.stored_form(found.order, SOURCE)
        if parked.park(order.order_number, SOURCE, question, order, announce=False):
            self.outcomes.setdefault(order.order_number, PARKED)
            self.report.add_parked(BadRow(found.line, reason, found.shown))
        else:
            self.report.known_count += 1

    def _settle(self, found: GoodOrder, result: TakenOrder) -> None:
        match result.outcome:
            case OrderOutcome.NEW:
                self.report.new_count += 1
                self.outcomes[result.order.order_number] = NEW
            case OrderOutcome.KNOWN:
                self.report.known_count += 1
            case OrderOutcome.FUTURE:
                reason = Problem("ordered_at", "future_date").in_words()
                self.report.add_bad(BadRow(found.line, reason, found.shown))
                return
            case OrderOutcome.CONFLICT:
                self.report.add_conflict(BadRow(found.line, _conflict(result.fields), found.shown))
                return
        number = result.order.order_number
        for parcel in found.parcels:
            self._take_parcel(found, number, parcel)
        if result.is_reversed:
            if found.word and found.state is OrderState.COUNTS:
                self._ask(
                    found,
                    Reason.AGAIN,
                    Sentence(
                        "取り消し済みの注文ですが、ファイルでは取り消されていません。取り消したままにしました",
                        "cancelled here, and not in the file; it stays cancelled",
                    ),
                )
        elif found.refunded_yen:
            reversal = reversals.total_refund(number, found.refunded_yen, SOURCE)
            if reversal_intake.take(reversal, may_wait=True).outcome is ReversalOutcome.NEW:
                self._note_change(number)
            parked.close({number}, (Reason.PARTLY, Reason.REFUND))
        elif found.state is OrderState.PARTLY and not reversal_intake.refunded_yen(number):
            reason = Sentence(
                f"「{found.word}」ですが、返した金額がファイルにありません。全額を購入として数えています",
                f"“{found.word}”, and the file does not say how much was refunded; counted as a whole",
            )
            self._ask(found, Reason.PARTLY, reason)

    def _take_parcel(self, found: GoodOrder, number: str, parcel: CsvParcel) -> None:
        times = {"dispatched_at": parcel.dispatched_at, "delivered_at": parcel.delivered_at}
        moments = {name: localtime.in_utc(at) for name, at in times.items() if at is not None}
        future = [name for name, at in moments.items() if at > localtime.now() + shipments.LATEST]
        fault = Problem(future[0], "future_date") if future else None
        if fault is None:
            report = ShipmentReport(
                number,
                SOURCE,
                parcel.carrier,
                parcel.tracking_number,
                arrives_on=parcel.arrives_on,
                dispatched_at=moments.get("dispatched_at"),
                delivered_at=moments.get("delivered_at"),
            )
            outcome = shipments.take(report).outcome
            if outcome in (ShipmentOutcome.NEW, ShipmentOutcome.CHANGED):
                self._note_change(number)
            if outcome is ShipmentOutcome.UNCLEAR:
                fault = Problem("tracking_number", "several_parcels")
        if fault is not None:
            reason = _without(
                fault.in_words(), "この荷物は使わずに取り込みました", "imported without this parcel"
            )
            self.report.add_note(BadRow(found.line, reason, found.shown))

    def _ask(self, found: GoodOrder, reason: Reason, sentence: str) -> None:
        question = self._question(found, reason, found.word, "")
        if parked.park(found.order.order_number, SOURCE, question, announce=False):
            self.report.add_asked(BadRow(found.line, sentence, found.shown))
            parked.refresh_notice()

    def _question(self, found: GoodOrder, reason: Reason, word: str, key: str) -> Question:
        return Question(reason, word, key, f"{self.file_name}:{found.line}", found.amount)


def _conflict(fields: tuple[str, ...]) -> str:
    names = "・".join(LABELS[name] for name in fields)
    return Sentence(
        f"登録済みの注文と{names}が違います。登録済みの内容のままにしました",
        f"{', '.join(name.replace('_', ' ') for name in fields)} of the known order is different; it stays as it was",
    )


def _without(problem: Sentence, said: str, said_en: str) -> Sentence:
    return Sentence(f"{problem}。{said}", f"{problem.en}; {said_en}")
