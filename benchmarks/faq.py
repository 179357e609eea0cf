"""Measures the FAQ search on a folder of questions: `python benchmarks/faq.py DIR`.

The folder holds `faq.jsonl` (id, question, answer) and `queries.jsonl` (query, relevant: ids; kind). Queries that
nothing answers, small talk among them, have an empty `relevant`. What the figures mean stands beside each function.
With `--meaning` the model of requirements-meaning.txt is asked too, as the worker does.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import faq_model
from support.faq_search import LONGEST_QUERY, Entry, Index, Verdict

SMALL_TALK = "chitchat"
DEPTH = 10


@dataclass(frozen=True)
class Query:
    """One thing a customer wrote, the entries that answer it, and what kind of words it is."""

    text: str
    relevant: frozenset[int]
    kind: str


def precision_at_1(ranked: Sequence[int], relevant: Collection[int]) -> float:
    """1 when the first entry is right, else 0."""
    return float(bool(ranked) and ranked[0] in relevant)


def reciprocal_rank(ranked: Sequence[int], relevant: Collection[int]) -> float:
    """1 for a right entry in first place, 1/2 in second …; 0 when none is there. Its mean is MRR."""
    return next((1 / place for place, entry in enumerate(ranked, 1) if entry in relevant), 0.0)


def success_at(depth: int, ranked: Sequence[int], relevant: Collection[int]) -> float:
    """1 when any of the first `depth` is right, else 0."""
    return float(any(entry in relevant for entry in ranked[:depth]))


def recall_at(depth: int, ranked: Sequence[int], relevant: Collection[int]) -> float:
    """The share of the right entries that are among the first `depth`."""
    return len(set(ranked[:depth]) & set(relevant)) / len(relevant)


def auroc(positive: Iterable[float], negative: Iterable[float]) -> float | None:
    """The chance that a positive stands above a negative, a tie counting half; None when a side is empty."""
    ups, downs = sorted(positive), sorted(negative)
    if not ups or not downs:
        return None
    won = 0.0
    below = level = 0
    for value in ups:
        while below < len(downs) and downs[below] < value:
            below += 1
        level = max(level, below)
        while level < len(downs) and downs[level] <= value:
            level += 1
        won += below + (level - below) / 2
    return won / (len(ups) * len(downs))


def mean(values: Iterable[float]) -> float | None:
    """The mean; None when there is nothing to take it of."""
    given = list(values)
    return sum(given) / len(given) if given else None


def load(folder: Path) -> tuple[list[Entry], list[Query]]:
    """Entries and queries of the folder; ids become the entries' places."""
    stock = list(_rows(folder / "faq.jsonl"))
    places = {row["id"]: place for place, row in enumerate(stock)}
    entries = [
        Entry(places[row["id"]], row["question"], row["answer"], tuple(row.get("paraphrases", ())))
        for row in stock
    ]
    queries = [
        Query(row["query"], frozenset(places[name] for name in row["relevant"]), row["kind"])
        for row in _rows(folder / "queries.jsonl")
    ]
    return entries, queries


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


Nearness = Callable[[str], dict[int, float] | None]
"""The cosine of some words and each entry, by its id."""


def by_words_alone(_words: str) -> None:
    """No model of meaning."""


def by_meaning(entries: list[Entry]) -> Nearness:
    """The model of meaning with all entries read."""
    model = faq_model.load()
    vectors = [
        model.vector(entry.question, entry.answer)
        if entry.question
        else model.vector(entry.answer[: faq_model.ANSWER_READ], "")
        for entry in entries
    ]
    ids = [entry.id for entry in entries]
    return lambda words: dict(zip(ids, model.cosines(words[:LONGEST_QUERY], vectors), strict=True))


def measure(
    entries: list[Entry], queries: list[Query], near: Nearness = by_words_alone
) -> dict[str, float | None]:
    """All figures by name."""
    index = Index(entries)
    nearness = {query: near(query.text) for query in queries}
    matches = {query: index.rank(query.text, DEPTH, nearness[query]) for query in queries}
    ranked = {query: [match.entry_id for match in found] for query, found in matches.items()}
    best = {query: next(iter(found), None) for query, found in matches.items()}
    decided = {query: index.decide(query.text, nearness[query]) for query in queries}
    answerable = [query for query in queries if query.relevant]
    talk = [query for query in queries if query.kind == SMALL_TALK]
    outright = [query for query in answerable if decided[query].verdict is Verdict.ANSWER_OUTRIGHT]
    offered = [query for query in answerable if decided[query].verdict is Verdict.OFFER_TITLES]

    def confidence(some: Iterable[Query]) -> list[float]:
        return [match.confidence if (match := best[query]) else 0.0 for query in some]

    def score(some: Iterable[Query]) -> list[float]:
        return [match.score if (match := best[query]) else 0.0 for query in some]

    def any_right(some: Iterable[Query]) -> float | None:
        return mean(success_at(DEPTH, decided[query].entry_ids, query.relevant) for query in some)

    def share_of_talk(verdict: Verdict) -> float | None:
        return mean(decided[query].verdict is verdict for query in talk)

    return {
        "P@1": mean(precision_at_1(ranked[query], query.relevant) for query in answerable),
        "MRR": mean(reciprocal_rank(ranked[query], query.relevant) for query in answerable),
        "SR@5": mean(success_at(5, ranked[query], query.relevant) for query in answerable),
        "R@10": mean(recall_at(DEPTH, ranked[query], query.relevant) for query in answerable),
        "AUROC questions over small talk, by confidence": auroc(confidence(answerable), confidence(talk)),
        "AUROC questions over small talk, by score": auroc(score(answerable), score(talk)),
        "coverage: questions answered outright": len(outright) / len(answerable) if answerable else None,
        "P@1 of those": any_right(outright),
        "questions offered titles": len(offered) / len(answerable) if answerable else None,
        "right title among the offered": any_right(offered),
        "small talk answered outright": share_of_talk(Verdict.ANSWER_OUTRIGHT),
        "small talk offered titles": share_of_talk(Verdict.OFFER_TITLES),
        **_cost(entries, queries, near),
    }


def _cost(entries: list[Entry], queries: list[Query], near: Nearness) -> dict[str, float | None]:
    tracemalloc.start()
    index = Index(entries)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    spent = []
    for query in queries:
        started = time.process_time_ns()
        index.decide(query.text, near(query.text))
        spent.append((time.process_time_ns() - started) / 1e6)
    return {
        "ms CPU a query, median": statistics.median(spent) if spent else None,
        "ms CPU a query, worst": max(spent, default=None),
        "MB held by the index": held / 1e6,
    }


def main() -> None:
    """Print the figures, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder with faq.jsonl and queries.jsonl")
    parser.add_argument(
        "--grow-to", type=int, default=0, help="repeat the entries up to so many: a large stock"
    )
    parser.add_argument("--meaning", action="store_true", help="ask the model of meaning too")
    given = parser.parse_args()
    entries, queries = load(given.folder)
    for place in range(len(entries), given.grow_to):
        entry = entries[place % len(entries)]
        entries.append(Entry(place, entry.question, entry.answer, entry.paraphrases))
    print(f"{len(entries)} entries, {len(queries)} queries in {given.folder}")
    near = by_meaning(entries) if given.meaning else by_words_alone
    for name, figure in measure(entries, queries, near).items():
        print(f"{name:>48}  {'nothing to measure' if figure is None else f'{figure:.3f}'}")


if __name__ == "__main__":
    main()
