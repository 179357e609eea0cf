"""The report of an order import: counts by result, and the rows that a person must check. In Japanese, for
the owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from customers.csv.order_group import BadRow

MOST_LISTED = 1_000
"""At most so many rows of a kind are listed; further ones are only counted."""

COUNTS = (
    *("new_count", "known_count", "conflict_count", "bad_count"),
    *("cancelled_count", "unfinished_count", "parked_count", "asked_count"),
)


@dataclass
class ImportReport:
    """The result of an import. Each list holds the first 1,000 rows of its kind."""

    encoding: str
    new_count: int = 0
    known_count: int = 0
    conflict_count: int = 0
    bad_count: int = 0
    cancelled_count: int = 0
    """Cancelled orders: reversed where they were recorded before, otherwise not counted."""
    unfinished_count: int = 0
    parked_count: int = 0
    """Orders with an unknown state or currency: stored for the owner, not counted."""
    asked_count: int = 0
    """Orders that are counted, with a question to the owner."""
    conflicts: list[BadRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    parked: list[BadRow] = field(default_factory=list)
    notes: list[BadRow] = field(default_factory=list)
    """Fields that were left out of accepted orders."""

    def summary(self) -> str:
        """One line for the owner."""
        return (
            f"新しい注文 {self.new_count:,}件・登録済み {self.known_count:,}件・"
            f"内容が違う注文 {self.conflict_count:,}件・読めない行 {self.bad_count:,}件"
            + (f"・取り消された注文 {self.cancelled_count:,}件" if self.cancelled_count else "")
            + (f"・まだ確定していない注文 {self.unfinished_count:,}件" if self.unfinished_count else "")
            + (f"・保留した注文 {self.parked_count:,}件" if self.parked_count else "")
            + (f"・確認が必要な注文 {self.asked_count:,}件" if self.asked_count else "")
            + (
                "（管理画面の「お店」→「保留した注文」で、どう扱うか選んでください）"
                if self.parked_count or self.asked_count
                else ""
            )
        )

    def lines(self) -> Iterator[str]:
        """A line of text for each listed row, by line number."""
        listed = self.bad + self.conflicts + self.parked + self.notes
        for row in sorted(listed, key=lambda each: each.line):
            yield f"{row.line}行目: {row.reason}" + (f" ［{row.shown}］" if row.shown else "")
        counted = self.bad_count + self.conflict_count + self.parked_count + self.asked_count
        unlisted = counted - len(self.bad) - len(self.conflicts) - len(self.parked)
        if unlisted:
            yield f"ほか {unlisted:,}行"

    @property
    def is_clean(self) -> bool:
        """Whether no row needs a person."""
        return not (self.bad_count or self.conflict_count or self.parked_count or self.asked_count)

    def add(self, part: ImportReport) -> None:
        """Adds what a part of the file came to."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(part, name))
        for rows, more in zip(self._lists(), part._lists(), strict=True):
            for row in more:
                _list(rows, row)

    def _lists(self) -> tuple[list[BadRow], ...]:
        return self.bad, self.conflicts, self.parked, self.notes

    def add_bad(self, row: BadRow) -> None:
        """Adds a row that could not be used."""
        self.bad_count += 1
        _list(self.bad, row)

    def add_conflict(self, row: BadRow) -> None:
        """Adds an order that contradicts the stored one."""
        self.conflict_count += 1
        _list(self.conflicts, row)

    def add_parked(self, row: BadRow) -> None:
        """Adds an order that waits for the owner's decision."""
        self.parked_count += 1
        _list(self.parked, row)

    def add_asked(self, row: BadRow) -> None:
        """Adds an order that is counted, with a question to the owner."""
        self.asked_count += 1
        _list(self.parked, row)

    def add_note(self, row: BadRow) -> None:
        """Adds a remark that requires no action."""
        _list(self.notes, row)


def _list(rows: list[BadRow], row: BadRow) -> None:
    if len(rows) < MOST_LISTED:
        rows.append(row)
