"""Loads the questions that the FAQ search is measured with: those in the repository, or those of any folder.

`faq_messages.jsonl` holds messages as customers may write them on LINE, each with the questions of the
entries that answer it (`relevant`), those that are acceptable too (`also_right`), and how it is written
(`kind`). `no_entry` is near the shop's business, but no entry answers it; `chitchat` is small talk.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from support.faq import file
from support.faq.search import Entry

STOCK = Path(file.__file__).parent.parent / "faq_stock.csv"
MESSAGES = Path(__file__).with_name("faq_messages.jsonl")
CHITCHAT = "chitchat"


@dataclass(frozen=True)
class Query:
    """One message of a customer, the entries that answer it, those that are acceptable, and its kind."""

    text: str
    relevant: frozenset[int]
    kind: str
    also_right: frozenset[int] = frozenset()

    @property
    def right(self) -> frozenset[int]:
        """Every acceptable entry."""
        return self.relevant | self.also_right

    @property
    def is_held_out(self) -> bool:
        """Whether the message is in the half that no constant was fitted on: by its checksum, so that new
        messages are assigned by chance."""
        return zlib.crc32(self.text.encode()) % 2 == 1


def load(folder: Path) -> tuple[list[Entry], list[Query]]:
    """Entries and queries of the folder: `faq.jsonl` (id, question, answer, perhaps paraphrases) and
    `queries.jsonl` (query, relevant: ids, kind); ids are replaced by the entries' positions."""
    stock = list(_rows(folder / "faq.jsonl"))
    places = {row["id"]: place for place, row in enumerate(stock)}
    entries = [
        Entry(places[row["id"]], row["question"], row["answer"], tuple(row.get("paraphrases", ())))
        for row in stock
    ]
    return entries, _queries(folder / "queries.jsonl", places)


def shipped() -> tuple[list[Entry], list[Query]]:
    """The FAQ that new shops begin with, and the messages for it."""
    rows, _ = file.read(STOCK.read_bytes())
    entries = [
        Entry(place, row.question, row.answer, row.paraphrases or ()) for place, row in enumerate(rows)
    ]
    return entries, _queries(MESSAGES, {entry.question: entry.id for entry in entries})


def without_paraphrases(entries: Iterable[Entry]) -> list[Entry]:
    """The entries without their paraphrases, as in a shop that wrote none."""
    return [replace(entry, paraphrases=()) for entry in entries]


def grown(entries: list[Entry], count: int) -> list[Entry]:
    """That many entries, made by repeating these: to measure a large FAQ."""
    return [replace(entries[place % len(entries)], id=place) for place in range(max(count, len(entries)))]


def _queries(path: Path, places: dict[str, int]) -> list[Query]:
    return [
        Query(
            row["query"],
            frozenset(places[name] for name in row["relevant"]),
            row["kind"],
            frozenset(places[name] for name in row.get("also_right", ())),
        )
        for row in _rows(path)
    ]


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
