"""Imports a FAQ file: first a plan, row by row, then the change. Also the rows of an export, and uploads not
yet confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot import localtime
from bot.db import database
from customers.orders.purchases import Product
from support.faq import card, entries, file
from support.faq.tables import Content, FaqEntry, FaqUpload

ADDED, CHANGED, SAME = "added", "changed", "same"
LARGEST_BYTES = 1_000_000
UPLOAD_LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What one good row does. `before` is the entry's present content; None when there is none with that question."""

    line: int
    kind: str
    content: Content
    before: Content | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the whole file does, and the rows that are left out."""

    steps: tuple[Step, ...]
    bad_rows: tuple[file.BadRow, ...]

    def count(self, kind: str) -> int:
        """How many rows are of that kind."""
        return sum(step.kind == kind for step in self.steps)

    def lines(self, kind: str) -> list[Step]:
        """The rows of that kind, in the file's order."""
        return [step for step in self.steps if step.kind == kind]


def plan(content: bytes) -> Plan:
    """What importing the file would do now. Nothing is written."""
    rows, bad = file.read(content)
    known: dict[str, FaqEntry] = {each.question: each for each in FaqEntry.select()}
    products = {each.sku for each in Product.select(Product.sku)}
    steps, bad = [], list(bad)
    for row in rows:
        wrong = _complaint(row, products)
        if wrong:
            bad.append(file.BadRow(row.line, wrong))
        else:
            steps.append(_step(row, known.get(row.question)))
    return Plan(tuple(steps), tuple(sorted(bad, key=lambda each: each.line)))


def carry_out(planned: Plan, by: int | None = None) -> None:
    """Write what the plan says. Doing it twice changes nothing."""
    database.require_transaction()
    for step in planned.steps:
        if step.kind != SAME:
            said = step.content
            entries.save(
                said.question,
                said.answer,
                said.paraphrases,
                said.tags,
                product=said.product,
                card=said.card,
                by=by,
            )


def rows() -> list[file.Row]:
    """The entries in use, for `file.write`."""
    return [
        file.Row(
            0,
            each.question,
            each.answer,
            tuple(each.paraphrase_list),
            tuple(each.tag_list),
            each.product,
            each.card,
        )
        for each in entries.in_use().order_by(FaqEntry.id)
    ]


def keep_upload(content: bytes, name: str, staff_id: int) -> int:
    """Store a file until the person who sent it confirms it; older unconfirmed ones are deleted after a day."""
    database.require_transaction()
    now = localtime.now()
    FaqUpload.delete().where(FaqUpload.uploaded_at < now - UPLOAD_LASTS).execute()
    made: int = FaqUpload.insert(
        content=content, name=name[:200], staff_id=staff_id, uploaded_at=now
    ).execute()
    return made


def find_upload(upload_id: int, staff_id: int) -> FaqUpload | None:
    """The person's own uploaded file, or None."""
    found: FaqUpload | None = FaqUpload.get_or_none(FaqUpload.id == upload_id, FaqUpload.staff_id == staff_id)
    return found


def drop_upload(upload_id: int) -> bool:
    """Delete an uploaded file. False when it is gone already."""
    database.require_transaction()
    return bool(FaqUpload.delete().where(FaqUpload.id == upload_id).execute() == 1)


def _step(row: file.Row, there: FaqEntry | None) -> Step:
    """What the row does; a column missing from the file leaves the stored value."""
    before = there.content if there else Content(row.question, "")
    content = Content(
        row.question,
        row.answer,
        before.paraphrases if row.paraphrases is None else row.paraphrases,
        before.tags if row.tags is None else row.tags,
        before.product if row.product is None else row.product,
        before.card if row.card is None else card.compact(row.card),
    )
    if there is None:
        return Step(row.line, ADDED, content)
    in_use = there.withdrawn_at is None
    return Step(row.line, SAME if in_use and before == content else CHANGED, content, before)


def _complaint(row: file.Row, products: set[str]) -> str | None:
    if row.product and row.product not in products:
        return f"商品「{row.product}」が登録されていません。商品番号をお確かめください。"
    fault = card.fault_of(row.card) if row.card else None
    return f"カードの{fault.place or '全体'}: {fault.reason}" if fault else None
