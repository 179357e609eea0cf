"""Stores orders that wait for the owner's answer, and the answers.

A parked order with an unknown state or currency is not counted. Other questions are about orders that are
counted: how much was refunded, whether a number is a guest's. `parked_decisions.py` carries out the answers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from peewee import CharField, IntegerField, TextField, fn

from bot import localtime, notices
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from bot.notices import notice_text
from customers.orders.order import Order

NOTICE = "orders-parked"


class Reason(StrEnum):
    """Why the owner is asked."""

    STATE = "state"
    CURRENCY = "currency"
    NUMBER = "number"
    """One customer number with addresses that have nothing in common; each order counts for its own
    address."""
    PARTLY = "partly"
    """Partly refunded, and the amount is not given; counted as a whole until then."""
    REFUND = "refund"
    """A refund that is not in yen, not finished, or without an amount."""
    AGAIN = "again"
    """Reversed here, and reported again as an order that counts; it stays reversed."""


COUNTED = (Reason.NUMBER, Reason.PARTLY, Reason.REFUND, Reason.AGAIN)
"""Questions about orders that are counted; the others are about orders that are not."""


class Closed(StrEnum):
    """How the question was closed."""

    UNDERSTOOD = "understood"
    """A later report answered it. It opens again when the question comes again."""
    TAKEN = "taken"
    LEFT_OUT = "left_out"
    UNPAID = "unpaid"
    REVERSED = "taken_back"
    ANSWERED = "answered"
    CONFLICT = "conflict"


class ParkedOrder(Model):
    """A question about one order. `content` is the order in stored form, with addresses hashed."""

    reason = CharField(16)
    word_key = CharField(100)
    word = CharField(100)
    order_number = CharField(80, index=True)
    source = CharField(32)
    place = CharField(200, default="")
    """Where it was reported: file and line."""
    amount = CharField(60, default="")
    content = TextField(default="")
    parked_at = UtcDateTimeField()
    closed_at = UtcDateTimeField(null=True)
    closed_by = IntegerField(null=True)
    outcome = CharField(24, default="")

    class Meta:
        table_name = "parked_order"
        indexes = (
            (("order_number", "reason", "word_key"), True),
            (("closed_at", "reason", "word_key"), False),
        )

    def order(self) -> Order:
        """The order as it was reported."""
        return Order.model_validate_json(self.content)


class OrderMeaning(Model):
    """What a word, a currency or a customer number means, according to the owner."""

    kind = CharField(16)
    word_key = CharField(100)
    word = CharField(100)
    meaning = CharField(24)
    decided_at = UtcDateTimeField()
    decided_by = IntegerField(null=True)

    class Meta:
        table_name = "order_meaning"
        indexes = ((("kind", "word_key"), True),)


@dataclass(frozen=True, slots=True)
class Question:
    """The question about an order: the reason, the word (a state, a currency, a number) and where it was
    found."""

    reason: Reason
    word: str = ""
    word_key: str = ""
    place: str = ""
    amount: str = ""


def park(
    order_number: str, source: str, question: Question, order: Order | None = None, *, announce: bool = True
) -> bool:
    """Stores the order, or the question about it, once. False when a person has closed it before.

    Callers that park many use `announce=False` and call `refresh_notice` once.
    """
    require_transaction()
    now = localtime.now()
    written: dict[str, Any] = {
        "word": question.word[:100],
        "source": source,
        "place": question.place[:200],
        "amount": question.amount[:60],
        "content": order.model_dump_json() if order is not None else "",
    }
    row: dict[str, Any] = {
        "reason": question.reason,
        "word_key": question.word_key[:100],
        "order_number": order_number[:80],
    }
    if insert_once(ParkedOrder, **row, **written, parked_at=now) is None:
        may_open = ParkedOrder.closed_at.is_null() | (ParkedOrder.outcome == Closed.UNDERSTOOD)
        same = (
            (ParkedOrder.order_number == row["order_number"])
            & (ParkedOrder.reason == row["reason"])
            & (ParkedOrder.word_key == row["word_key"])
        )
        opened = ParkedOrder.update(**written, closed_at=None, outcome="").where(same, may_open).execute()
        if not opened:
            return False
    if announce:
        refresh_notice()
    return True


def close(order_numbers: Collection[str], reasons: Collection[Reason], word_key: str | None = None) -> int:
    """Closes these questions (about that word), since they are answered; returns how many were open."""
    require_transaction()
    open_ones = ParkedOrder.closed_at.is_null() & ParkedOrder.reason.in_(list(reasons))
    if word_key is not None:
        open_ones &= ParkedOrder.word_key == word_key
    # Nearly always there is none: queried first, so that an order takes no lock for it.
    found: Any = (
        ParkedOrder.select(ParkedOrder.id)
        .where(ParkedOrder.order_number.in_(list(order_numbers)), open_ones)
        .tuples()
    )
    ids = [row_id for (row_id,) in found]
    if not ids:
        return 0
    finish(ids, Closed.UNDERSTOOD)
    return len(ids)


def finish(ids: Collection[int], outcome: Closed, by: int | None = None) -> int:
    """Closes these questions with that outcome; returns how many of them were open."""
    require_transaction()
    count = (
        ParkedOrder.update(closed_at=localtime.now(), closed_by=by, outcome=outcome)
        .where(ParkedOrder.id.in_(list(ids)), ParkedOrder.closed_at.is_null())
        .execute()
    )
    refresh_notice()
    return int(count)


def find_open(row_id: int) -> ParkedOrder | None:
    """The question with this id, while it is open."""
    return ParkedOrder.get_or_none(ParkedOrder.id == row_id, ParkedOrder.closed_at.is_null())


def open_count() -> int:
    """How many questions wait for the owner."""
    return int(ParkedOrder.select().where(ParkedOrder.closed_at.is_null()).count())


def uncounted_yen(limit: int = 200) -> int:
    """What the orders come to that are not counted while they wait, in yen; of the oldest so many. Those in another
    currency are left out."""
    rows = open_orders(Reason.STATE, limit=limit)
    return sum(row.order().total_yen for row in rows if row.content)


def open_words(reason: Reason) -> list[tuple[str, str, int]]:
    """The unknown words, most frequent first: key, word and how many orders wait for it."""
    rows: Any = (
        ParkedOrder.select(ParkedOrder.word_key, fn.MIN(ParkedOrder.word), fn.COUNT(ParkedOrder.id))
        .where(ParkedOrder.closed_at.is_null(), ParkedOrder.reason == reason)
        .group_by(ParkedOrder.word_key)
        .order_by(fn.COUNT(ParkedOrder.id).desc(), ParkedOrder.word_key)
        .tuples()
    )
    return [(str(key), str(word), int(count)) for key, word, count in rows]


def open_orders(reason: Reason, word_key: str | None = None, limit: int = 200) -> list[ParkedOrder]:
    """The open questions for this reason (and word), oldest first."""
    query = ParkedOrder.select().where(ParkedOrder.closed_at.is_null(), ParkedOrder.reason == reason)
    if word_key is not None:
        query = query.where(ParkedOrder.word_key == word_key)
    return list(query.order_by(ParkedOrder.id).limit(limit))


def meanings(kind: Reason) -> dict[str, str]:
    """The owner's answers of this kind, by the word's key."""
    rows: Any = (
        OrderMeaning.select(OrderMeaning.word_key, OrderMeaning.meaning)
        .where(OrderMeaning.kind == kind)
        .tuples()
    )
    return {str(key): str(meaning) for key, meaning in rows}


def decided() -> list[OrderMeaning]:
    """All answers, newest first."""
    return list(OrderMeaning.select().order_by(OrderMeaning.id.desc()))


def give_meaning(kind: Reason, word_key: str, word: str, meaning: str, by: int | None) -> None:
    """Stores the owner's answer; a newer one replaces an older."""
    require_transaction()
    said: dict[str, Any] = {"meaning": meaning, "decided_at": localtime.now(), "decided_by": by}
    if insert_once(OrderMeaning, kind=kind, word_key=word_key[:100], word=word[:100], **said) is None:
        OrderMeaning.update(said).where(
            OrderMeaning.kind == kind, OrderMeaning.word_key == word_key[:100]
        ).execute()


def forget_meaning(meaning_id: int) -> OrderMeaning | None:
    """Deletes an answer: the word is unknown again, and orders taken because of it stay."""
    require_transaction()
    row: OrderMeaning | None = OrderMeaning.get_or_none(OrderMeaning.id == meaning_id)
    if row is not None:
        row.delete_instance()
    return row


def refresh_notice() -> None:
    """Updates the owner's notice with the number of open questions, or removes it."""
    count = open_count()
    if not count:
        notices.take_down(NOTICE)
        return
    sentence = notice_text(
        "確認が必要な注文が%(count)s件あります（読めない状態の言葉・円以外の通貨・金額の分からない返金など）。"
        "「お店」の「保留した注文」を開いて、どう扱うか選んでください。",
        count=f"{count:,}",
    )
    if not notices.notify(NOTICE, sentence):
        notices.change(NOTICE, sentence)


erasure.deleted(
    ParkedOrder,
    lambda who: (
        ParkedOrder.order_number.in_(who.order_numbers)
        | ((ParkedOrder.reason == Reason.NUMBER) & ParkedOrder.word.in_(who.customer_numbers))
    ),
)
erasure.deleted(
    OrderMeaning,
    lambda who: (OrderMeaning.kind == Reason.NUMBER) & OrderMeaning.word.in_(who.customer_numbers),
)
