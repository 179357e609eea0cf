"""Which steps of the tour were done: by what is in the shop's database since the demo was set up, or because a step's
page was opened. Stored in the demo's folder, so that the tour goes on where it was left."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import peewee

from bot.db import database
from bot.queue.outbox import OutboxMessage
from customers.orders.tables import Purchase
from support.tickets.tickets import Ticket
from surveys.nps.answers import SurveyAnswer

FILE = "tour.json"
PROMOTERS = 9
"""From this score on, the answer is the one that the tour asks for."""
BY_STAFF = OutboxMessage.staff_id.is_null(False)
NEW_ROWS: dict[str, tuple[type[peewee.Model], peewee.Expression | None]] = {
    "score": (SurveyAnswer, SurveyAnswer.score >= PROMOTERS),
    "order": (Purchase, None),
    "low": (Ticket, None),
    "reply": (OutboxMessage, BY_STAFF),
}
"""The steps that are done when there is a newer row of this kind."""


class Progress:
    """The tour's progress in one demo."""

    def __init__(self, folder: Path) -> None:
        self._file, self._lock = folder / FILE, threading.Lock()

    def begin(self) -> None:
        """Remember what the shop has now; a demo that is continued keeps what it had."""
        if not self._file.exists():
            newest = {key: _newest(*kind) for key, kind in NEW_ROWS.items()}
            self._file.write_text(json.dumps({"newest": newest, "done": []}))

    def done(self) -> Sequence[str]:
        """The keys of the steps that were done. A step stays done."""
        with self._lock:
            stored = json.loads(self._file.read_text())
            try:
                came = [
                    key
                    for key, kind in NEW_ROWS.items()
                    if key not in stored["done"] and _newest(*kind) > stored["newest"][key]
                ]
            finally:
                database.close()
            if came:
                stored["done"] += came
                self._file.write_text(json.dumps(stored))
            return list(stored["done"])

    def mark(self, key: str) -> None:
        """Record that a step was done that leaves no row."""
        with self._lock:
            stored = json.loads(self._file.read_text())
            if key not in stored["done"]:
                stored["done"].append(key)
                self._file.write_text(json.dumps(stored))


def _newest(table: type[peewee.Model], only: peewee.Expression | None) -> int:
    """The highest id of such rows; 0 without any."""
    query = table.select(peewee.fn.MAX(table._meta.primary_key))
    return int((query if only is None else query.where(only)).scalar() or 0)
